import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Iam } from '../fakes/iam.ts';
import { claimsOf } from './claims.ts';
import type { Call } from './crash-points.ts';
import { credentialsOf, helperOf, type Run, runHelper } from './executable.ts';
import type { Home } from './home.ts';
import { addUser } from './local-iam.ts';
import { pause } from './pause.ts';

/** A home, and two people of IBM Cloud who are used nowhere else. */
export interface Subject {
  home: Home;
  env: Record<string, string>;
  iam: Iam;
  name: string;
  keys: { old: string; new: string };
}

/** Something that changes files, and what may be seen of it from outside. */
export interface Scenario {
  name: string;
  /** Seconds that tokens live; an hour if nothing is said. */
  tokenLifetime?: number;
  /** What was there before. */
  prepare(subject: Subject): Promise<void>;
  call(subject: Subject): Call;
  /** Parts that change as a whole, each at its own time. */
  observe(subject: Subject): Promise<string[]>;
  /** What may be lost besides, and why that cannot be helped. */
  mayBe?(part: string, subject: Subject): boolean;
}

export function makeSubject(iam: Iam, home: Home, env: Record<string, string>, name: string): Subject {
  const key = (age: string) => iam.addApiKey(addUser(iam, `${age}-${name}`));
  return { home, env, iam, name, keys: { old: key('old'), new: key('new') } };
}

const OTHER = 'r.example';
const ICR = 'us.icr.io';

const storeCall = (server: string, username: string, secret: string, { env }: Subject): Call => ({
  args: ['store'],
  input: JSON.stringify({ ServerURL: server, Username: username, Secret: secret }),
  env,
});

async function answerOf(server: string, subject: Subject): Promise<string> {
  return describe(await helperOf(subject.env).get(server));
}

/** `old`, `new`, `nobody`, or what went wrong. */
function describe(run: Run): string {
  if (run.code !== 0 && !run.stdout.startsWith('credentials not found'))
    return `failed: ${run.stdout.trim()}`;
  const secret = credentialsOf(run)?.Secret;
  if (secret === undefined) return 'nobody';
  if (!secret.startsWith('ey')) return secret;
  return /^IBMid-(old|new)-/.exec(String(claimsOf(secret)['iam_id']))?.[1] ?? 'somebody else';
}

const storeKey = ({ env, keys }: Subject) => helperOf(env).store(ICR, 'iamapikey', keys.old);

async function storeSession({ env, keys }: Subject): Promise<void> {
  const given = helperOf({ ...env, ICR_API_KEY: keys.old, ICR_CREDENTIAL_KIND: 'iamrefresh' });
  const session = credentialsOf(await given.get(ICR))?.Secret ?? '';
  await helperOf(env).store(ICR, 'iamrefresh', session);
  await makeStaleToken(env);
}

/** At a second's life it is not handed out after a quarter of it. */
async function makeStaleToken(env: Record<string, string>): Promise<void> {
  await helperOf(env).get(ICR);
  await pause(300);
}

const clientFiles = ({ home }: Subject) => [
  join(home.folder, '.docker/config.json'),
  join(home.folder, 'run/containers/auth.json'),
];

/** With what others have written there, passwords among it. */
async function writeClientFiles(subject: Subject): Promise<void> {
  for (const file of clientFiles(subject)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const auths = { [OTHER]: { auth: Buffer.from('anna:password').toString('base64') } };
    writeFileSync(file, JSON.stringify({ auths, credHelpers: { 'gcr.io': 'gcloud' } }, null, '\t'), {
      mode: 0o600,
    });
  }
}

const clientCall = (command: string, { env, home }: Subject): Call => {
  const bin = join(home.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'podman'), '#!/bin/sh\n', { mode: 0o755 });
  return { args: [command, ICR, 'de.icr.io'], input: '', env: { ...env, PATH: `${bin}:/usr/bin:/bin` } };
};

const readAll = (subject: Subject) => clientFiles(subject).map((file) => readFileSync(file, 'utf8'));

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the first store',
    prepare: async () => {},
    call: (subject) => storeCall(OTHER, 'anna', 'new', subject),
    observe: async (subject) => [await answerOf(OTHER, subject)],
  },
  {
    name: 'a store in place of another',
    prepare: async ({ env }) => void (await helperOf(env).store(OTHER, 'anna', 'old')),
    call: (subject) => storeCall(OTHER, 'anna', 'new', subject),
    observe: async (subject) => [await answerOf(OTHER, subject)],
  },
  {
    name: 'an erase',
    prepare: async ({ env }) => void (await helperOf(env).store(OTHER, 'anna', 'old')),
    call: ({ env }) => ({ args: ['erase'], input: OTHER, env }),
    observe: async (subject) => [await answerOf(OTHER, subject)],
  },
  {
    name: 'a logout from ICR',
    prepare: async (subject) => {
      await storeKey(subject);
      await answerOf(ICR, subject);
    },
    call: ({ env }) => ({ args: ['erase'], input: ICR, env }),
    observe: async (subject) => [await answerOf(ICR, subject)],
  },
  {
    name: 'a login in place of another',
    prepare: async (subject) => void (await storeKey(subject)),
    call: ({ env, keys }) => ({
      args: ['login', '--apikey-stdin', '--registry', ICR],
      input: keys.new,
      env,
    }),
    observe: async (subject) => [await answerOf(ICR, subject)],
  },
  {
    name: 'configure',
    prepare: writeClientFiles,
    call: (subject) => clientCall('configure', subject),
    observe: async (subject) => readAll(subject),
  },
  {
    name: 'unconfigure',
    prepare: async (subject) => {
      await writeClientFiles(subject);
      const { args, env } = clientCall('configure', subject);
      await runHelper(args, { env });
    },
    call: (subject) => clientCall('unconfigure', subject),
    observe: async (subject) => readAll(subject),
  },
  {
    name: 'a new token for a key',
    tokenLifetime: 1,
    prepare: async (subject) => {
      await storeKey(subject);
      await makeStaleToken(subject.env);
    },
    call: ({ env }) => ({ args: ['get'], input: ICR, env }),
    observe: async (subject) => [await answerOf(ICR, subject)],
  },
  {
    name: 'the renewal of a session',
    tokenLifetime: 1,
    prepare: storeSession,
    call: ({ env }) => ({ args: ['get'], input: ICR, env }),
    observe: async (subject) => [await answerOf(ICR, subject)],
    // IAM has used the refresh token up, and its successor died with the process.
    mayBe: (part, subject) =>
      part.includes('BXNIM0408E') && wasRefused(subject) && grantedRefreshes(subject) > 1,
  },
];

/** Exchanges of a refresh token of this subject's. */
function refreshes({ iam, name }: Subject) {
  return iam.exchanges.filter(
    ({ form }) =>
      form['grant_type'] === 'refresh_token' && (form['refresh_token'] ?? '').includes(`old-${name}`),
  );
}

const wasRefused = (subject: Subject) => refreshes(subject).at(-1)?.status !== 200;
const grantedRefreshes = (subject: Subject) =>
  refreshes(subject).filter(({ status }) => status === 200).length;
