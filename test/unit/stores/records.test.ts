import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openRecords, registryRecord } from '../../../src/stores/records.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const secret = { id: '0123456789abcdef'.repeat(2), store: 'file', username: 'iamapikey' };
const record = { version: 1, kind: 'registry', name: 'us.icr.io' };

function recordsWith(content: object) {
  const { dataFolder } = makeHome();
  mkdirSync(`${dataFolder}/registries`, { recursive: true });
  writeFileSync(`${dataFolder}/registries/us.icr.io.json`, JSON.stringify(content));
  return openRecords(dataFolder, testSystem());
}

it.each([
  { ...record, version: 2 },
  { ...record, kind: undefined },
  { ...record, kind: 'toString' },
  { ...record, kind: ['registry'] },
  { ...record, name: 1 },
  { ...record, loggedOut: 'yes' },
  { ...record, renewable: null },
  { ...record, renewable: { ...secret, id: '../../x' } },
  { ...record, renewable: { ...secret, store: 'disk' } },
  { ...record, renewable: { ...secret, issuer: 5 } },
  { ...record, renewable: { ...secret, issuer: 'iam' } },
  { ...record, session: { ...secret, first: 1 } },
  { ...record, session: { ...secret, first: true, expiresAt: 'tomorrow' } },
  { ...record, discarded: {} },
  { ...record, discarded: [{ ...secret, pendingUntil: null }] },
])('%j is damaged', async (content) => {
  const records = recordsWith(content);
  await expect(records.read(registryRecord('us.icr.io'))).rejects.toMatchObject({ code: 'store-damaged' });
  expect(records.all()).toEqual([]);
});

it('anything else is read as it stands', async () => {
  const whole = {
    ...record,
    loggedOut: true,
    renewable: { ...secret, issuer: 'https://iam.cloud.ibm.com' },
    session: { ...secret, first: false, expiresAt: 1_800_000_000 },
    discarded: [{ ...secret, pendingUntil: 0 }],
  };
  expect(await recordsWith(whole).read(registryRecord('us.icr.io'))).toEqual(whole);
});
