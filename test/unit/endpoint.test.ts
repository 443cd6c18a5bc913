import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/config/settings.ts';
import { issuerForEnvironment, issuerForStored, parseIssuer } from '../../src/iam/endpoint.ts';
import { testSystem } from '../support/test-system.ts';

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
  });
});

describe('an endpoint', () => {
  it.each([
    ['https://iam.cloud.ibm.com/', IBM],
    ['https://IAM.cloud.ibm.com:443', IBM],
    ['https://iam.cloud.ibm.com/identity/token', IBM],
    ['https://gateway.example/iam/identity', 'https://gateway.example/iam'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
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
  ])('%s is not IBM’s', (value) => {
    expect(issuerForStored(PUBLIC_HOST, context(value))).toBe(IBM);
  });
});
