// What is released, described once: the npm package, the .deb, the .rpm, the Homebrew formula and the
// Scoop manifest are made from this.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

const { name, version, description, license, engines } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Debian's and RPM's way to say it; both have a package of this name. */
const node = engines.node.replace(/^>=/, '');

export const PRODUCT = {
  /** @type {string} also the program's */
  name,
  /** @type {string} */
  version,
  /** @type {string} one line */
  summary: description,
  description: [
    'Docker, podman, skopeo, buildah and everything else that speaks the',
    'credential helper protocol get short-lived tokens from it, made from an',
    'IBM Cloud API key or session in the keychain of the operating system.',
  ],
  /** @type {string} SPDX */
  license,
  maintainer: 'The docker-credential-icr authors <docker-credential-icr@example.com>',
  homepage: 'https://example.com/docker-credential-icr',
  /** Where the files of this version are downloaded from. */
  downloads: process.env['ICR_RELEASE_URL'] ?? `https://example.com/docker-credential-icr/v${version}`,
  /** @type {string} the oldest that is served */
  node,
  /** What the executable for glibc was built against. */
  glibc: '2.17',
};
