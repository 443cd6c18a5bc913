import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type CredentialRecord, openRecords, registryRecord } from '../../../src/stores/records.ts';
import { testSystem } from '../../support/test-system.ts';
import { jsonOf, must, mustEqual, orRefusalLater, type Target } from '../target.ts';

const secret = { id: '0123456789abcdef'.repeat(2), store: 'file', username: 'iamapikey' };
const issuer = 'https://iam.cloud.ibm.com';
const record = { version: 1, kind: 'registry', name: 'us.icr.io' };

/** The file that says where a secret lies. */
export function credentialRecord(folder: string): Target {
  mkdirSync(`${folder}/registries`, { recursive: true });
  const path = `${folder}/registries/us.icr.io.json`;
  const records = openRecords(folder, testSystem());
  return {
    files: ['stores/records.ts'],
    isJson: true,
    seeds: [
      JSON.stringify(record),
      JSON.stringify({ ...record, renewable: { ...secret, issuer } }),
      JSON.stringify({ ...record, session: { ...secret, first: true, expiresAt: 1_800_000_000 } }),
      JSON.stringify({ ...record, loggedOut: true, discarded: [{ ...secret, pendingUntil: 0 }] }),
    ],
    words: ['renewable', 'session', 'discarded', 'loggedOut', '__proto__', '../../x', 'us.icr.io', issuer],
    check: async (input) => {
      writeFileSync(path, input);
      const read = await orRefusalLater(() => records.read(registryRecord('us.icr.io')));
      for (const one of records.all()) mustBeSound(one);
      if (read === null) return;
      mustBeSound(read);
      must(read.name === 'us.icr.io' && read.kind === 'registry', 'the record of another');
      mustEqual(read, jsonOf(readFileSync(path, 'utf8').replace(/^\ufeff/, '')), 'read');
    },
  };
}

/** As the types say it: the rest of the program relies on that. */
function mustBeSound({ renewable, session, discarded, ...record }: CredentialRecord): void {
  must(record.kind === 'registry' || record.kind === 'profile', 'a record of no kind');
  must(discarded === undefined || Array.isArray(discarded), 'discarded is no list');
  for (const secret of [renewable, session, ...(discarded ?? [])]) {
    if (secret === undefined) continue;
    must(/^[0-9a-f]{32}$/.test(secret.id), 'the id is no file name');
    must(['keychain', 'file'].includes(secret.store), 'no such store');
    must(typeof secret.username === 'string', 'the user name is no text');
    must(secret.issuer === undefined || URL.canParse(secret.issuer), 'the issuer is no URL');
  }
  for (const flag of [record.loggedOut, session?.first])
    must(flag === undefined || typeof flag === 'boolean', 'neither true nor false');
  for (const time of [session?.expiresAt, ...(discarded ?? []).map(({ pendingUntil }) => pendingUntil)])
    must(time === undefined || Number.isFinite(time), 'a time that is none');
}
