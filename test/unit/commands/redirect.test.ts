import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenForRedirect } from '../../../src/commands/login/redirect.ts';

describe('the listener for the browser', () => {
  it('gives up after its time, and says where to go instead', async () => {
    const listener = await listenForRedirect();
    await expect(listener.answer(() => true, 10)).rejects.toMatchObject({
      message: 'the browser did not come back in time',
      hint: expect.stringContaining('login --sso'),
    });
    listener.close();
  });

  it('frees its port', async () => {
    const { port, close } = await listenForRedirect();
    close();
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
