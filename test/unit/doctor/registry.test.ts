import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { parseChallenge } from '../../../src/doctor/challenge.ts';
import { createContext } from '../../../src/doctor/diagnose.ts';
import { exchange } from '../../../src/doctor/exchange.ts';
import { proxyFor } from '../../../src/doctor/proxy.ts';
import { registry } from '../../../src/doctor/registry.ts';
import type { HttpRequest, HttpResponse } from '../../../src/http.ts';
import { parseRegistryHost, type RegistryHost } from '../../../src/registry-host.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  header: (name) => headers[name] ?? null,
  body: JSON.stringify(body),
});

const challenge = (realm: string) =>
  reply(401, {}, { 'www-authenticate': `Bearer realm="${realm}", service="registry"` });

async function examine(answers: Record<string, HttpResponse>, server = 'us.icr.io') {
  const env = { ...makeHome().env, ICR_API_KEY: 'k'.repeat(44), ICR_CREDENTIAL_KIND: 'iamapikey' };
  const app = createApp(testSystem({ env }));
  const asked: HttpRequest[] = [];
  const http = async (request: HttpRequest) => {
    asked.push(request);
    return answers[request.url] ?? reply(404, {});
  };
  const context = {
    ...createContext(app, parseRegistryHost(server) as RegistryHost),
    http: async () => http,
  };
  return { findings: await registry.run(context), asked };
}

const V2 = 'https://us.icr.io/v2/';
const TOKEN = 'https://us.icr.io/oauth/token';

describe('the check of the registry', () => {
  it('shows the login with Basic, and to nobody but the registry itself', async () => {
    const { findings, asked } = await examine({
      [V2]: challenge(TOKEN),
      [`${TOKEN}?service=registry`]: reply(200, {}),
    });
    expect(findings.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(asked[0]?.headers).not.toHaveProperty('Authorization');
    expect(asked[1]?.headers['Authorization']).toBe(`Basic ${btoa(`iamapikey:${'k'.repeat(44)}`)}`);
  });

  it.each([
    'https://evil.example/oauth/token',
    'https://us.icr.io.evil.example/oauth/token',
    'https://us.icr.io:8443/oauth/token',
    'https://user@evil.example/',
    'http://us.icr.io/oauth/token',
  ])('sends nothing to %s', async (realm) => {
    const { findings, asked } = await examine({ [V2]: challenge(realm) });
    expect(findings).toEqual([
      expect.objectContaining({ status: 'failure', title: expect.stringContaining('nothing is sent there') }),
    ]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    [500, 'fails with HTTP 500'],
    [200, 'answers HTTP 200, but not as a registry does'],
    [401, 'answers HTTP 401, but not as a registry does'],
  ])('%i without a challenge is no registry', async (status, words) => {
    const { findings } = await examine({ [V2]: reply(status, {}) });
    expect(findings).toEqual([expect.objectContaining({ status: 'failure', title: `us.icr.io ${words}` })]);
  });

  it('believes the token and not its status about what may be done', async () => {
    const access = [{ type: 'repository', name: 'team/app', actions: [] }];
    const token = unsignedToken({ access });
    const { findings } = await examine(
      {
        [V2]: challenge(TOKEN),
        [`${TOKEN}?service=registry`]: reply(200, {}),
        [`${TOKEN}?service=registry&scope=repository%3Ateam%2Fapp%3Apull`]: reply(200, { token }),
      },
      'us.icr.io/team/app:v1',
    );
    expect(findings.at(-1)).toMatchObject({
      status: 'failure',
      title: expect.stringContaining('no role gives access to us.icr.io/team/app'),
    });
  });

  it('shows no login that IAM has refused', async () => {
    const app = createApp(testSystem({ env: { ...makeHome().env, ICR_API_KEY: 'k' } }));
    const host = parseRegistryHost('us.icr.io') as RegistryHost;
    const context = {
      ...createContext(app, host),
      http: async () => async () => challenge(TOKEN),
      known: { credentialFails: true as const },
    };
    expect((await registry.run(context)).map(({ status }) => status)).toEqual(['ok', 'skipped']);
    const offline = { ...context, known: { iamFails: true as const } };
    expect(await exchange.run(offline)).toMatchObject([{ status: 'skipped' }]);
  });
});

describe('a challenge', () => {
  it.each([
    ['Bearer realm="https://us.icr.io/oauth/token",service="registry"', 'registry'],
    ['Bearer realm="https://us.icr.io/oauth/token", service="registry", scope="x"', 'registry'],
    ['bearer service="s" , realm="https://us.icr.io/oauth/token"', 's'],
    ['Bearer realm="https://us.icr.io/oauth/token"', 'registry'],
  ])('%s', (header, service) => {
    expect(parseChallenge(header)).toEqual({ realm: TOKEN, service });
  });

  it.each([null, '', 'Basic realm="https://us.icr.io/"', 'Bearer', 'Bearer realm="x"'])(
    '%s is none',
    (header) => {
      expect(parseChallenge(header)).toBeNull();
    },
  );
});

describe('the proxy', () => {
  const url = new URL('https://iam.cloud.ibm.com/identity/token');
  it.each([
    [{}, null],
    [{ HTTPS_PROXY: 'http://anna:word@proxy:3128/' }, { variable: 'HTTPS_PROXY', address: 'proxy:3128' }],
    [
      { https_proxy: 'proxy:3128', HTTPS_PROXY: 'http://b:1' },
      { variable: 'https_proxy', address: 'proxy:3128' },
    ],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a, .ibm.com' }, null],
    [
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'bm.com' },
      { variable: 'HTTPS_PROXY', address: 'p:1' },
    ],
    [{ HTTPS_PROXY: 'http://p:1', no_proxy: '*' }, null],
    [{ HTTPS_PROXY: 'http://%' }, { variable: 'HTTPS_PROXY', address: 'something that is no URL' }],
  ])('%o', (env, proxy) => {
    expect(proxyFor(url, env)).toEqual(proxy);
  });

  it.each([
    ['::1', null],
    ['[::1]', null],
    ['1', 'HTTPS_PROXY'],
    ['::2', 'HTTPS_PROXY'],
  ])('IPv6, NO_PROXY=%s', (exceptions, variable) => {
    const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: exceptions };
    expect(proxyFor(new URL('https://[::1]:8443'), env)?.variable ?? null).toBe(variable);
  });
});
