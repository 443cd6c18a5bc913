import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { App } from '../app.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { isMissing } from '../read-file.ts';
import { withDeadline } from '../stores/deadline.ts';
import type { CredentialRecord, StoredSecret } from '../stores/records.ts';
import { type Check, type Finding, failure, ok, skipped, warning } from './check.ts';

/** Less than the check has, so that every record is named. */
const LIMIT_MS = 4_000;

/** Whether each record's secret can be had; read and forgotten. */
export const secrets: Check = {
  name: 'secrets',
  run: async ({ app }) => {
    const records = app.context.store.records();
    const stored = records.flatMap((record) =>
      [record.renewable, record.session].flatMap((secret) => (secret ? [{ record, secret }] : [])),
    );
    const results = await Promise.all(stored.map(({ record, secret }) => tryOut(record, secret, app)));
    const problems = [
      ...describeOwner(app),
      ...damagedRecords(app.paths.dataFolder, records),
      ...results.filter((finding) => finding !== null),
      ...records.flatMap(describeLeftovers),
    ];
    if (problems.length > 0) return problems;
    if (stored.length === 0) return [skipped('nothing is stored')];
    return [ok(`each stored secret can be read (${stored.length})`)];
  },
};

async function tryOut(record: CredentialRecord, secret: StoredSecret, app: App): Promise<Finding | null> {
  const late = () => new HelperError('store-unreachable', `the ${secret.store} gives no answer`);
  try {
    await withDeadline(app.context.store.reveal(secret), LIMIT_MS, late);
    return null;
  } catch (error) {
    const { message, hint = 'log in again' } = explain(error);
    return failure(`the login of ${nameOf(record)} cannot be read: ${message}`, { hint });
  }
}

function nameOf({ kind, name }: CredentialRecord): string {
  return kind === 'profile' ? `the profile ${name}` : name;
}

function describeOwner({ paths, context: { system } }: App): Finding[] {
  const stat = statSync(paths.dataFolder, { throwIfNoEntry: false });
  if (!stat || system.platform === 'win32' || stat.uid === system.euid) return [];
  return [
    failure(`${paths.dataFolder} belongs to another user (uid ${stat.uid}): no login can be stored`, {
      hint: 'run this as its owner, or set HOME (sudo -H instead of sudo -E)',
    }),
  ];
}

/** Files that the store passes over, so that one of them does not hide all the others. */
function damagedRecords(dataFolder: string, sound: readonly CredentialRecord[]): Finding[] {
  const files = ['registries', 'profiles'].flatMap((folder) => filesIn(`${dataFolder}/${folder}`));
  const isSound = (file: string) => {
    const record = parse(file);
    return sound.some(({ kind, name }) => record?.kind === kind && record.name === name);
  };
  return files
    .filter((file) => !isSound(file))
    .map((file) => failure(`${file} is damaged`, { hint: 'remove it and log in again' }));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${folder}/${name}`);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function parse(file: string): { kind?: unknown; name?: unknown } | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function describeLeftovers(record: CredentialRecord): Finding[] {
  const left = record.discarded?.find(({ pendingUntil }) => pendingUntil === undefined);
  if (!left) return [];
  return [
    warning(`a deleted secret of ${nameOf(record)} is still in the ${left.store}`, {
      hint: 'make it reachable and run docker-credential-icr logout again',
    }),
  ];
}
