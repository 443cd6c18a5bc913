import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SecretStore } from '../../src/stores/secret-store.ts';

const newName = () => randomBytes(16).toString('hex');

/** What every place for secrets does, real or not. */
export function describeSecretStore(title: string, open: () => Promise<SecretStore> | SecretStore): void {
  describe(title, () => {
    it('gives back what was set', async () => {
      const store = await open();
      for (const value of ['x', 'ä€😀\n"\\', 'y'.repeat(1200), 'z'.repeat(1201), 'w'.repeat(20_000)]) {
        const name = newName();
        await store.set(name, value);
        expect(await store.get(name)).toBe(value);
      }
    });

    it('has nothing under a name that was never set, or deleted', async () => {
      const store = await open();
      const name = newName();
      expect(await store.get(name)).toBeNull();
      await store.set(name, 'value');
      await store.delete(name);
      expect(await store.get(name)).toBeNull();
      await store.delete(name);
    });

    it('replaces, from short to long and back', async () => {
      const store = await open();
      const name = newName();
      for (const value of ['short', 'l'.repeat(5000), 'm'.repeat(6000), 'short again']) {
        await store.set(name, value);
        expect(await store.get(name)).toBe(value);
      }
    });

    it('keeps names apart', async () => {
      const store = await open();
      const names = [newName(), newName()];
      for (const name of names) await store.set(name, `value of ${name}`);
      await store.delete(names[0] ?? '');
      expect(await store.get(names[1] ?? '')).toBe(`value of ${names[1]}`);
    });
  });
}
