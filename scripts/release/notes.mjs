// The notes of a release: what CHANGELOG.md says of the version, and the hashes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { PRODUCT } from './product.mjs';

/** @param {string} sums as in SHA256SUMS */
export function releaseNotes(sums) {
  const { name, version } = PRODUCT;
  return `# ${name} ${version}\n\n${changes()}## SHA-256\n\n\`\`\`\n${sums}\`\`\`\n`;
}

/** The version's own section, with what stands below its heading. */
function changes() {
  const file = join(root, 'CHANGELOG.md');
  if (!existsSync(file)) return '';
  const sections = readFileSync(file, 'utf8').split(/^## /m).slice(1);
  const found = sections.find((section) => /^\[?v?([\d.]+)/.exec(section)?.[1] === PRODUCT.version);
  return found ? `${found.slice(found.indexOf('\n')).trim()}\n\n` : '';
}
