// Debian's packages of another architecture, unpacked into a folder: what programs for it need under qemu-user.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../release/tools.mjs';

/** Has Node 20.19, the oldest that is served. */
const SUITE = 'trixie';

/** Debian's archive, as this machine reaches it. */
function archive() {
  const targets = succeed('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const uri = targets.split('\n').find((line) => /\/debian\/?$/.test(line));
  if (!uri) throw new Error('apt knows no archive of Debian: this check runs on Debian only');
  return uri;
}

/**
 * @param {string} folder
 * @param {string} architecture Debian's name
 * @param {readonly string[]} packages with all that they depend on
 * @returns {string} the root to run programs with
 */
export function foreignRoot(folder, architecture, packages) {
  const apt = join(folder, 'apt');
  const root = join(folder, 'root');
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(apt, part), { recursive: true });
  for (const part of ['lib', 'lib64']) mkdirSync(join(root, 'usr', part), { recursive: true });
  for (const part of ['lib', 'lib64']) symlinkSync(`usr/${part}`, join(root, part));
  writeFileSync(join(apt, 'sources.list'), `deb ${archive()} ${SUITE} main\n`);
  writeFileSync(join(apt, 'state/status'), '');
  const settings = {
    'Dir::State': join(apt, 'state'),
    'Dir::State::status': join(apt, 'state/status'),
    'Dir::Cache': join(apt, 'cache'),
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  succeed('apt-get', [...options, 'update', '-qq']);
  const install = ['install', '-y', '-qq', '--download-only', '--no-install-recommends'];
  succeed('apt-get', [...options, ...install, ...packages]);
  const archives = join(apt, 'cache/archives');
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    succeed('dpkg-deb', ['--extract', join(archives, file), root]);
  return root;
}
