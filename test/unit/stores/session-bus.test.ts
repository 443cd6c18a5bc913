import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSessionBus } from '../../../src/stores/session-bus.ts';
import { testSystem } from '../../support/test-system.ts';

let folder: string;
const servers = ['bus', 'größe, 50%'].map((name) => ({ name, server: createServer() }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'icr-bus-'));
  for (const { name, server } of servers)
    await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'linked'));
  symlinkSync('../bus', join(folder, 'linked/bus'));
});
afterAll(() => {
  for (const { server } of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const find = (env: Record<string, string>, changes = {}) => findSessionBus(testSystem({ env, ...changes }));

describe('DBUS_SESSION_BUS_ADDRESS', () => {
  const at = (address: string) => find({ DBUS_SESSION_BUS_ADDRESS: address.replaceAll('FOLDER', folder) });

  it.each([
    ['a path', 'unix:path=FOLDER/bus', 'FOLDER/bus'],
    ['a path and what it is said to be', 'unix:path=FOLDER/bus,guid=0123', 'FOLDER/bus'],
    ['the path last', 'unix:guid=0123,path=FOLDER/bus', 'FOLDER/bus'],
    ['an end that separates nothing', 'unix:path=FOLDER/bus;', 'FOLDER/bus'],
    ['escapes', 'unix:path=FOLDER/gr%c3%b6%C3%9fe%2c%2050%25', 'FOLDER/größe, 50%'],
    ['an abstract name', 'unix:abstract=/tmp/dbus-x%2cy,guid=0123', '\0/tmp/dbus-x,y'],
    // For GIO to find: a folder in which there is a socket of some name, and the first of several that answers.
    ['a temporary folder', 'unix:tmpdir=/tmp', null],
    ['nothing', 'unix:', null],
    ['several', 'unix:path=/nowhere/bus;unix:path=FOLDER/bus', null],
    ['several, one abstract', 'unix:abstract=x;unix:path=/nowhere/bus', null],
    ['a key that only ends like path', 'unix:otherpath=FOLDER/bus', null],
  ])('%s', (_, address, path) => {
    expect(at(address)).toEqual({ path: path?.replaceAll('FOLDER', folder) ?? null });
  });

  it.each([
    ['a program', 'unixexec:path=/bin/true'],
    ['another machine', 'tcp:host=127.0.0.1,port=1'],
    ['a program after a socket', 'unix:path=FOLDER/bus;unixexec:path=/bin/true'],
    ['a launcher', 'autolaunch:'],
    ['a path only', 'FOLDER/bus'],
    ['separators only', ';;'],
    ['capitals', 'UNIX:path=FOLDER/bus'],
  ])('no socket of this machine: %s', (_, address) => {
    expect(at(address)).toEqual({ missing: 'DBUS_SESSION_BUS_ADDRESS names no socket of this machine' });
  });

  it.each([
    ['gone', 'unix:path=/nowhere/bus', '/nowhere/bus'],
    ['all gone', 'unix:path=/nowhere/bus;unix:path=/nowhere/else', '/nowhere/bus'],
    ['escapes of no letters', 'unix:path=/nowhere/%ff', '/nowhere/%ff'],
    ['a zero byte', 'unix:path=FOLDER/bus%00', 'FOLDER/bus\0'],
    ['no path', 'unix:path=', ''],
  ])('%s', (_, address, path) => {
    expect(at(address)).toEqual({
      missing: `the D-Bus session bus ${path.replaceAll('FOLDER', folder)} is gone`,
    });
  });
});

describe('without DBUS_SESSION_BUS_ADDRESS', () => {
  it.each(['', 'linked/'])('the bus below XDG_RUNTIME_DIR: %sbus', (place) => {
    const runtime = join(folder, place);
    const env = { XDG_RUNTIME_DIR: runtime, DBUS_SESSION_BUS_ADDRESS: '' };
    expect(find(env)).toEqual({ path: `${runtime}/bus` });
  });

  it('there is none', () => {
    const missing = { missing: 'there is no D-Bus session bus' };
    expect(find({})).toEqual(missing);
    expect(find({ XDG_RUNTIME_DIR: '' })).toEqual(missing);
    expect(find({ XDG_RUNTIME_DIR: join(folder, 'empty') })).toEqual(missing);
  });

  it('another user’s is none', () => {
    expect(find({ XDG_RUNTIME_DIR: folder }, { euid: 4242 })).toEqual({
      missing: 'there is no D-Bus session bus',
    });
  });
});
