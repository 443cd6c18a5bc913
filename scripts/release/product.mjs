// What is released, described once: the npm package, the .deb, the .rpm, the Homebrew formula and the
// Scoop manifest are made from this.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

const { name, version, description, license, engines } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** What only who publishes knows; without it a release is for trying. */
export const VARIABLES = {
  maintainer: 'ICR_RELEASE_MAINTAINER',
  homepage: 'ICR_RELEASE_HOMEPAGE',
  downloads: 'ICR_RELEASE_URL',
};
const given = (/** @type {keyof typeof VARIABLES} */ field) => process.env[VARIABLES[field]] || null;
const PLACEHOLDER = 'https://example.com/docker-credential-icr';

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
  /** A name, and an address that gets mail. */
  maintainer: given('maintainer') ?? 'The docker-credential-icr authors <docker-credential-icr@example.com>',
  /** The page of the repository, which git clones from too. */
  homepage: given('homepage') ?? PLACEHOLDER,
  /** Where the files of this version are downloaded from. */
  downloads: given('downloads') ?? `${PLACEHOLDER}/v${version}`,
  /** @type {string} the oldest that is served */
  node,
  /** What the executable for glibc was built against. */
  glibc: '2.17',
};

/** A name that nobody can have (RFC 2606). @param {string} value */
export const isPlaceholder = (value) => value.includes('example.com');
