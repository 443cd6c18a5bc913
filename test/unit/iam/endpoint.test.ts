import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import {
  issuerForEnvironment,
  issuerForSession,
  issuerForSettings,
  issuerForStored,
  parseIssuer,
  realmOf,
  requireIssuerForFiles,
} from '../../../src/iam/endpoint.ts';
import { testSystem } from '../../support/test-system.ts';

const IBM = 'https://iam.cloud.ibm.com';
const PRIVATE = 'https://private.us-south.iam.cloud.ibm.com';
const STAGING = 'https://iam.test.cloud.ibm.com';
const OTHER = 'https://iam.example';

const PUBLIC_HOST = { realm: 'production', isPrivate: false } as const;
const PRIVATE_HOST = { realm: 'production', isPrivate: true } as const;
const STAGING_HOST = { realm: 'staging', isPrivate: false } as const;

const context = (variable?: string, configured?: string) => ({
  system: testSystem({ env: variable === undefined ? {} : { IBMCLOUD_IAM_API_ENDPOINT: variable } }),
  settings: (configured === undefined ? {} : { iamEndpoint: configured }) satisfies Settings,
});

describe('a stored secret', () => {
  it.each([
    ['nothing else is said', undefined, undefined, undefined, IBM],
    ['the variable names an IBM host', PRIVATE, undefined, undefined, PRIVATE],
    ['the variable names another host', OTHER, undefined, undefined, IBM],
    ['the variable names staging', STAGING, undefined, undefined, IBM],
    ['the variable is no URL', 'x', undefined, undefined, IBM],
    ['the settings name another host', undefined, OTHER, undefined, OTHER],
    ['the settings win over the variable', PRIVATE, OTHER, undefined, OTHER],
    ['it was verified with IBM, and the settings name another host', undefined, OTHER, IBM, IBM],
    ['it was verified with IBM, and the settings name a private endpoint', undefined, PRIVATE, IBM, PRIVATE],
    ['it was verified elsewhere', undefined, undefined, OTHER, OTHER],
    ['it was verified elsewhere, and the variable names IBM', PRIVATE, undefined, OTHER, OTHER],
    ['the settings name staging', undefined, STAGING, undefined, IBM],
  ])('goes where it belongs when %s', (_, variable, configured, verified, issuer) => {
    expect(issuerForStored(PUBLIC_HOST, context(variable, configured), verified)).toBe(issuer);
  });

  it('of staging goes to staging', () => {
    expect(issuerForStored(STAGING_HOST, context())).toBe(STAGING);
    expect(issuerForStored(STAGING_HOST, context(PRIVATE))).toBe(STAGING);
  });
});

describe('a private registry', () => {
  const withPrivate = (changes: Settings = {}) => ({
    system: testSystem(),
    settings: { privateIamEndpoint: PRIVATE, ...changes } satisfies Settings,
  });

  it('prefers the private IAM only where the settings say so', () => {
    expect(issuerForStored(PRIVATE_HOST, context())).toBe(IBM);
    expect(issuerForStored(PRIVATE_HOST, context(undefined, OTHER))).toBe(OTHER);
    expect(issuerForStored(PRIVATE_HOST, withPrivate())).toBe(PRIVATE);
    expect(issuerForStored(PRIVATE_HOST, withPrivate({ iamEndpoint: OTHER }))).toBe(PRIVATE);
    expect(issuerForEnvironment(PRIVATE_HOST, withPrivate(), true)).toBe(PRIVATE);
  });

  it('takes a key there that was verified with the public one, but not one from elsewhere', () => {
    expect(issuerForStored(PRIVATE_HOST, withPrivate(), IBM)).toBe(PRIVATE);
    expect(issuerForStored(PRIVATE_HOST, withPrivate(), OTHER)).toBe(OTHER);
  });

  it('leaves the public ones where they were', () => {
    expect(issuerForStored(PUBLIC_HOST, withPrivate())).toBe(IBM);
    expect(issuerForEnvironment(PUBLIC_HOST, withPrivate(), false)).toBe(IBM);
    expect(issuerForStored(STAGING_HOST, withPrivate())).toBe(STAGING);
  });
});

describe('a secret from the environment', () => {
  it.each([
    [undefined, undefined, IBM],
    [OTHER, undefined, OTHER],
    [OTHER, PRIVATE, OTHER],
    [undefined, OTHER, OTHER],
    [STAGING, undefined, null],
  ])('variable %s, settings %s: %s', (variable, configured, issuer) => {
    expect(issuerForEnvironment(PUBLIC_HOST, context(variable, configured), false)).toBe(issuer);
  });

  it('serves staging only where the endpoint is staging’s', () => {
    expect(issuerForEnvironment(STAGING_HOST, context(), false)).toBeNull();
    expect(issuerForEnvironment(STAGING_HOST, context(STAGING), false)).toBe(STAGING);
  });

  it('from a file goes to no host that the environment alone names', () => {
    expect(() => issuerForEnvironment(PUBLIC_HOST, context(OTHER), true)).toThrow(
      'nothing from a file is sent there',
    );
    expect(() => issuerForEnvironment(PUBLIC_HOST, context(OTHER, OTHER), true)).toThrow(
      'nothing from a file is sent there',
    );
    expect(() => issuerForEnvironment(PUBLIC_HOST, context(undefined, OTHER), true)).toThrow(
      'nothing from a file is sent there',
    );
    expect(issuerForEnvironment(PUBLIC_HOST, context(PRIVATE), true)).toBe(PRIVATE);
    const own = 'http://127.0.0.1:8080';
    expect(() => issuerForEnvironment(PUBLIC_HOST, context(own), true)).toThrow('nothing from a file');
    expect(issuerForEnvironment(PUBLIC_HOST, context(own, own), true)).toBe(own);
  });
});

describe('an endpoint', () => {
  it.each([
    ['https://iam.cloud.ibm.com/', IBM],
    ['https://IAM.cloud.ibm.com:443', IBM],
    ['https://iam.cloud.ibm.com/identity/token', IBM],
    ['https://gateway.example/iam/identity', 'https://gateway.example/iam'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.10.20.30', 'http://127.10.20.30'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
  ])('%s is %s', (value, issuer) => {
    expect(parseIssuer(value, 'here')).toBe(issuer);
  });

  it.each([
    '',
    'iam.cloud.ibm.com',
    'http://iam.cloud.ibm.com',
    'http://localhost',
    'http://127.0.0.1.example',
    'http://192.0.2.1',
    'ftp://iam.cloud.ibm.com',
    'ftp://127.0.0.1',
    'https://user@iam.cloud.ibm.com',
    'https://iam.cloud.ibm.com?x',
    'https://iam.cloud.ibm.com#x',
    'javascript:alert(1)',
  ])('%s is refused', (value) => {
    expect(() => parseIssuer(value, 'here')).toThrow(/^here /);
  });

  it.each([
    'https://iam.cloud.ibm.com.attacker.example',
    'https://attacker.example/iam.cloud.ibm.com',
    'https://xiam.cloud.ibm.com',
    'https://iam.cloud.ibm.com:8443',
    'https://a.b.iam.cloud.ibm.com',
    'https://attacker.example/https://iam.cloud.ibm.com',
  ])('%s is not IBM’s', (value) => {
    expect(issuerForStored(PUBLIC_HOST, context(value))).toBe(IBM);
  });
});

describe('a session of another program', () => {
  it.each([
    ['https://iam.cloud.ibm.com/', undefined, IBM],
    [PRIVATE, undefined, PRIVATE],
    [OTHER, undefined, null],
    [OTHER, OTHER, OTHER],
    ['', undefined, null],
    ['http://iam.cloud.ibm.com', undefined, null],
  ])('of %s, settings %s: %s', (named, configured, issuer) => {
    expect(issuerForSession(named, context(undefined, configured))).toBe(issuer);
  });

  it('may be of the private IAM that the settings name', () => {
    const settings = { privateIamEndpoint: OTHER, iamEndpoint: 'https://iam.other.example' };
    for (const named of [OTHER, settings.iamEndpoint])
      expect(issuerForSession(named, { system: testSystem(), settings })).toBe(named);
  });
});

describe('a key file that the settings name', () => {
  it.each([
    [undefined, undefined, IBM],
    [undefined, PRIVATE, PRIVATE],
    [PRIVATE, undefined, PRIVATE],
    [OTHER, undefined, IBM],
    [undefined, 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    [undefined, STAGING, null],
  ])('variable %s, settings %s: %s', (variable, configured, issuer) => {
    expect(issuerForSettings(PUBLIC_HOST, context(variable, configured))).toBe(issuer);
  });

  it('serves staging only where the settings name it', () => {
    expect(issuerForSettings(STAGING_HOST, context())).toBeNull();
    expect(issuerForSettings(STAGING_HOST, context(undefined, STAGING))).toBe(STAGING);
  });

  it('goes to nobody else', () => {
    expect(() => issuerForSettings(PUBLIC_HOST, context(undefined, OTHER))).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: `${OTHER} is not IBM's: nothing from a file is sent there`,
        hint: 'log in with a key, or give it in ICR_API_KEY',
      }),
    );
  });

  it('may go to IBM or stay on this machine', () => {
    const own = ['http://127.0.0.1:1', 'http://127.250.0.100', 'http://[::1]:1'];
    for (const issuer of [IBM, PRIVATE, STAGING, ...own]) requireIssuerForFiles(issuer);
    for (const issuer of ['https://x127.0.0.1.example', 'https://127.0.0.1x.example', 'https://[::2]'])
      expect(() => requireIssuerForFiles(issuer)).toThrow('nothing from a file');
  });
});

it.each([
  [IBM, 'production'],
  [STAGING, 'staging'],
  ['https://private.us-south.iam.test.cloud.ibm.com', 'staging'],
  ['https://xiam.test.cloud.ibm.com', 'production'],
  ['https://iam.test.cloud.ibm.com.example', 'production'],
  [OTHER, 'production'],
])('%s knows the users of %s', (issuer, realm) => expect(realmOf(issuer)).toBe(realm));

it.each([
  ['iam', 'here is not a URL'],
  ['http://iam.example', 'here does not begin with https://'],
  ['https://:pw@iam.example', 'here holds more than scheme, host and path'],
  ['https://iam.example/?x', 'here holds more than scheme, host and path'],
])('%s: %s', (value, message) => {
  const hint = 'set it to a URL such as https://iam.cloud.ibm.com';
  expect(() => parseIssuer(value, 'here')).toThrow(
    expect.objectContaining({ code: 'bad-input', message, hint }),
  );
});

it.each([
  ['https://gateway.example/iam///', 'https://gateway.example/iam'],
  ['https://gateway.example/identity/x', 'https://gateway.example/identity/x'],
  ['https://gateway.example/xidentity', 'https://gateway.example/xidentity'],
])('%s is %s', (value, issuer) => expect(parseIssuer(value, 'here')).toBe(issuer));

it('an endpoint that cannot be used is named by where it stands', () => {
  const settings = (changes: Settings) => ({ system: testSystem(), settings: changes });
  expect(() => issuerForStored(PUBLIC_HOST, settings({ iamEndpoint: 'x' }))).toThrow(
    'iamEndpoint in the settings',
  );
  expect(() => issuerForStored(PRIVATE_HOST, settings({ privateIamEndpoint: 'x' }))).toThrow(
    'privateIamEndpoint in the settings',
  );
  expect(() => issuerForEnvironment(PUBLIC_HOST, context('x'), false)).toThrow(
    'IBMCLOUD_IAM_API_ENDPOINT is not',
  );
  expect(() => issuerForEnvironment(PUBLIC_HOST, context(OTHER), true)).toThrow(
    expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining('iamEndpoint') }),
  );
});
