import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIam } from '../fakes/iam.ts';
import { startServer } from '../fakes/server.ts';
import { createAuthority } from '../support/certificates.ts';
import { credentialsOf, EXECUTABLE, helperOf } from '../support/executable.ts';
import { addUser } from '../support/local-iam.ts';
import { command } from '../support/processes.ts';
import { startProxy } from '../support/proxy.ts';
import { makeHome } from '../support/test-home.ts';

/** IAM at an address of this machine, with a certificate of an authority that nobody trusts yet. */
async function startIamAt(address: string, host: string) {
  const iam = createIam();
  const authority = await createAuthority();
  const certificate = await authority.issue({ names: [address] });
  const server = await startServer({ handlers: { '*': iam.handle }, certificate, address });
  onTestFinished(() => server.close());
  const home = makeHome();
  const caFile = join(home.folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  home.configure({ iamEndpoint: `https://${host}:${server.port}` });
  const apiKey = iam.addApiKey(addUser(iam, 'anna'));
  return { iam, home, caFile, env: { ...home.env, ICR_API_KEY: apiKey }, port: server.port };
}

describe('IAM over IPv6', () => {
  it('answers at a literal address', async () => {
    const { iam, env, caFile } = await startIamAt('::1', '[::1]');
    const run = await helperOf({ ...env, SSL_CERT_FILE: caFile }).get('us.icr.io');
    expect(credentialsOf(run)?.Username).toBe('iambearer');
    expect(iam.tokenRequests()).toBe(1);
  });

  it.each(['::1', '[::1]'])('is passed by the proxy for NO_PROXY=%s', async (exception) => {
    const { env, caFile } = await startIamAt('::1', '[::1]');
    const proxy = await startProxy();
    const variables = { HTTPS_PROXY: `http://${proxy.address}`, NO_PROXY: exception, SSL_CERT_FILE: caFile };
    expect(credentialsOf(await helperOf({ ...env, ...variables }).get('us.icr.io'))).toBeTruthy();
    expect(proxy.tunnels).toEqual([]);
  });
});

describe('a company’s own authority', () => {
  it('is unknown at first: one line that names the way out', async () => {
    const { env } = await startIamAt('127.0.0.1', '127.0.0.1');
    const run = await helperOf(env).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('SSL_CERT_FILE') });
    expect(run.stdout).not.toContain(env.ICR_API_KEY);
  });

  it.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('is taken from %s', async (variable) => {
    const { env, caFile } = await startIamAt('127.0.0.1', '127.0.0.1');
    expect(credentialsOf(await helperOf({ ...env, [variable]: caFile }).get('us.icr.io'))?.Username).toBe(
      'iambearer',
    );
  });

  it.skipIf(process.getuid?.() !== 0)('is taken from the trust store of the operating system', async () => {
    const { env, caFile } = await startIamAt('127.0.0.1', '127.0.0.1');
    // In a mount namespace of its own, so that this machine's store stays as it is.
    const script = 'mount --bind "$CA" /etc/ssl/certs/ca-certificates.crt && exec "$HELPER" get';
    const variables = { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', CA: caFile, HELPER: EXECUTABLE };
    const run = await command('unshare', ['--mount', 'sh', '-c', script], {
      env: variables,
      input: 'us.icr.io',
    });
    expect(credentialsOf(run)?.Username).toBe('iambearer');
  });
});
