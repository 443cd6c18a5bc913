import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CredentialSource } from '../../../src/sources/source.ts';
import { blocksOf, root } from '../../support/documents.ts';
import { hostOf } from '../../support/registry-host.ts';
import { testSystem } from '../../support/test-system.ts';

/** The source of docs/adding-a-source.md, as it stands there. */
const folder = mkdtempSync(join(tmpdir(), 'icr-example-'));
const file = join(folder, 'systemd-credential.ts');
const credentials = join(folder, 'credentials');

beforeAll(() => {
  const [example] = blocksOf('docs/adding-a-source.md').filter(({ language }) => language === 'ts');
  const text = example?.text ?? '';
  writeFileSync(file, text.replaceAll("'../", `'${root}src/`).replaceAll("'./", `'${root}src/sources/`));
  mkdirSync(credentials);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function find(env: Record<string, string>, host = 'us.icr.io') {
  const { systemdCredential } = await import(file);
  const made: CredentialSource = systemdCredential({ system: testSystem({ env }), settings: {} });
  return made.find(hostOf(host));
}

it('passes over what is not there', async () => {
  expect(await find({})).toBeNull();
  expect(await find({ CREDENTIALS_DIRECTORY: credentials })).toBeNull();
});

it('finds the key, for the hosts of its IAM', async () => {
  writeFileSync(join(credentials, 'icr-api-key'), 'k1\n', { mode: 0o600 });
  const env = { CREDENTIALS_DIRECTORY: credentials };
  expect(await find(env)).toMatchObject({ type: 'api-key', fingerprint: 'value:k1' });
  expect(await find(env, 'stg.icr.io')).toBeNull();
});

it('refuses one that everybody can read', async () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  writeFileSync(join(open, 'icr-api-key'), 'k1\n', { mode: 0o644 });
  await expect(find({ CREDENTIALS_DIRECTORY: open })).rejects.toMatchObject({ code: 'bad-input' });
});
