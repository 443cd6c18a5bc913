import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import type { ApiKeyCredential, Credential } from '../../../src/credential.ts';
import type { EndpointContext } from '../../../src/iam/endpoint.ts';
import type { Grant } from '../../../src/iam/grants.ts';
import { computeVariables, ibmVariables, ownVariables } from '../../../src/sources/environment.ts';
import type { CredentialSource } from '../../../src/sources/source.ts';
import { keyFile } from '../../support/api-key-file.ts';
import { hostOf } from '../../support/registry-host.ts';
import { testSystem } from '../../support/test-system.ts';

const HOST = hostOf('us.icr.io');
const STAGING_HOST = hostOf('stg.icr.io');
const IBM = 'https://iam.cloud.ibm.com';
const PROFILE = 'Profile-00000000-1111-2222-3333-444444444444';

type Env = Record<string, string>;
const contextOf = (env: Env, settings: Settings = {}) => ({ system: testSystem({ env }), settings });
const find = (source: (context: EndpointContext) => CredentialSource, env: Env, host = HOST) =>
  source(contextOf(env)).find(host);

async function keyOf(credential: Credential | null): Promise<string | null> {
  return credential && 'reveal' in credential ? (await credential.reveal()).reveal() : null;
}

describe('our own variables', () => {
  it('hold a key, or name a file with one', async () => {
    expect(await find(ownVariables, { ICR_API_KEY: ' k1 ' })).toMatchObject({
      type: 'api-key',
      fingerprint: 'value:k1',
      issuer: IBM,
    });
    expect(await keyOf(await find(ownVariables, { ICR_API_KEY: 'k1' }))).toBe('k1');
    expect(await keyOf(await find(ownVariables, { ICR_API_KEY_FILE: keyFile('k2\n') }))).toBe('k2');
  });

  it('the key itself comes first, and an empty one is none', async () => {
    const ICR_API_KEY_FILE = keyFile('k2');
    expect(await keyOf(await find(ownVariables, { ICR_API_KEY: 'k1', ICR_API_KEY_FILE }))).toBe('k1');
    expect(await keyOf(await find(ownVariables, { ICR_API_KEY: '', ICR_API_KEY_FILE }))).toBe('k2');
    expect(await find(ownVariables, { ICR_API_KEY: '', ICR_API_KEY_FILE: '' })).toBeNull();
    expect(await find(ownVariables, {})).toBeNull();
  });

  it('are no @file: that is IBM’s way', async () => {
    expect(await keyOf(await find(ownVariables, { ICR_API_KEY: '@k' }))).toBe('@k');
  });

  it('answer even after a logout, and are named as what they are', () => {
    const source = ownVariables(contextOf({}));
    expect([source.name, source.overridesLogout]).toEqual(['the environment (ICR_API_KEY)', true]);
  });

  it.each([
    [{ ICR_API_KEY: 'two words' }, 'ICR_API_KEY does not hold an IBM Cloud API key'],
    [{ ICR_API_KEY_FILE: '/nowhere' }, 'ICR_API_KEY_FILE names /nowhere, which does not exist'],
  ])('%j is an error', async (env, message) => {
    await expect(find(ownVariables, env)).rejects.toThrow(message);
  });

  it('a changed key is another credential', async () => {
    const [one, other] = await Promise.all(
      ['k1', 'k2'].map((ICR_API_KEY) => find(ownVariables, { ICR_API_KEY })),
    );
    expect((one as ApiKeyCredential).fingerprint).not.toBe((other as ApiKeyCredential).fingerprint);
  });

  it('say nothing to a registry whose users their IAM does not know', async () => {
    expect(await find(ownVariables, { ICR_API_KEY: 'two words' }, STAGING_HOST)).toBeNull();
  });

  it('name a file that goes to nobody but IBM', async () => {
    const env = { ICR_API_KEY_FILE: keyFile('k'), IBMCLOUD_IAM_API_ENDPOINT: 'https://iam.example' };
    await expect(find(ownVariables, env)).rejects.toThrow('nothing from a file is sent there');
    const direct = { ...env, ICR_API_KEY: 'k' };
    expect(await find(ownVariables, direct)).toMatchObject({ issuer: 'https://iam.example' });
  });
});

describe('the variables of IBM’s tools', () => {
  const all = { IBMCLOUD_API_KEY: 'k1', IC_API_KEY: 'k2', BM_API_KEY: 'k3', BLUEMIX_API_KEY: 'k4' };

  it('count in the order of IBM’s tools', async () => {
    const left: Env = { ...all };
    for (const [name, key] of Object.entries(all)) {
      expect(await keyOf(await find(ibmVariables, left))).toBe(key);
      left[name] = '';
    }
    expect(await find(ibmVariables, left)).toBeNull();
  });

  it('may name a file by @', async () => {
    const path = keyFile('k5');
    expect(await keyOf(await find(ibmVariables, { IC_API_KEY: `@${path}` }))).toBe('k5');
    await expect(find(ibmVariables, { IC_API_KEY: '@/nowhere' })).rejects.toThrow(
      'IC_API_KEY names /nowhere',
    );
  });

  it('do not answer after a logout', () => {
    const source = ibmVariables(contextOf({}));
    expect(source.name).toBe('the environment (IBMCLOUD_API_KEY)');
    expect(source).not.toHaveProperty('overridesLogout');
  });
});

describe('the variables of machines', () => {
  const CR = { IBMCLOUD_CR_TOKEN: 'a.b.c', IBMCLOUD_CR_PROFILE: PROFILE };
  const VPC = { IBMCLOUD_CR_VPC_URL: 'http://169.254.169.254' };

  it.each([
    [{}, 'IBMCLOUD_CR_TOKEN'],
    [CR, 'IBMCLOUD_CR_TOKEN'],
    [VPC, 'IBMCLOUD_CR_VPC_URL'],
    [{ ...CR, ...VPC }, 'IBMCLOUD_CR_TOKEN'],
  ])('%j: the source is %s', (env, name) => {
    expect(computeVariables(contextOf(env)).name).toBe(`the environment (${name})`);
  });

  it.each([{}, { IBMCLOUD_CR_TOKEN: '', IBMCLOUD_CR_VPC_URL: '' }, { IBMCLOUD_CR_PROFILE: PROFILE }])(
    '%j is nothing',
    async (env) => {
      expect(await find(computeVariables, env)).toBeNull();
    },
  );

  it('hold the token of a container, whose value is part of what it is', async () => {
    expect(await find(computeVariables, { ...CR, ...VPC })).toMatchObject({
      type: 'token',
      issuer: IBM,
      fingerprint: JSON.stringify(['container', 'value:a.b.c', { id: PROFILE }]),
      shows: `the compute identity of this container, trusted profile ${PROFILE}`,
    });
  });

  it('hold what is shown to IAM', async () => {
    const credential = await find(computeVariables, CR);
    if (credential?.type !== 'token') throw new Error('no token');
    const tokens = { accessToken: 'a', receivedAt: 0, expiresIn: 1 };
    const shown: unknown[] = [];
    const exchange = async ({ form }: Grant, issuer: string) => {
      shown.push(form['cr_token'], issuer);
      return tokens;
    };
    const no = () => Promise.reject(new Error('not asked'));
    expect(await credential.obtain({ exchange, http: no })).toBe(tokens);
    expect(shown).toEqual(['a.b.c', IBM]);
  });

  it('name its file, which is read when it is needed', async () => {
    const env = { ...CR, IBMCLOUD_CR_TOKEN: '@/nowhere' };
    const credential = await find(computeVariables, env);
    expect(credential).toMatchObject({
      fingerprint: JSON.stringify(['container', 'file:/nowhere', { id: PROFILE }]),
    });
    if (credential?.type !== 'token') throw new Error('no token');
    const no = () => Promise.reject(new Error('not asked'));
    await expect(credential.obtain({ exchange: no, http: no })).rejects.toThrow(
      'IBMCLOUD_CR_TOKEN names /nowhere, which does not exist',
    );
  });

  it('name a file that goes to nobody but IBM', async () => {
    const IBMCLOUD_IAM_API_ENDPOINT = 'https://iam.example';
    expect(await find(computeVariables, { ...CR, IBMCLOUD_IAM_API_ENDPOINT })).toMatchObject({
      issuer: 'https://iam.example',
    });
    const env = { ...CR, IBMCLOUD_CR_TOKEN: '@/nowhere', IBMCLOUD_IAM_API_ENDPOINT };
    await expect(find(computeVariables, env)).rejects.toThrow('nothing from a file is sent there');
  });

  it('name the metadata service of a virtual server, with a trusted profile or without', async () => {
    const credential = await find(computeVariables, VPC);
    expect(credential).toMatchObject({
      type: 'token',
      asksIam: false,
      issuer: VPC.IBMCLOUD_CR_VPC_URL,
      shows: 'the compute identity of this virtual server (VPC), its default trusted profile',
    });
    expect(await find(computeVariables, { ...VPC, IBMCLOUD_CR_PROFILE: 'builds' })).toMatchObject({
      shows: 'the compute identity of this virtual server (VPC), trusted profile builds',
    });
    expect(await find(computeVariables, VPC, STAGING_HOST)).toBeNull();
  });

  it('serve no other realm than their IAM’s', async () => {
    expect(await find(computeVariables, CR, STAGING_HOST)).toBeNull();
  });

  it('of which half is there say what is missing', async () => {
    await expect(find(computeVariables, { IBMCLOUD_CR_TOKEN: 'a.b.c' })).rejects.toMatchObject({
      hint: 'set IBMCLOUD_CR_PROFILE to the id, CRN or name of one that trusts this container, or unset IBMCLOUD_CR_TOKEN',
    });
  });

  it.each([
    [
      { IBMCLOUD_CR_TOKEN: 'a.b.c' },
      'bad-input',
      'IBMCLOUD_CR_TOKEN is set, but IBMCLOUD_CR_PROFILE names no trusted profile',
    ],
    [
      { ...CR, IBMCLOUD_CR_TOKEN: 'two words' },
      'bad-input',
      'IBMCLOUD_CR_TOKEN does not hold a compute resource token',
    ],
    [
      { ...CR, IBMCLOUD_CR_PROFILE: '\n' },
      'settings',
      'IBMCLOUD_CR_PROFILE is no id, CRN or name of a trusted profile',
    ],
    [
      { IBMCLOUD_CR_VPC_URL: 'http://attacker.example' },
      'settings',
      'IBMCLOUD_CR_VPC_URL is not the address of an instance metadata service',
    ],
  ])('%j is an error', async (env, code, message) => {
    await expect(find(computeVariables, env)).rejects.toMatchObject({
      code,
      message,
      hint: expect.any(String),
    });
  });
});
