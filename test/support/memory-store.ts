import { Secret } from '../../src/secret.ts';
import type { CredentialStore } from '../../src/stores/credential-store.ts';
import type { CredentialRecord, RecordName } from '../../src/stores/records.ts';

/** Records as somebody left them, with secrets that say their id; what is renewed is written down. */
export function memoryStore(
  ...records: Partial<CredentialRecord>[]
): CredentialStore & { renewed: string[] } {
  const renewed: string[] = [];
  const find = ({ kind, name }: RecordName) =>
    records.find((record) => (record.kind ?? 'registry') === kind && record.name === name);
  const readOnly = () => Promise.reject(new Error('nothing is stored here'));
  return {
    renewed,
    record: async (name) => {
      const found = find(name);
      return found ? { version: 1, ...name, ...found } : null;
    },
    records: () => [],
    reveal: async ({ id }) => new Secret(`secret of ${id}`),
    renew: async ({ id }, secret) => void renewed.push(`${id}: ${secret.reveal()}`),
    keepBeside: readOnly,
    keep: readOnly,
    change: readOnly,
  };
}
