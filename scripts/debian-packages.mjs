// The real clients, registry, keyring and shells that the suites run against, and what the benchmarks
// compare with, from Debian.
import { spawnSync } from 'node:child_process';

const SUITES = [
  'buildah',
  'busybox',
  'crun',
  'dbus',
  'docker-registry',
  'docker.io',
  'fish',
  'gnome-keyring',
  'groff-base',
  'iproute2',
  'libsecret-1-0',
  'libsecret-tools',
  'man-db',
  'podman',
  'rpm',
  'shellcheck',
  'skopeo',
  'strace',
  'uidmap',
  'umoci',
  'zip',
  'zsh',
];

/** For the benchmarks alone. */
export const PEERS = [
  'amazon-ecr-credential-helper',
  'curl',
  'dbus',
  'gnome-keyring',
  'golang-docker-credential-helpers',
  'pass',
  'python3',
  'skopeo',
  'time',
];

/**
 * Null if everything is there or could be installed, else what is missing and how to get it.
 * @param {readonly string[]} packages
 * @param {{ mayInstall?: boolean }} options without leave they are installed in CI, or where ICR_TEST_INSTALL says so
 */
export function preparePackages(packages = SUITES, { mayInstall = isWanted() } = {}) {
  if (process.platform !== 'linux') return 'They need Linux.';
  if (missingOf(packages).length === 0) return null;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (mayInstall && process.getuid?.() === 0) runAll([['apt-get', 'update', '-qq'], install]);
  const missing = missingOf(packages);
  if (missing.length === 0) return null;
  return `Missing: ${missing.join(', ')}. Bring them with: sudo ${install.join(' ')} (or run as root with ICR_TEST_INSTALL=1)`;
}

function isWanted() {
  return process.env['CI'] === 'true' || process.env['ICR_TEST_INSTALL'] === '1';
}

/** @param {readonly string[]} packages */
function missingOf(packages) {
  return packages.filter((name) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own syntax
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev}', name], { encoding: 'utf8' });
    return !stdout?.startsWith('ii');
  });
}

/** @param {string[][]} commands */
function runAll(commands) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program = '', ...args] of commands) {
    spawnSync(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  }
}
