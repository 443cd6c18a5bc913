import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Identity } from '../fakes/iam/identities.ts';
import { isRunning } from './is-running.ts';
import { type LocalIam, startLocalIam } from './local-iam.ts';

const DOUBLE = fileURLToPath(new URL('../fakes/ibmcloud.mjs', import.meta.url));

export type CliMode = 'normal' | 'slow' | 'failing' | 'hanging' | 'wordless' | 'same token' | 'chatter';

export interface LoginOptions {
  /** How long ago, seconds; tokens live for an hour. */
  age?: number;
  /** config.json, somewhere else than ~/.bluemix. */
  file?: string;
  /** Other content of config.json. */
  changes?: Record<string, unknown>;
}

export interface CliRun {
  args: string[];
  env: Record<string, string>;
}

/** The double of the ibmcloud CLI, on PATH, and what it did. */
export interface IbmcloudCli {
  /** Absolute path of the program. */
  program: string;
  /** `~/.bluemix/config.json` */
  file: string;
  setMode(mode: CliMode): void;
  /** As `ibmcloud login` leaves its file. */
  logIn(user: Identity, options?: LoginOptions): Promise<void>;
  read(): Record<string, unknown>;
  runs(): CliRun[];
  /** What it wrote last; null for nothing. */
  written(): string | null;
  /** Whether one that hangs still does; its child is not ours to end. */
  isRunning(): boolean;
}

/** A local IAM, a home, and the CLI on PATH: `env` is for the helper. */
export async function startWithCli(settings: object = {}): Promise<LocalIam & { cli: IbmcloudCli }> {
  const local = await startLocalIam(settings);
  const cli = install(local);
  return { ...local, cli, env: { ...local.env, PATH: `${dirname(cli.program)}:${local.env['PATH']}` } };
}

function install({ home, iam, url }: LocalIam): IbmcloudCli {
  const bin = join(home.folder, 'bin');
  const notes = join(home.folder, 'cli-notes');
  mkdirSync(bin);
  mkdirSync(notes);
  const program = join(bin, 'ibmcloud');
  // The real one, a Go program, takes SSL_CERT_FILE itself.
  const start = `NODE_EXTRA_CA_CERTS="$SSL_CERT_FILE" exec ${process.execPath} ${DOUBLE} ${notes} "$@"`;
  writeFileSync(program, `#!/bin/sh\n${start}\n`);
  chmodSync(program, 0o755);
  const note = (name: string) => {
    const path = join(notes, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  const lines = (name: string) => (note(name) ?? '').split('\n').filter((line) => line !== '');
  onTestFinished(() => [...lines('pids'), ...lines('children')].forEach((pid) => void stop(Number(pid))));
  const setMode = (mode: CliMode) => writeFileSync(join(notes, 'mode'), mode);
  setMode('normal');
  const file = join(home.folder, '.bluemix/config.json');
  return {
    program,
    file,
    setMode,
    logIn: async (user, options = {}) => {
      const { age = 0, changes = {} } = options;
      const config = { ...(await loginOf(user, age, { iam, url })), ...changes };
      writeConfig(options.file ?? file, config);
    },
    read: () => JSON.parse(readFileSync(file, 'utf8')),
    runs: () => lines('runs').map((line) => JSON.parse(line)),
    written: () => note('written'),
    isRunning: () => lines('pids').some(isRunning),
  };
}

function stop(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** config.json as the CLI writes it; IAM's log is left without a trace of it. */
async function loginOf(user: Identity, age: number, { iam, url }: Pick<LocalIam, 'iam' | 'url'>) {
  const { now } = iam;
  iam.now = () => now() - age * 1000;
  const response = await iam.handle(
    new Request(`${url}/identity/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from('bx:bx').toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
        apikey: iam.addApiKey(user),
      }),
    }),
  );
  iam.now = now;
  iam.exchanges.pop();
  const { access_token, refresh_token } = JSON.parse(await response.text());
  return {
    APIEndpoint: 'https://cloud.ibm.com',
    IsPrivate: false,
    IsAccessFromVPC: false,
    Region: 'us-south',
    IAMEndpoint: url,
    IAMPrivateEndpoint: '',
    IAMToken: `Bearer ${access_token}`,
    IAMRefreshToken: refresh_token,
    IsLoggedInAsCRI: false,
    Account: { GUID: user.account, Name: 'An account', Owner: user.iamId },
    PluginRepos: [{ Name: 'IBM Cloud', URL: 'https://plugins.cloud.ibm.com' }],
    SSLDisabled: false,
    SDKVersion: '1.0.0',
  };
}

export function writeConfig(file: string, config: object): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}
