import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createClaimLock } from '../../src/lock/claim-lock.ts';
import { createFakeLock } from '../support/lock-fake.ts';
import { lockSystem } from '../support/lock-system.ts';
import { pause } from '../support/pause.ts';
import { createClock, describeLockContract } from './lock-contract.ts';

describeLockContract('claim lock', (claimLifeMs) => {
  const folder = mkdtempSync(`${tmpdir()}/lock-contract-`);
  const clock = createClock();
  const system = lockSystem({ now: clock.now });
  const create = () => createClaimLock({ folder, name: 'exchange', sleep: pause, system, claimLifeMs });
  return { first: create(), second: create(), ...clock, dispose: () => rmSync(folder, { recursive: true }) };
});

describeLockContract('fake lock', (claimLifeMs) => {
  const clock = createClock();
  const lock = createFakeLock({ now: clock.now, claimLifeMs });
  return { first: lock, second: lock, ...clock, dispose: () => {} };
});
