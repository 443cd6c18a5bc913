import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { credentialsOf, helperOf } from '../support/executable.ts';
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

async function storesInFile(env: Record<string, string>): Promise<void> {
  const stored = await helperOf(env).store('r.example', 'anna', 'secret');
  expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining('no keychain is used') });
  expect(credentialsOf(await helperOf(env).get('r.example'))).toMatchObject({ Secret: 'secret' });
}
