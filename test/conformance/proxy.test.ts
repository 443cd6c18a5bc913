import { describe, expect, it } from 'vitest';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { startProxy } from '../support/proxy.ts';

describe('a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('named in %s carries the exchange', async (variable) => {
    const { iam, env, url, apiKey } = await startLocalIam();
    const proxy = await startProxy();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey, [variable]: `http://${proxy.address}` });
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeTruthy();
    expect(proxy.tunnels).toEqual([{ target: new URL(url).host, user: null }]);
    expect(iam.tokenRequests()).toBe(1);
  });

  it('may be named without a scheme', async () => {
    const { env, apiKey } = await startLocalIam();
    const proxy = await startProxy();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey, HTTPS_PROXY: proxy.address });
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeTruthy();
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('gets its own credentials', async () => {
    const { env, apiKey } = await startLocalIam();
    const proxy = await startProxy({ user: 'paul', password: 'p@ss' });
    const helper = helperOf({
      ...env,
      ICR_API_KEY: apiKey,
      HTTPS_PROXY: `http://paul:p%40ss@${proxy.address}`,
    });
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeTruthy();
    expect(proxy.tunnels[0]?.user).toBe('paul');
  });

  it('that wants other credentials is one clear line without them', async () => {
    const { env, apiKey } = await startLocalIam();
    const proxy = await startProxy({ user: 'paul', password: 'right' });
    const run = await helperOf({
      ...env,
      ICR_API_KEY: apiKey,
      HTTPS_PROXY: `http://paul:wrong-word@${proxy.address}`,
    }).get('us.icr.io');
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/proxy/i);
    expect(run.stdout).not.toContain('wrong-word');
  });

  it.each(['127.0.0.1', '*', 'other.example,127.0.0.1'])(
    'is passed by for NO_PROXY=%s',
    async (exceptions) => {
      const { env, apiKey } = await startLocalIam();
      const proxy = await startProxy();
      const variables = { HTTPS_PROXY: `http://${proxy.address}`, NO_PROXY: exceptions };
      expect(
        credentialsOf(await helperOf({ ...env, ICR_API_KEY: apiKey, ...variables }).get('us.icr.io')),
      ).toBeTruthy();
      expect(proxy.tunnels).toEqual([]);
    },
  );

  it('that is not there is one clear line', async () => {
    const { env, apiKey } = await startLocalIam();
    const run = await helperOf({ ...env, ICR_API_KEY: apiKey, HTTPS_PROXY: 'http://127.0.0.1:1' }).get(
      'us.icr.io',
    );
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('HTTPS_PROXY') });
  });
});
