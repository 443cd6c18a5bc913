import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/config/settings.ts';
import { issuerForEnvironment, issuerForStored, parseIssuer } from '../../src/iam/endpoint.ts';
import { testSystem } from '../support/test-system.ts';

const IBM = 'https://iam.cloud.ibm.com';
const PRIVATE = 'https://private.us-south.iam.cloud.ibm.com';
const STAGING = 'https://iam.test.cloud.ibm.com';
const OTHER = 'https://iam.example';

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
    expect(issuerForStored('production', context(variable, configured), verified)).toBe(issuer);
  });

  it('of staging goes to staging', () => {
    expect(issuerForStored('staging', context())).toBe(STAGING);
    expect(issuerForStored('staging', context(PRIVATE))).toBe(STAGING);
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
    expect(issuerForEnvironment('production', context(variable, configured), false)).toBe(issuer);
  });

  it('serves staging only where the endpoint is staging’s', () => {
    expect(issuerForEnvironment('staging', context(), false)).toBeNull();
    expect(issuerForEnvironment('staging', context(STAGING), false)).toBe(STAGING);
  });

  it('from a file goes to no host that the environment alone names', () => {
    expect(() => issuerForEnvironment('production', context(OTHER), true)).toThrow(
      'no key file is sent there',
    );
    expect(() => issuerForEnvironment('production', context(OTHER, OTHER), true)).toThrow(
      'no key file is sent there',
    );
    expect(() => issuerForEnvironment('production', context(undefined, OTHER), true)).toThrow(
      'no key file is sent there',
    );
    expect(issuerForEnvironment('production', context(PRIVATE), true)).toBe(PRIVATE);
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
    expect(issuerForStored('production', context(value))).toBe(IBM);
  });
});
