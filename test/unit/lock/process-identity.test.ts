import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isCertainlyDead, readProcessIdentity } from '../../../src/lock/process-identity.ts';
import { readProcessStat } from '../../../src/process-stat.ts';
import { lockSystem } from '../../support/lock-system.ts';
import { until } from '../../support/until.ts';

/** Root may signal everybody: this says that we may not. */
const signals = vi.hoisted(() => ({ areForbidden: false }));
vi.mock('node:process', async (original) => {
  const process = await original<typeof import('node:process')>();
  const kill: typeof process.kill = (...args) => {
    if (signals.areForbidden) throw Object.assign(new Error('no'), { code: 'EPERM' });
    return process.kill(...args);
  };
  return { ...process, kill };
});

const self = readProcessIdentity(lockSystem());
const deadPid = spawnSync('true').pid;

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  it('names this process by pid, start time, boot and pid namespace', () => {
    expect(self.pid).toBe(process.pid);
    expect(self.start).toMatch(/^\d+$/);
    expect(self.scope).toMatch(/^[0-9a-f-]{36} pid:\[\d+\]$/);
  });

  it('does not take the living for dead', () => {
    expect(isCertainlyDead(self, self)).toBe(false);
    expect(isCertainlyDead({ ...self, start: null }, self)).toBe(false);
  });

  it('knows the dead', () => {
    expect(isCertainlyDead({ ...self, pid: deadPid }, self)).toBe(true);
  });

  it('knows that a pid is another process’s now', () => {
    expect(isCertainlyDead({ ...self, start: '1' }, self)).toBe(true);
  });

  it('counts a zombie as dead', async () => {
    // The shell becomes a sleep, which never asks for the exit code of the shell's child; not before
    // that may the child end, or the shell asks.
    child = spawn('sh', ['-c', 'exec 3<&0; cat <&3 & echo $!; exec sleep 900']);
    const pid = await new Promise<number>((resolve) =>
      child?.stdout?.once('data', (it) => resolve(Number(it))),
    );
    await until('the shell is gone', () => readFileSync(`/proc/${child?.pid}/comm`, 'utf8') === 'sleep\n');
    child.stdin?.end();
    const stat = () => readProcessStat(pid);
    await until('the child has ended', () => stat()?.isZombie === true);
    expect(isCertainlyDead({ ...self, pid, start: stat()?.start ?? null }, self)).toBe(true);
  });

  it('says nothing of other boots and namespaces, or if its own is unknown', () => {
    expect(isCertainlyDead({ ...self, pid: deadPid, scope: 'elsewhere' }, self)).toBe(false);
    expect(isCertainlyDead({ ...self, pid: deadPid, scope: null }, self)).toBe(false);
    expect(isCertainlyDead({ ...self, pid: deadPid, scope: null }, { ...self, scope: null })).toBe(false);
  });

  it('asks by signal where /proc numbers processes in another way', () => {
    const elsewhere = readProcessIdentity(lockSystem({ pid: process.pid + 1 }));
    expect(elsewhere.start).toBeNull();
    expect(isCertainlyDead({ ...self, start: 'of another /proc' }, elsewhere)).toBe(false);
    expect(isCertainlyDead({ ...self, pid: deadPid }, elsewhere)).toBe(true);
  });
});

describe('without /proc', () => {
  const mac = readProcessIdentity(lockSystem({ platform: 'darwin' }));

  it('goes by the pid alone', () => {
    expect(mac).toEqual({ pid: process.pid, start: null, scope: 'darwin' });
    expect(isCertainlyDead(mac, mac)).toBe(false);
    expect(isCertainlyDead({ ...mac, pid: deadPid }, mac)).toBe(true);
  });

  it('takes a process of another user for alive', () => {
    signals.areForbidden = true;
    onTestFinished(() => void Object.assign(signals, { areForbidden: false }));
    expect(isCertainlyDead({ ...mac, pid: deadPid }, mac)).toBe(false);
  });
});
