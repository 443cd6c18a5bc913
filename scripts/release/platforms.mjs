// The platforms, and what each is called by whom.

/**
 * @typedef {object} Platform
 * @property {string} name as in the names of archives
 * @property {string} target Bun's name
 * @property {string} runtime the npm package that has Bun for it
 * @property {string} [deb] Debian's name, where there is to be a package
 * @property {string} [rpm] RPM's name, likewise
 */

/** @type {readonly Platform[]} */
export const PLATFORMS = [
  { name: 'linux-x64', target: 'bun-linux-x64', runtime: '@oven/bun-linux-x64', deb: 'amd64', rpm: 'x86_64' },
  {
    ...{ name: 'linux-arm64', target: 'bun-linux-arm64', runtime: '@oven/bun-linux-aarch64' },
    ...{ deb: 'arm64', rpm: 'aarch64' },
  },
  { name: 'linux-x64-musl', target: 'bun-linux-x64-musl', runtime: '@oven/bun-linux-x64-musl' },
  { name: 'linux-arm64-musl', target: 'bun-linux-arm64-musl', runtime: '@oven/bun-linux-aarch64-musl' },
  { name: 'macos-x64', target: 'bun-darwin-x64', runtime: '@oven/bun-darwin-x64' },
  { name: 'macos-arm64', target: 'bun-darwin-arm64', runtime: '@oven/bun-darwin-aarch64' },
  { name: 'windows-x64', target: 'bun-windows-x64', runtime: '@oven/bun-windows-x64' },
  { name: 'windows-arm64', target: 'bun-windows-arm64', runtime: '@oven/bun-windows-aarch64' },
];

/** Linux that Bun has no runtime for; these packages hold the program for Node. */
export const NODE_PLATFORMS = [
  { name: 'linux-s390x', deb: 's390x', rpm: 's390x' },
  { name: 'linux-ppc64le', deb: 'ppc64el', rpm: 'ppc64le' },
];

/** @param {{ name: string }} platform */
export const isWindows = ({ name }) => name.startsWith('windows-');
