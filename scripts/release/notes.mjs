// The notes of a release: what CHANGELOG.md says of the version, and the hashes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { PRODUCT } from './product.mjs';

/** @param {string} sums as in SHA256SUMS */
export function releaseNotes(sums) {
  const { name, version } = PRODUCT;
  return `# ${name} ${version}\n\n${changes()}## SHA-256\n\n\`\`\`\n${sums}\`\`\`\n`;
}

/** All of it. */
export const changelog = () => readFileSync(join(root, 'CHANGELOG.md'), 'utf8');

/** What stands below the version's own heading. */
function changes() {
  const sections = changelog().split(/^## /m);
  const found = sections.find((section) => section.startsWith(`[${PRODUCT.version}]`));
  if (!found) throw new Error(`CHANGELOG.md says nothing of ${PRODUCT.version}`);
  return `${found.slice(found.indexOf('\n')).trim()}\n\n`;
}
