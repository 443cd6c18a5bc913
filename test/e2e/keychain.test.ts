import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Manner, SLOW, WRONG } from '../support/bus-faults.ts';
import { credentialsOf, EXECUTABLE, helperOf, type Run } from '../support/executable.ts';
import { type Keyring, startKeyring } from '../support/keyring.ts';
import { addUser, type LocalIam, startLocalIam } from '../support/local-iam.ts';
import { command, startDaemon, succeed } from '../support/processes.ts';
import { startSecretBus } from '../support/secret-bus.ts';
import { until } from '../support/until.ts';

/** The real Secret Service: GNOME's keyring on a D-Bus session bus of its own. */
let keyring: Keyring;
let local: LocalIam;
let env: Record<string, string>;

beforeEach(async () => {
  local = await startLocalIam();
  keyring = await startKeyring({ folder: local.home.folder });
  env = { ...local.env, DBUS_SESSION_BUS_ADDRESS: keyring.address };
});
afterEach(() => keyring?.stop());

const withoutBus = () => local.env;
const asKey = (variables: Record<string, string>) =>
  helperOf({ ...variables, ICR_CREDENTIAL_KIND: 'iamapikey' });

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a key in the keychain', () => {
  it('is stored, listed, used and erased there, without a word, and in no file of ours', async () => {
    const helper = helperOf(env);
    expect(await helper.store('us.icr.io', 'iamapikey', local.apiKey)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(JSON.parse((await helper.list()).stdout)).toEqual({ 'us.icr.io': 'iamapikey' });
    expect(credentialsOf(await asKey(env).get('us.icr.io'))?.Secret).toBe(local.apiKey);
    expect(credentialsOf(await helper.get('us.icr.io'))?.Username).toBe('iambearer');
    expect(filesBelow(local.home.dataFolder).filter((file) => file.includes('/secrets/'))).toEqual([]);
    const keyringFile = filesBelow(join(local.home.folder, '.local/share/keyrings')).map((file) =>
      readFileSync(file, 'latin1'),
    );
    expect(keyringFile.join()).not.toContain(local.apiKey);
    await helper.erase('us.icr.io');
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeNull();
  });

  it('is not asked for while a token is fresh', async () => {
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', local.apiKey);
    const first = credentialsOf(await helper.get('us.icr.io'));
    expect(credentialsOf(await helperOf(withoutBus()).get('us.icr.io'))).toEqual(first);
  });

  it('may be longer than Windows allows: sealed in a file, its key in the keychain', async () => {
    const helper = helperOf(env);
    const secret = 'x'.repeat(6000);
    await helper.store('r.example', 'anna', secret);
    expect(credentialsOf(await helper.get('r.example'))?.Secret).toBe(secret);
    const sealed = filesBelow(join(local.home.dataFolder, 'secrets'));
    expect(sealed).toHaveLength(1);
    expect(readFileSync(sealed[0] ?? '', 'latin1')).not.toContain('xxxx');
    await helper.store('r.example', 'anna', 'short');
    expect(credentialsOf(await helper.get('r.example'))?.Secret).toBe('short');
    expect(filesBelow(join(local.home.dataFolder, 'secrets'))).toEqual([]);
  });

  it('serves 40 at once', async () => {
    await helperOf(env).store('us.icr.io', 'iamapikey', local.apiKey);
    const runs = await Promise.all(Array.from({ length: 40 }, () => asKey(env).get('us.icr.io')));
    expect(new Set(runs.map((run) => credentialsOf(run)?.Secret))).toEqual(new Set([local.apiKey]));
  });

  it('takes 20 logins at once and keeps one of them whole', async () => {
    const helper = helperOf(env);
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
    const runs = await Promise.all(names.map((name) => helper.store('r.example', name, `secret of ${name}`)));
    expect(runs.map(({ code }) => code)).toEqual(names.map(() => 0));
    const kept = credentialsOf(await helper.get('r.example'));
    expect(kept?.Secret).toBe(`secret of ${kept?.Username}`);
  });
});

describe('the way to the keychain', () => {
  beforeEach(async () => {
    await helperOf(env).store('us.icr.io', 'iamapikey', local.apiKey);
  });

  const getTraced = async () => {
    const log = join(local.home.folder, 'opened');
    const run = await command('/usr/bin/strace', ['-f', '-e', 'trace=openat', '-o', log, EXECUTABLE, 'get'], {
      env: { ...env, ICR_CREDENTIAL_KIND: 'iamapikey' },
      input: 'us.icr.io',
    });
    return { run, usesLibsecret: readFileSync(log, 'utf8').includes('libsecret') };
  };

  it('is libsecret only where the keyring is locked', async () => {
    expect(await getTraced()).toMatchObject({ run: { code: 0 }, usesLibsecret: false });
    await keyring.lock();
    expect(await getTraced()).toMatchObject({ run: { code: 1 }, usesLibsecret: true });
  });

  /** What `get` says where a bus misbehaves, but not to libsecret. */
  const getFrom = async (manner: Manner, variables: Record<string, string> = {}) => {
    const bus = await startSecretBus({
      path: join(mkdtempSync(join(local.home.folder, 'bus-')), 'bus'),
      secret: 'not this one',
      say: manner.say,
      realBus: keyring.address.replace('unix:path=', ''),
    });
    const run = await asKey({ ...env, ...variables, DBUS_SESSION_BUS_ADDRESS: bus.address }).get('us.icr.io');
    return { what: manner.what, stdout: run.stdout, others: bus.others() };
  };
  const byLibsecret = ({ what }: Manner) => ({
    what,
    stdout: expect.stringContaining(local.apiKey),
    others: 1,
  });

  it('is libsecret where a bus does something wrong', async () => {
    expect(await Promise.all(WRONG.map((manner) => getFrom(manner)))).toEqual(WRONG.map(byLibsecret));
  });

  it('is libsecret where a bus takes long, and somebody may be typing', async () => {
    const answers = await Promise.all(SLOW.map((manner) => getFrom(manner, { DISPLAY: ':4242' })));
    expect(answers).toEqual(SLOW.map(byLibsecret));
  });

  it('leads to a prompt, and a hint where nobody answers it, when the keyring was locked', async () => {
    const log = join(local.home.folder, 'monitor');
    const monitor = await startDaemon('/usr/bin/dbus-monitor', ['--session'], {
      env,
      logFile: log,
      isReady: () => readFileSync(log, 'utf8').includes('NameLost'),
    });
    onTestFinished(() => monitor.stop());
    const service = [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.secrets',
      '/org/freedesktop/secrets',
    ];
    const collection = 'array:objpath:/org/freedesktop/secrets/collection/login';
    const lock = [...service, 'org.freedesktop.Secret.Service.Lock', collection];
    await succeed('/usr/bin/dbus-send', lock, { env });

    const hint = expect.stringContaining('keyring');
    expect(await getTraced()).toMatchObject({ run: { code: 1, stdout: hint }, usesLibsecret: true });
    expect(monitor.log()).toMatch(/Secret\.Prompt; member=Prompt$/m);
  });
});

describe('a keychain that cannot be reached while the record says the secret is there', () => {
  beforeEach(async () => {
    await helperOf(env).store('us.icr.io', 'iamapikey', local.apiKey);
  });

  it.each([
    ['no bus in this session', async () => withoutBus()],
    ['a bus that is gone', async () => ({ ...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' })],
    [
      'a locked keyring',
      async () => {
        await keyring.lock();
        return env;
      },
    ],
    ['another keyring', async () => ({ ...env, DBUS_SESSION_BUS_ADDRESS: await startOther() })],
  ])('%s: an error that says so, never not-found', async (_, reach) => {
    const variables = await reach();
    for (const helper of [helperOf(variables), asKey(variables)]) {
      const run = await helper.get('us.icr.io');
      expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('keychain') });
      expect(run.stderr).toBe(run.stdout);
    }
  });

  it('a bus that accepts and never answers: a line within the deadline', async () => {
    const run = await asKey({ ...env, DBUS_SESSION_BUS_ADDRESS: await startSilentBus() }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('no answer within 3 s') });
  });

  it.each([0, 30, 300, 700, 1500, 3000])(
    'a bus that is gone after %i bytes: the key or one line, never an end without a word',
    async (bytes) => {
      const run = await asKey({
        ...env,
        DBUS_SESSION_BUS_ADDRESS: await startBreakingBus(keyring.address, bytes),
      }).get('us.icr.io');
      if (run.code === 0) expect(credentialsOf(run)?.Secret).toBe(local.apiKey);
      else expect(run).toMatchObject({ code: 1, stdout: expect.stringMatching(/^[^\n]*keychain[^\n]*\n$/) });
    },
  );

  it.each([
    // Read without libsecret, whose connection stays.
    ['iambearer', 0],
    ['iamrefresh', 1],
  ])(
    'a bus that is gone while IAM is asked for %s: the answer, which needs it no more',
    async (kind, connections) => {
      const run = await getWhileBusEnds({ ...env, ICR_CREDENTIAL_KIND: kind }, { connections });
      expect(credentialsOf(run)?.Username).toBe(kind);
    },
  );

  it('a bus that is gone while a session is renewed, whose successor it should keep: one line', async () => {
    const given = helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    await helperOf(env).store('de.icr.io', 'iamrefresh', session);
    const run = await getWhileBusEnds(env, { host: 'de.icr.io', connections: 1 });
    expect(run).toMatchObject({ code: 1, stdout: expect.stringMatching(/^[^\n]*keychain[^\n]*\n$/) });
    expect(run.stderr).toBe(run.stdout);
  });

  it('a bus that denies: one line', async () => {
    const address = await startOther({ isDenied: true });
    const run = await asKey({ ...env, DBUS_SESSION_BUS_ADDRESS: address }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringMatching(/^[^\n]*keychain[^\n]*\n$/) });
    expect(run.stdout).toMatch(/AccessDenied|rejected|denied/i);
  });

  it('comes back when the keyring is unlocked', async () => {
    await keyring.lock();
    expect((await asKey(env).get('us.icr.io')).code).toBe(1);
    await keyring.unlock();
    expect(credentialsOf(await asKey(env).get('us.icr.io'))?.Secret).toBe(local.apiKey);
  });

  it('an erase that cannot reach it says what is left, answers no more, and a later one finishes', async () => {
    const failed = await helperOf(withoutBus()).erase('us.icr.io');
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('is still in the keychain') });
    expect(credentialsOf(await helperOf(env).get('us.icr.io'))).toBeNull();
    expect(await helperOf(env).erase('us.icr.io')).toMatchObject({ code: 0 });
    await helperOf(env).store('us.icr.io', 'iamapikey', local.apiKey);
  });

  it('new logins do not go elsewhere', async () => {
    const run = await helperOf(withoutBus()).store('de.icr.io', 'iamapikey', local.apiKey);
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('keychain') });
    expect(credentialsOf(await helperOf(env).get('de.icr.io'))).toBeNull();
  });

  it('the way out that the message names works, and the old secret goes as soon as it can', async () => {
    local.home.configure({ iamEndpoint: local.url, store: 'file' });
    const login = await helperOf(withoutBus()).store('us.icr.io', 'iamapikey', local.apiKey);
    expect(login).toMatchObject({ code: 0, stderr: expect.stringContaining('is still in the keychain') });
    expect(credentialsOf(await asKey(withoutBus()).get('us.icr.io'))?.Secret).toBe(local.apiKey);
    expect((await helperOf(env).erase('us.icr.io')).code).toBe(0);
    expect(await helperOf(withoutBus()).erase('us.icr.io')).toMatchObject({ code: 0, stderr: '' });
  });

  it('an entry that somebody deleted is an error too', async () => {
    for (const file of filesBelow(join(local.home.folder, '.local/share/keyrings'))) rmSync(file);
    await keyring.unlock();
    expect(await asKey(env).get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('log in again'),
    });
  });
});

describe('a machine without a keychain', () => {
  it('keeps the key in a sealed file, and says so once, when it stores', async () => {
    const helper = helperOf(withoutBus());
    const store = await helper.store('us.icr.io', 'iamapikey', local.apiKey);
    expect(store).toMatchObject({ code: 0, stdout: '' });
    expect(store.stderr).toMatch(/^docker-credential-icr: no keychain is used: .*\n$/);
    expect(await asKey(withoutBus()).get('us.icr.io')).toMatchObject({ code: 0, stderr: '' });
  });

  it('stays with it when a keychain turns up', async () => {
    await helperOf(withoutBus()).store('us.icr.io', 'iamapikey', local.apiKey);
    const another = local.iam.addApiKey(addUser(local.iam, 'berta'));
    expect((await helperOf(env).store('de.icr.io', 'iamapikey', another)).stderr).toContain(
      'no keychain is used',
    );
    expect(credentialsOf(await asKey(withoutBus()).get('de.icr.io'))?.Secret).toBe(another);
  });

  it('is left by a setting', async () => {
    local.home.configure({ iamEndpoint: local.url, store: 'file' });
    expect((await helperOf(env).store('us.icr.io', 'iamapikey', local.apiKey)).stderr).toContain(
      'no keychain is used',
    );
    local.home.configure({ iamEndpoint: local.url, store: 'keychain' });
    expect((await helperOf(env).store('de.icr.io', 'iamapikey', `${local.apiKey}x`)).stderr).toBe('');
    expect(credentialsOf(await asKey(withoutBus()).get('us.icr.io'))?.Secret).toBe(local.apiKey);
  });
});

async function startOther(options: { isDenied?: boolean } = {}): Promise<string> {
  const folder = mkdtempSync(join(local.home.folder, 'other-'));
  const other = await startKeyring({ folder, ...options });
  onTestFinished(() => other.stop());
  return other.address;
}

async function startSilentBus(): Promise<string> {
  const path = join(local.home.folder, 'silent-bus');
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return `unix:path=${path}`;
}

/** A `get` that has asked IAM when its bus goes away. */
async function getWhileBusEnds(
  variables: Record<string, string>,
  { host = 'us.icr.io', connections }: { host?: string; connections: number },
): Promise<Run> {
  const { address, end } = await startPassingBus(keyring.address);
  const { iam } = local;
  iam.setFault({ kind: 'delay', milliseconds: 2_000 });
  const before = iam.exchanges.length;
  const run = helperOf({ ...variables, DBUS_SESSION_BUS_ADDRESS: address }).get(host);
  await until('IAM is asked', () => iam.exchanges.length > before);
  expect(end()).toBe(connections);
  return run;
}

/** A bus that passes everything on, until its connections end; how many there were. */
async function startPassingBus(address: string): Promise<{ address: string; end(): number }> {
  const path = join(local.home.folder, 'passing-bus');
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    const bus = connect(address.replace('unix:path=', ''));
    for (const socket of [client, bus]) socket.on('error', () => {});
    client.on('close', () => {
      clients.delete(client);
      bus.destroy();
    });
    bus.on('close', () => client.destroy());
    bus.pipe(client).pipe(bus);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  const end = () => {
    const count = clients.size;
    server.close();
    for (const client of clients) client.destroy();
    return count;
  };
  return { address: `unix:path=${path}`, end };
}

/** A bus that passes this many bytes of its caller's on, and then is gone. */
async function startBreakingBus(address: string, bytes: number): Promise<string> {
  const path = join(local.home.folder, 'breaking-bus');
  const server = createServer((client) => {
    const bus = connect(address.replace('unix:path=', ''));
    let left = bytes;
    for (const [one, other] of [
      [client, bus],
      [bus, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    bus.pipe(client);
    client.on('data', (chunk: Buffer) => {
      bus.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) setTimeout(() => client.destroy(), 20);
    });
    if (bytes === 0) client.destroy();
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return `unix:path=${path}`;
}
