// How the files were made: an in-toto statement with SLSA's predicate (slsa.dev/spec/v1.0/provenance).
// It is not signed here: whoever builds in public signs it with an identity of their own.
import { join } from 'node:path';
import { root } from '../install.mjs';
import { commitHash, isChanged } from './commit.mjs';
import { purl, sha512 } from './components.mjs';
import { PRODUCT } from './product.mjs';
import { versions } from './programs.mjs';
import { jsonOf, sha256 } from './tools.mjs';

/**
 * @typedef {object} Build
 * @property {Record<string, string>} hashes SHA-256 of each released file
 * @property {readonly import('./components.mjs').Component[]} materials what is inside, and what has put it there
 * @property {readonly string[]} platforms
 * @property {boolean} quick
 * @property {number} seconds SOURCE_DATE_EPOCH of the build
 */

/** @param {Build} build */
export function provenance({ hashes, materials, platforms, quick, seconds }) {
  const { name, version, homepage, maintainer, downloads } = PRODUCT;
  return jsonOf({
    _type: 'https://in-toto.io/Statement/v1',
    subject: Object.entries(hashes).map(([file, hash]) => ({ name: file, digest: { sha256: hash } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${homepage}/build/npm-run-release@v1`,
        externalParameters: {
          ...{ version, platforms, quick, SOURCE_DATE_EPOCH: seconds },
          ...{ homepage, maintainer, downloads },
        },
        resolvedDependencies: [
          ...sources(),
          ...['package-lock.json', 'scripts/release/package-lock.json'].map((file) => ({
            name: file,
            digest: { sha256: sha256(join(root, file)) },
          })),
          ...materials.map((component) => ({
            uri: purl(component),
            digest: { sha512: sha512(component) },
          })),
        ],
      },
      runDetails: {
        builder: {
          id: process.env['ICR_RELEASE_BUILDER'] ?? `${homepage}/build/by-hand`,
          version: versions(),
        },
        metadata: { invocationId: process.env['ICR_RELEASE_RUN'] ?? `${name}-${version}` },
      },
    },
  });
}

/** The commit; nothing where there is none, and said so where files were changed since. */
function sources() {
  const hash = commitHash();
  if (hash === null) return [];
  return [
    {
      uri: `git+${PRODUCT.homepage}`,
      digest: { gitCommit: hash },
      ...(isChanged() && { annotations: { changed: true } }),
    },
  ];
}
