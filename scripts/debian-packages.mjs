// The real clients, registry, keyring and shells that the suites run against, from Debian.
import { spawnSync } from 'node:child_process';

const PACKAGES = [
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

const INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES];

/** Null if everything is there or could be installed, else what is missing and how to get it. */
export function preparePackages() {
  if (process.platform !== 'linux') return 'They need Linux.';
  if (missingPackages().length === 0) return null;
  const wanted = process.env['CI'] === 'true' || process.env['ICR_TEST_INSTALL'] === '1';
  if (wanted && process.getuid?.() === 0) install();
  const missing = missingPackages();
  if (missing.length === 0) return null;
  return `Missing: ${missing.join(', ')}. Bring them with: sudo ${INSTALL.join(' ')} (or run as root with ICR_TEST_INSTALL=1)`;
}

function missingPackages() {
  return PACKAGES.filter((name) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own syntax
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev}', name], { encoding: 'utf8' });
    return !stdout?.startsWith('ii');
  });
}

function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of [['apt-get', 'update', '-qq'], INSTALL]) {
    spawnSync(command[0] ?? '', command.slice(1), { env, stdio: ['ignore', 'inherit', 'inherit'] });
  }
}
