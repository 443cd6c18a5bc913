import { describe, expect, it } from 'vitest';
import { parseGoDuration } from '../../fakes/kubelet/go-json.ts';
import { lookUp, matches } from '../../fakes/kubelet/match.ts';
import { createPluginProvider, type Pod } from '../../fakes/kubelet/plugin-provider.ts';
import { decodeConfig, decodeResponse, type ProviderConfig } from '../../fakes/kubelet/types.ts';

describe('the kubelet’s patterns (examples of the Kubernetes documentation)', () => {
  it.each([
    ['123456789.dkr.ecr.us-east-1.amazonaws.com', '123456789.dkr.ecr.us-east-1.amazonaws.com/app', true],
    ['*.azurecr.io', 'team.azurecr.io/app', true],
    ['*.azurecr.io', 'azurecr.io/app', false],
    ['*.azurecr.io', 'a.b.azurecr.io/app', false],
    ['gcr.io', 'gcr.io/project/app', true],
    ['*.*.registry.io', 'a.b.registry.io/app', true],
    ['*.*.registry.io', 'a.registry.io/app', false],
    ['registry.io:8080/path', 'registry.io:8080/path/app', true],
    ['registry.io:8080/path', 'registry.io/path/app', false],
    ['registry.io:8080/path', 'registry.io:8080/other/app', false],
    ['k8s.*.io', 'k8s.gcr.io/pause', true],
    ['app*.k8s.io', 'app-1.k8s.io/app', true],
    ['*.io', 'k8s.io.example/app', false],
    ['*.k8s.io', 'xk8sxio/app', false],
    // A prefix of text, not of parts.
    ['us.icr.io/team', 'us.icr.io/team2/app', true],
  ])('%s and %s: %s', (pattern, image, expected) => {
    expect(matches(pattern, image)).toBe(expected);
  });

  it('offers the most specific first', () => {
    const auth = { 'icr.io': 1, '*.icr.io': 2, 'us.icr.io': 3, 'us.icr.io/ns': 4 };
    expect(lookUp(auth, 'us.icr.io/ns/app')).toEqual([4, 3, 2]);
  });
});

it.each([
  ['0', 0],
  ['0s', 0],
  ['300s', 300_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['250ms', 250],
  ['5', null],
  ['', null],
  ['1d', null],
  [300, null],
])('a Go duration: %j', (text, expected) => {
  if (expected === null) expect(() => parseGoDuration(text)).toThrow('invalid duration');
  else expect(parseGoDuration(text)).toBe(expected);
});

const RESPONSE = {
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  kind: 'CredentialProviderResponse',
  cacheKeyType: 'Registry',
  cacheDuration: '10s',
  auth: { 'us.icr.io': { username: 'u', password: 'p' } },
};

describe('strict decoding', () => {
  it('takes a response', () => {
    expect(decodeResponse(JSON.stringify(RESPONSE))).toMatchObject({ cacheMs: 10_000, auth: RESPONSE.auth });
    expect(
      decodeResponse(JSON.stringify({ ...RESPONSE, auth: null, cacheDuration: undefined })),
    ).toMatchObject({
      cacheMs: null,
      auth: {},
    });
  });

  it.each([
    [{ ...RESPONSE, extra: 1 }, 'unknown field "extra"'],
    [{ ...RESPONSE, CacheKeyType: 'x' }, 'unknown field "CacheKeyType"'],
    [{ ...RESPONSE, auth: { h: { username: 'u', password: 'p', email: '' } } }, 'unknown field'],
    [{ ...RESPONSE, auth: { h: { username: 'u' } } }, 'Required value'],
    [{ ...RESPONSE, cacheDuration: 10 }, 'invalid duration'],
    [{ ...RESPONSE, kind: 'x' }, 'unexpected Kind'],
    [{ ...RESPONSE, apiVersion: 'v1' }, 'did not match'],
  ])('refuses %#', (response, message) => {
    expect(() => decodeResponse(JSON.stringify(response))).toThrow(message);
  });

  it('refuses a field that is given twice', () => {
    const twice = JSON.stringify(RESPONSE).replace('"kind"', '"cacheKeyType":"Image","kind"');
    expect(() => decodeResponse(twice)).toThrow('unique');
  });

  it.each([
    ['name: a/b', 'provider name'],
    ['name: x, matchImages: []', 'at least 1 item'],
    ['name: x, defaultCacheDuration: null', 'Required value'],
    ['name: x, defaultCacheDuration: 12', 'invalid duration'],
    ['name: x, apiVersion: v1', 'apiVersion'],
    ['name: x, tokenAttributes: {serviceAccountTokenAudience: iam, requireServiceAccount: true}', 'Required'],
    ['name: x, surprise: 1', 'unknown field'],
  ])('a configuration with {%s} is refused', (changes, message) => {
    const provider = [
      'name: x',
      'matchImages: [icr.io]',
      'defaultCacheDuration: 1m',
      'apiVersion: credentialprovider.kubelet.k8s.io/v1',
    ].filter((line) => !changes.includes(`${line.split(':')[0]}:`));
    const text = `apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders: [{${[...provider, changes].join(', ')}}]`;
    expect(() => decodeConfig(text)).toThrow(message);
  });
});

describe('what it remembers', () => {
  const config: ProviderConfig = {
    name: 'x',
    matchImages: ['*.icr.io'],
    defaultCacheDuration: '1h',
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  };
  function kubelet(response: object, changes: Partial<ProviderConfig> = {}) {
    const requests: string[] = [];
    const clock = { now: 0 };
    const provider = createPluginProvider({
      config: { ...config, ...changes },
      now: () => clock.now,
      exec: async (request) => {
        requests.push(request);
        return JSON.stringify({ ...RESPONSE, ...response });
      },
    });
    return { provider, requests, clock };
  }

  it.each([
    ['Registry', ['us.icr.io/a', 'us.icr.io/b', 'de.icr.io/a'], 2],
    ['Image', ['us.icr.io/a', 'us.icr.io/b', 'us.icr.io/a'], 2],
    ['Global', ['us.icr.io/a', 'de.icr.io/b'], 1],
  ])('by %s', async (cacheKeyType, images, calls) => {
    const { provider, requests } = kubelet({ cacheKeyType });
    for (const image of images) await provider.provide(image);
    expect(requests).toHaveLength(calls);
  });

  it('until the end, its own default without one, and nothing for 0s', async () => {
    for (const [cacheDuration, until] of [
      ['10s', 10_000],
      [undefined, 3_600_000],
      ['0s', -1],
    ] as const) {
      const { provider, requests, clock } = kubelet({ cacheDuration });
      await provider.provide('us.icr.io/a');
      clock.now = Math.max(0, until);
      await provider.provide('us.icr.io/a');
      expect(requests).toHaveLength(until < 0 ? 2 : 1);
      clock.now++;
      await provider.provide('us.icr.io/a');
      expect(requests).toHaveLength(until < 0 ? 3 : 2);
    }
  });

  it('asks nobody about other images', async () => {
    const { provider, requests } = kubelet({});
    expect(await provider.provide('docker.io/library/x')).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('apart for each service account, with what it was told to pass on', async () => {
    const tokenAttributes = {
      serviceAccountTokenAudience: 'iam',
      cacheType: 'ServiceAccount' as const,
      requireServiceAccount: true,
      requiredServiceAccountAnnotationKeys: ['a/profile'],
    };
    const { provider, requests } = kubelet({}, { tokenAttributes });
    const pod = (name: string, token: string): Pod => ({
      namespace: 'ns',
      serviceAccount: { name, uid: name, annotations: { 'a/profile': 'P', 'b/other': 'no' } },
      token,
    });
    for (const one of [pod('a', '1'), pod('a', '2'), pod('b', '3')])
      await provider.provide('us.icr.io/a', one);
    expect(requests.map((request) => JSON.parse(request).serviceAccountToken)).toEqual(['1', '3']);
    expect(JSON.parse(requests[0] ?? '').serviceAccountAnnotations).toEqual({ 'a/profile': 'P' });
    expect(await provider.provide('us.icr.io/a')).toEqual([]);
    const echo = kubelet({ auth: { 'us.icr.io': { username: 'u', password: '9' } } }, { tokenAttributes });
    await expect(echo.provider.provide('us.icr.io/a', pod('a', '9'))).rejects.toThrow('as the password');
  });
});
