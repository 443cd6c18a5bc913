import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSealedCache, type SealedCacheOptions } from '../../../src/cache/sealed-cache.ts';
import { NO_SLOT, type SlotIdentity } from '../../../src/cache/token-slot.ts';
import { createFakeLock } from '../../support/lock-fake.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const DAY = 24 * 60 * 60 * 1000;
const TOKENS = { accessToken: 'canary-access', receivedAt: 1_800_000_000_000, expiresIn: 3600 };
const IDENTITY: SlotIdentity = {
  credential: 'canary-credential',
  issuer: 'https://iam.cloud.ibm.com',
  grant: 'access-token',
};

let folder: string;
let keyFolder: string;
beforeEach(() => {
  const home = makeHome();
  folder = `${home.folder}/cache`;
  keyFolder = `${home.folder}/state`;
});

const open = (changes: Partial<SlotIdentity> = {}, options: Partial<SealedCacheOptions> = {}) =>
  createSealedCache({
    location: { folder, key: { folder: keyFolder, path: `${keyFolder}/key` } },
    system: testSystem(),
    loadLock: async () => createFakeLock(),
    keychainKey: () => Promise.reject(new Error('not asked where the key is a file')),
    ...options,
  }).open({ ...IDENTITY, ...changes });

const entries = () => readdirSync(folder).filter((name) => name.endsWith('.token'));
const onlyEntry = () => `${folder}/${entries()[0]}`;

describe('a token', () => {
  it('is there for the next process, until it is removed', async () => {
    await (await open()).write(TOKENS);
    expect(await (await open()).read()).toEqual(TOKENS);
    await (await open()).remove();
    expect(await (await open()).read()).toBeNull();
    await (await open()).remove();
    expect(entries()).toEqual([]);
  });

  it('is nobody else’s: another credential, issuer or grant has a slot of its own', async () => {
    await (await open()).write(TOKENS);
    const others = [
      { credential: 'other' },
      { issuer: 'https://iam.example' },
      { grant: 'session' as const },
    ];
    for (const other of others) expect(await (await open(other)).read()).toBeNull();
  });

  it('lies in a private file that shows neither it nor whose it is, without a refresh token', async () => {
    await (await open()).write({ ...TOKENS, refreshToken: 'canary-refresh' });
    expect(await (await open()).read()).toEqual(TOKENS);
    expect(entries()).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.token$/)]);
    expect(statSync(onlyEntry()).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(onlyEntry(), 'latin1')).not.toContain('canary');
  });

  it.each([
    ['damaged', (entry: string) => writeFileSync(entry, 'x')],
    ['changed in one byte', (entry: string) => flip(entry, 20)],
    ['too large to be ours', (entry: string) => writeFileSync(entry, Buffer.alloc(300 * 1024))],
    ['sealed with a key that is gone', () => flip(`${keyFolder}/key`, 0)],
    ['looked for with a key that is gone', () => flip(`${keyFolder}/key`, 40)],
    ['beside a damaged key, which is made again', () => writeFileSync(`${keyFolder}/key`, 'x')],
  ])('is a miss where it is %s', async (_, damage) => {
    await (await open()).write(TOKENS);
    damage(onlyEntry());
    expect(await (await open()).read()).toBeNull();
  });

  it('is a miss in the place of another', async () => {
    await (await open()).write(TOKENS);
    const sealed = readFileSync(onlyEntry());
    await (await open()).remove();
    await (await open({ grant: 'session' })).write(TOKENS);
    writeFileSync(onlyEntry(), sealed);
    expect(await (await open({ grant: 'session' })).read()).toBeNull();
  });

  function flip(file: string, at: number): void {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }
});

describe('a folder that cannot be written to', () => {
  beforeEach(() => writeFileSync(folder, 'a file is in its place'));

  it('costs the token and the lock, not the answer', async () => {
    const slot = await open();
    await slot.write(TOKENS);
    expect(await slot.read()).toBeNull();
    expect(await slot.openLock()).toBeNull();
  });

  it('for the key means no cache at all', async () => {
    writeFileSync(keyFolder, 'as well');
    expect(await open()).toBe(NO_SLOT);
  });

  it('or a keychain that is locked, as well', async () => {
    expect(await open({}, { location: { folder, key: null } })).toBe(NO_SLOT);
  });
});

describe('no place for a cache', () => {
  it('has nothing, keeps nothing and agrees with nobody', async () => {
    await NO_SLOT.write(TOKENS);
    expect(await NO_SLOT.read()).toBeNull();
    expect(await NO_SLOT.remove()).toBeUndefined();
    expect(await NO_SLOT.openLock()).toBeNull();
  });
});

describe('the key', () => {
  it('has 64 bytes in a file of its own', async () => {
    await open();
    expect(readFileSync(`${keyFolder}/key`)).toHaveLength(64);
  });

  it('is the keychain’s where modes keep nobody out', async () => {
    const asked: number[] = [];
    const keychainKey = async (bytes: number) => {
      asked.push(bytes);
      return new Uint8Array(bytes).fill(7);
    };
    const options = { location: { folder, key: null }, keychainKey };
    await (await open({}, options)).write(TOKENS);
    expect(await (await open({}, options)).read()).toEqual(TOKENS);
    expect(asked).toEqual([64, 64]);
    expect(existsSync(keyFolder)).toBe(false);
  });
});

it('the lock is the slot’s own, in the folder of the cache', async () => {
  const loaded: string[][] = [];
  const lock = createFakeLock();
  const loadLock = async (...place: [string, string]) => {
    loaded.push(place);
    return lock;
  };
  const slot = await open({}, { loadLock });
  expect(await slot.openLock()).toBe(lock);
  await slot.write(TOKENS);
  expect(loaded).toEqual([[folder, entries()[0]?.replace('.token', '')]]);
});

it('what nobody asks for any more goes after a day, what is not ours stays', async () => {
  const now = Date.now();
  mkdirSync(folder, { mode: 0o700 });
  const lay = (name: string, ageMs: number) => {
    writeFileSync(`${folder}/${name}`, '');
    utimesSync(`${folder}/${name}`, (now - ageMs) / 1000, (now - ageMs) / 1000);
  };
  lay(`${'a'.repeat(32)}.token`, DAY + 1000);
  lay(`${'b'.repeat(32)}.claim.3`, DAY + 1000);
  lay(`${'c'.repeat(32)}.token`, DAY - 1000);
  lay('key', 2 * DAY);
  lay(`x${'d'.repeat(32)}.token`, 2 * DAY);
  lay(`${'e'.repeat(32)}`, 2 * DAY);
  await (await open({}, { system: testSystem({ now: () => now }) })).write(TOKENS);
  const left = readdirSync(folder).filter((name) => statSync(`${folder}/${name}`).size === 0);
  expect(left.sort()).toEqual([`${'c'.repeat(32)}.token`, 'e'.repeat(32), 'key', `x${'d'.repeat(32)}.token`]);
});
