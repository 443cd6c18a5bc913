import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClaimLock } from '../../../src/lock/claim-lock.ts';
import { createClock, describeLockContract, take } from '../../contract/lock-contract.ts';
import { fsError, withFsHook } from '../../support/lock-fs.ts';
import { lockSystem } from '../../support/lock-system.ts';
import { pause } from '../../support/pause.ts';

/** File systems such as FAT, some FUSE and SMB. */
vi.mock('node:fs', async (original) => {
  const { fsError, interceptFs } = await import('../../support/lock-fs.ts');
  const linkSync = () => {
    throw fsError('EPERM', 'link');
  };
  return { ...interceptFs(await original()), linkSync };
});

describeLockContract('claim lock without hard links', (claimLifeMs) => {
  const clock = createClock();
  const folder = mkdtempSync(`${tmpdir()}/no-links-`);
  const create = () =>
    createClaimLock({
      folder,
      name: 'exchange',
      sleep: pause,
      system: lockSystem({ now: clock.now }),
      claimLifeMs,
    });
  return { first: create(), second: create(), ...clock, dispose: () => rmSync(folder, { recursive: true }) };
});

describe('without hard links', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/no-links-`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('a claim that is not written yet counts as one, for as long as a claim lives', async () => {
    const clock = createClock();
    const lock = createClaimLock({
      folder,
      name: 'exchange',
      sleep: pause,
      system: lockSystem({ now: clock.now }),
    });
    let writes = 0;
    const dieAtSecondWrite = (call: string) => {
      if (call === 'writeSync') writes++;
      // The dead do nothing any more, not even in a finally block.
      if (writes >= 2) throw fsError('EIO', 'crash');
    };
    await withFsHook(dieAtSecondWrite, () => take(lock)).catch(() => {});
    expect(readFileSync(`${folder}/exchange.claim.1`, 'utf8')).toBe('');
    expect(await lock.acquire({ waitMs: 0 })).toEqual({ outcome: 'timeout' });
    clock.advance(21_000);
    await take(lock);
    expect(readdirSync(folder)).toEqual(['exchange.claim.2']);
  });

  it.runIf(process.platform === 'linux')('no file of the lock stays open', async () => {
    await take(createClaimLock({ folder, name: 'exchange', sleep: pause, system: lockSystem() }));
    const open = readdirSync('/proc/self/fd').map((file) => `/proc/self/fd/${file}`);
    const paths = open.filter((path) => existsSync(path)).map((path) => readlinkSync(path));
    expect(paths.filter((path) => path.startsWith(folder))).toEqual([]);
  });

  it.each([
    ['openSync', 4, 'EROFS'],
    ['writeSync', 2, 'ENOSPC'],
  ])(
    'an error of the file system at %s is thrown as it is, and nothing is left',
    async (failing, at, code) => {
      const lock = createClaimLock({ folder, name: 'exchange', sleep: pause, system: lockSystem() });
      let calls = 0;
      const fail = (call: string) => {
        if (call === failing && ++calls === at) throw fsError(code, failing);
      };
      await expect(withFsHook(fail, () => lock.acquire({ waitMs: 0 }))).rejects.toMatchObject({ code });
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});
