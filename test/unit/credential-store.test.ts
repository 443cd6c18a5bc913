import { mkdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClaimLock } from '../../src/lock/claim-lock.ts';
import type { Lock } from '../../src/lock/lock.ts';
import { Secret } from '../../src/secret.ts';
import { type CredentialStore, createCredentialStore } from '../../src/stores/credential-store.ts';
import { openRecords, type Records, registryRecord } from '../../src/stores/records.ts';
import type { KeychainBackend, SecretStore } from '../../src/stores/secret-store.ts';
import { createFakeLock } from '../support/lock-fake.ts';
import { createMemoryBackend } from '../support/memory-backend.ts';
import { makeHome } from '../support/test-home.ts';
import { testSystem } from '../support/test-system.ts';
import { until } from '../support/until.ts';

const NAME = registryRecord('r.example');
const MINUTE = 60_000;

interface Options {
  backend: KeychainBackend;
  lock(): Promise<Lock>;
  records?: Records;
  now?(): number;
}

/** Over one backend, which is the keychain. */
function storeOver({ backend, lock, records, now = Date.now }: Options): CredentialStore {
  const keychain: SecretStore = { kind: 'keychain', ...backend };
  return createCredentialStore({
    records: records ?? openRecords(makeHome().dataFolder, testSystem()),
    stores: { keychain: async () => keychain, file: async () => keychain },
    preferred: () => undefined,
    intended: async () => 'keychain',
    place: async (name, value) => {
      await backend.set(name, value);
      return 'keychain';
    },
    lock,
    now,
    warn: () => {},
  });
}

/** Two logins to one registry, one of which is still waiting for the keychain. */
describe('a login beside another one', () => {
  const backend = createMemoryBackend();
  let now = 0;
  let open: () => void;
  let store: CredentialStore;
  let slow: Promise<void>;

  beforeEach(async () => {
    backend.entries.clear();
    now = 1_000_000;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const lock = createFakeLock();
    store = storeOver({
      backend: {
        ...backend,
        set: async (name, value) => {
          if (value.includes('slow')) await gate;
          await backend.set(name, value);
        },
      },
      lock: async () => lock,
      now: () => now,
    });
    slow = keep('slow');
    await until('it is announced', async () => (await store.record(NAME))?.discarded !== undefined);
  });

  const keep = (username: string) =>
    store.keep(NAME, { username, secret: new Secret(`secret of ${username}`) }, (current, stored) => ({
      ...current,
      renewable: stored,
    }));

  async function answered(): Promise<[string | undefined, string | undefined]> {
    const stored = (await store.record(NAME))?.renewable;
    return [stored?.username, stored && (await store.reveal(stored)).reveal()];
  }

  it('leaves the secret of the other one alone, whoever names first', async () => {
    await keep('quick');
    expect(await answered()).toEqual(['quick', 'secret of quick']);
    open();
    await slow;
    expect(await answered()).toEqual(['slow', 'secret of slow']);
    expect(backend.entries.size).toBe(1);
  });

  it('cleans up after one that was killed, two minutes later', async () => {
    now += 3 * MINUTE;
    await keep('quick');
    expect(await store.record(NAME)).not.toHaveProperty('discarded');
  });

  it('takes one that needs longer for dead, which then fails and leaves nothing behind', async () => {
    now += 3 * MINUTE;
    await keep('quick');
    open();
    await expect(slow).rejects.toMatchObject({ code: 'busy' });
    expect(await answered()).toEqual(['quick', 'secret of quick']);
    expect(backend.entries.size).toBe(1);
  });

  it('does not believe an announcement from a clock that was set back', async () => {
    now -= 10 * MINUTE;
    await keep('quick');
    open();
    await expect(slow).rejects.toMatchObject({ code: 'busy' });
  });
});

describe('a change that takes longer than the claim of its lock lives', () => {
  it('is given up once another has been made meanwhile', async () => {
    const { dataFolder } = makeHome();
    let now = 1_000_000;
    const system = testSystem({ now: () => now });
    mkdirSync(dataFolder, { recursive: true });
    const backend = createMemoryBackend();
    const lock = async () => createClaimLock({ folder: dataFolder, name: 'stores', system });
    const open = (records: Records) => storeOver({ records, backend, lock, now: () => now });
    const records = openRecords(dataFolder, system);
    const logOut = (store: CredentialStore) =>
      store.change(NAME, (current) => ({ ...current, loggedOut: true }));
    // It stands still with the lock in its hand, and reads what it is going to write back.
    const slow = open({
      ...records,
      read: async (name) => {
        const record = await records.read(name);
        now += 21_000;
        await open(records).keep(
          name,
          { username: 'quick', secret: new Secret('secret of quick') },
          (current, stored) => ({ ...current, renewable: stored }),
        );
        return record;
      },
    });
    await expect(logOut(slow)).rejects.toMatchObject({ code: 'busy' });
    expect(await records.read(NAME)).toMatchObject({ renewable: { username: 'quick' } });
    expect(await records.read(NAME)).not.toHaveProperty('loggedOut');
  });
});

describe('the turns of one change', () => {
  /** A store whose lock is slow to give, and gives no turn any more after so many. */
  function open(turns: number) {
    const backend = createMemoryBackend();
    const lock = createFakeLock();
    const waits: number[] = [];
    const store = storeOver({
      backend,
      lock: async () => ({
        acquire: async (wanted) => {
          waits.push(wanted.waitMs);
          await new Promise((resolve) => setTimeout(resolve, 20));
          return waits.length > turns ? { outcome: 'timeout' } : lock.acquire(wanted);
        },
      }),
    });
    const keep = (username: string) =>
      store.keep(NAME, { username, secret: new Secret('word') }, (current, stored) => ({
        ...current,
        renewable: stored,
      }));
    return { backend, store, waits, keep };
  }

  it('share one time to wait', async () => {
    const { keep, waits } = open(10);
    await keep('one');
    await keep('two');
    const [announce = 0, name = 0, , , forget = 0] = waits;
    expect(announce).toBe(13_000);
    expect(name).toBeLessThan(announce);
    expect(waits[2]).toBe(13_000);
    expect(forget).toBeLessThan(waits[3] ?? 0);
  });

  it('are enough without the last, which only forgets what is deleted', async () => {
    const { keep, store, backend } = open(4);
    await keep('one');
    await keep('two');
    expect(await store.record(NAME)).toMatchObject({
      renewable: { username: 'two' },
      discarded: [{ username: 'one' }],
    });
    expect(backend.entries.size).toBe(1);
  });
});
