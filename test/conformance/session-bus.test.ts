import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ODD, SLOW, WRONG } from '../support/bus-faults.ts';
import { credentialsOf, helperOf, IS_SCRIPT, type Run } from '../support/executable.ts';
import type { Home } from '../support/home.ts';
import { type Say, startSecretBus } from '../support/secret-bus.ts';
import { makeHome } from '../support/test-home.ts';

/** What D-Bus's libraries would do with these addresses, a project's .env may ask for (dbus-daemon(1)). */
describe('an address of the session bus', () => {
  it('that names a program starts none', async () => {
    const home = makeHome();
    const mark = join(home.folder, 'ran');
    for (const address of [
      `unixexec:path=/usr/bin/touch,argv1=${mark}`,
      `unix:path=/nowhere;unixexec:path=/usr/bin/touch,argv1=${mark}`,
    ]) {
      await storesInFile({ ...home.env, DBUS_SESSION_BUS_ADDRESS: address });
      expect(existsSync(mark)).toBe(false);
    }
  });

  it('that names another machine is not called', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const scheme of ['tcp', 'nonce-tcp'])
      await storesInFile({
        ...makeHome().env,
        DBUS_SESSION_BUS_ADDRESS: `${scheme}:host=127.0.0.1,port=${port}`,
      });
    expect(calls).toBe(0);
  });

  it('of a socket that is gone is no keychain', async () => {
    const home = makeHome();
    await storesInFile({ ...home.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${home.folder}/gone%20bus` });
  });
});

/**
 * By the executable's own way to the Secret Service; for libsecret there is nothing on this bus, nor for
 * the addon that asks under Node, which e2e/keychain-node.test.ts shows with a real keyring.
 */
describe.skipIf(IS_SCRIPT)('a session bus that has the secret', () => {
  it.each(ODD)('that $what: the secret', async ({ say }) => {
    const { run, others } = await getFrom({ say });
    expect(credentialsOf(run)).toMatchObject({ Username: 'anna', Secret: SECRET });
    expect(others).toBe(0);
  });

  it('with an abstract name: the secret', async () => {
    // As long as it can be: Node 20 fills up shorter ones with zero bytes.
    const { run, others } = await getFrom({ path: `\0icr-test-${process.pid}`.padEnd(108, 'x') });
    expect(credentialsOf(run)).toMatchObject({ Secret: SECRET });
    expect(others).toBe(0);
  });

  it('below XDG_RUNTIME_DIR: the secret', async () => {
    const { env } = await homeWithSecret();
    await startSecretBus({ path: `${env['XDG_RUNTIME_DIR']}/bus`, secret: VALUE });
    expect(credentialsOf(await helperOf(env).get('r.example'))).toMatchObject({ Secret: SECRET });
  });
});

describe('a session bus', () => {
  it.each(WRONG)('that $what: one line', async ({ say }) => {
    const { run } = await getFrom({ say });
    expect(run).toMatchObject({ code: 1, stdout: expect.stringMatching(/^[^\n]*keychain[^\n]*\n$/) });
    // The addon waits for a right answer as long as it is let.
    if (!IS_SCRIPT) expect(run.stdout).not.toContain('no answer within');
    expect(run.stderr).toBe(run.stdout);
  });

  it('that takes too long, however it does it: one line in time, and libsecret does not wait once more', async () => {
    const line = expect.stringMatching(/^[^\n]*keychain[^\n]* no answer within 3 s[^\n]*\n$/);
    const runs = await Promise.all(
      SLOW.map(async ({ what, say }) => ({ what, ...(await getFrom({ say })) })),
    );
    const wanted = { run: { code: 1, stdout: line, stderr: line }, others: 0 };
    expect(runs).toEqual(SLOW.map(({ what }) => ({ what, ...wanted })));
  });
});

const SECRET = 'secret of anna';
/** As it lies in the keychain. */
const VALUE = JSON.stringify({ username: 'anna', secret: SECRET });

interface Outcome {
  run: Run;
  /** How often libsecret was asked. */
  others: number;
}

async function getFrom({ say, path }: { say?: Say; path?: string }): Promise<Outcome> {
  const { folder, env } = await homeWithSecret();
  const bus = await startSecretBus({
    path: path ?? join(folder, 'bus'),
    secret: VALUE,
    ...(say && { say }),
  });
  const run = await helperOf({ ...env, DBUS_SESSION_BUS_ADDRESS: bus.address }).get('r.example');
  return { run, others: bus.others() };
}

/** A home whose record says that the secret is in the keychain. */
async function homeWithSecret(): Promise<Home> {
  const home = makeHome();
  await helperOf(home.env).store('r.example', 'anna', SECRET);
  const folder = join(home.dataFolder, 'registries');
  const record = join(folder, readdirSync(folder)[0] ?? '');
  writeFileSync(record, readFileSync(record, 'utf8').replace('"file"', '"keychain"'));
  return home;
}

async function storesInFile(env: Record<string, string>): Promise<void> {
  const stored = await helperOf(env).store('r.example', 'anna', 'secret');
  expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining('no keychain is used') });
  expect(credentialsOf(await helperOf(env).get('r.example'))).toMatchObject({ Secret: 'secret' });
}
