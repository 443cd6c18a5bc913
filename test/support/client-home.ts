import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './accounts.ts';
import { EXECUTABLE } from './executable.ts';
import { type Home, makeHomeIn } from './home.ts';
import { type CommandOptions, command, type Finished, succeed } from './processes.ts';

/** A home with the clients' configuration in it, as a user of the helper has it. */
export interface ClientHome extends Home {
  /** Runs a client to a good end. */
  run(program: string, args: readonly string[], input?: string): Promise<Finished>;
  /** Runs a client to any end. */
  attempt(program: string, args: readonly string[], input?: string): Promise<Finished>;
  /** An OCI layout with one small image of its own, as `oci:FOLDER:v1`. */
  image: string;
  cleanUp(): void;
}

export interface ClientHomeOptions {
  caFile: string;
  env?: Record<string, string>;
  /** Where credHelpers stand; docker reads only its own file. */
  configured?: 'docker' | 'containers' | 'both';
  user?: Account;
}

export const HOSTS = ['us.icr.io', 'de.icr.io', 'private.us.icr.io', 'icr.io'];

export async function makeClientHome(options: ClientHomeOptions): Promise<ClientHome> {
  const folder = mkdtempSync(join(tmpdir(), 'icr-client-'));
  const { configured = 'both', user } = options;
  const env = {
    SSL_CERT_FILE: options.caFile,
    PATH: `${user ? copyExecutable(folder) : dirname(EXECUTABLE)}:/usr/sbin:/usr/bin:/sbin:/bin`,
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    ...options.env,
  };
  const home = makeHomeIn(folder, env);
  if (configured !== 'containers') writeConfig(join(folder, '.docker/config.json'));
  if (configured !== 'docker') writeConfig(join(folder, 'run/containers/auth.json'));
  writeStorage(folder);
  if (user) handOver(folder, user);
  const commandOptions = (input = ''): CommandOptions => ({ env: home.env, cwd: folder, input, ...user });
  const run = (program: string, args: readonly string[], input?: string) =>
    succeed(program, args, commandOptions(input));
  return {
    ...home,
    run,
    attempt: (program, args, input) => command(program, args, commandOptions(input)),
    image: await makeImage(folder, run),
    cleanUp: home.remove,
  };
}

/** The checkout may lie where another user cannot look. */
function copyExecutable(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  copyFileSync(EXECUTABLE, join(bin, 'docker-credential-icr'));
  return bin;
}

function writeConfig(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const credHelpers = Object.fromEntries(HOSTS.map((host) => [host, 'icr']));
  writeFileSync(file, JSON.stringify({ credHelpers }, null, 2), { mode: 0o600 });
}

/** Plain folders: no overlay file system, no mounts, so that it works for every user. */
function writeStorage(folder: string): void {
  const storage = join(folder, 'storage');
  writeFileSync(
    join(folder, 'storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${storage}"\nrunroot = "${join(folder, 'run/storage')}"\n[storage.options.vfs]\nignore_chown_errors = "true"\n`,
  );
  writeFileSync(
    join(folder, 'containers.conf'),
    '[engine]\nevents_logger = "file"\ncgroup_manager = "cgroupfs"\n',
  );
}

function handOver(folder: string, { uid, gid }: Account): void {
  for (const path of [
    '',
    '.docker',
    '.docker/config.json',
    'run',
    'run/containers',
    'run/containers/auth.json',
    'storage.conf',
    'containers.conf',
  ]) {
    chownSync(join(folder, path), uid, gid);
  }
  chmodSync(folder, 0o700);
}

async function makeImage(folder: string, run: ClientHome['run']): Promise<string> {
  const layout = join(folder, 'layout');
  await run('umoci', ['init', '--layout', layout]);
  await run('umoci', ['new', '--image', `${layout}:v1`]);
  return `oci:${layout}:v1`;
}
