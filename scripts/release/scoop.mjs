// The Scoop manifest: the archives for Windows.
import { archiveName } from './archives.mjs';
import { hashOf } from './homebrew.mjs';
import { PRODUCT } from './product.mjs';
import { jsonOf } from './tools.mjs';

/**
 * @param {Record<string, string>} hashes SHA-256 of each released file
 */
export function scoopManifest(hashes) {
  const { name, version, summary, license, homepage, downloads } = PRODUCT;
  const archive = (/** @type {string} */ cpu) => {
    const file = archiveName({ name: `windows-${cpu}` });
    return { url: `${downloads}/${file}`, hash: hashOf(hashes, file) };
  };
  return jsonOf({
    version,
    description: summary,
    homepage,
    license,
    architecture: { '64bit': archive('x64'), arm64: archive('arm64') },
    bin: `${name}.exe`,
  });
}
