// What keeps a release from being published: what is fine for trying, and would be wrong in everybody's hands.
import { isPlaceholder, VARIABLES } from './product.mjs';

/**
 * @param {Record<keyof typeof VARIABLES | 'version', string>} product as in product.mjs
 * @param {string} changelog CHANGELOG.md
 * @returns {readonly string[]} a line for each
 */
export function hindrances(product, changelog) {
  const fields = /** @type {readonly (keyof typeof VARIABLES)[]} */ (Object.keys(VARIABLES));
  const heading = changelog.split('\n').find((line) => line.startsWith(`## [${product.version}]`));
  return [
    ...fields
      .filter((field) => isPlaceholder(product[field]))
      .map((field) => `${VARIABLES[field]} is not set: ${product[field]}`),
    ...(/ - \d{4}-\d{2}-\d{2}$/.test(heading ?? '')
      ? []
      : [`CHANGELOG.md has no section for ${product.version} with the day of its release`]),
  ];
}
