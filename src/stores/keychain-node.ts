import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { type KeychainBackend, SERVICE } from './secret-store.ts';

/**
 * The same keychain under Node. The addon's calls block until the bus answers, so that no timer of
 * this process could end them: a child of its own can be killed. Request and reply go through
 * pipes, never through arguments. The store is pinned: by default the addon falls back to the
 * kernel keyring without a word, which forgets everything at reboot.
 */
const CHILD = `
const { Entry } = require(process.argv[1]);
const { service, name, verb, value } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const entry = new Entry(service, name, { linux: { store: 'secret-service' } });
const result = verb === 'set' ? entry.setPassword(value) : verb === 'get' ? entry.getPassword() : entry.deletePassword();
require('fs').writeSync(1, JSON.stringify(typeof result === 'string' ? result : null));
`;

/** What libdbus and a keyring's prompt need; nothing with a secret in it. */
const CHILD_ENV = [
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'SystemRoot',
];

/** Ends a child that outlives every deadline of a caller who goes on with something else. */
const CHILD_LIFE_MS = 65_000;

export function openKeychainBackend(): KeychainBackend {
  return {
    get: (name) => call({ verb: 'get', name }),
    set: async (name, value) => void (await call({ verb: 'set', name, value })),
    delete: async (name) => void (await call({ verb: 'delete', name })),
  };
}

async function call(request: { verb: string; name: string; value?: string }): Promise<string | null> {
  const addon = createRequire(import.meta.url).resolve('@napi-rs/keyring');
  const child = spawn(process.execPath, ['-e', CHILD, addon], {
    env: Object.fromEntries(CHILD_ENV.map((name) => [name, process.env[name]])),
    timeout: CHILD_LIFE_MS,
    killSignal: 'SIGKILL',
  });
  // The caller's deadline is its own: waiting for this child must not keep the process alive, and it
  // does not go on asking, or setting, for a process that has given up.
  child.unref();
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.stdin.end(JSON.stringify({ service: SERVICE, ...request }));
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => process.off('exit', kill));
  if (code === 0) return JSON.parse(Buffer.concat(output).toString('utf8'));
  const reason = /Error: (.*)/.exec(Buffer.concat(errors).toString('utf8'))?.[1];
  // What the addon throws where get or delete finds nothing.
  if (reason?.startsWith('No matching entry')) return null;
  throw new Error(reason ?? `the keychain addon ended with ${code}`);
}
