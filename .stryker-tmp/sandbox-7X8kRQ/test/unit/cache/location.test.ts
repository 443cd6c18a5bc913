import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locateCache } from '../../../src/cache/location.ts';
import type { System } from '../../../src/system.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const locate = (env: System['env'], changes: Partial<System> = {}) =>
  locateCache(testSystem({ env, ...changes }));

describe('tokens and their key', () => {
  it('lie together in a runtime folder, which is gone at logout', () => {
    const { env } = makeHome();
    const folder = `${env['XDG_RUNTIME_DIR']}/docker-credential-icr`;
    expect(locate(env)).toEqual({ folder, key: { folder, path: `${folder}/key` } });
  });

  it('lie apart on macOS: the key in the temporary folder of the user', () => {
    const { env, folder } = makeHome();
    const cache = `${folder}/Library/Caches/docker-credential-icr`;
    const temporary = `${folder}/T`;
    mkdirSync(temporary, { mode: 0o700 });
    const keyIn = (keyFolder: string) => ({
      folder: cache,
      key: { folder: keyFolder, path: `${keyFolder}/cache-key` },
    });
    const onMac = (TMPDIR?: string) => locate({ ...env, TMPDIR }, { platform: 'darwin' });
    expect(onMac(`${temporary}/`)).toEqual(keyIn(`${temporary}/docker-credential-icr`));
    expect(onMac(temporary)).toEqual(keyIn(`${temporary}/docker-credential-icr`));
    const state = keyIn(`${folder}/Library/Application Support/docker-credential-icr/state`);
    expect(onMac()).toEqual(state);
    expect(onMac('T')).toEqual(state);
    symlinkSync(temporary, `${folder}/link`);
    expect(onMac(`${folder}/link`)).toEqual(state);
    chmodSync(temporary, 0o755);
    expect(onMac(temporary)).toEqual(state);
  });

  it('lie apart where there is no runtime folder, and a temporary one means nothing', () => {
    const { env, folder } = makeHome();
    // A user whom this machine has never seen.
    const location = locate({ HOME: folder, TMPDIR: env['XDG_RUNTIME_DIR'] }, { euid: 4_000_000 });
    const keyFolder = `${folder}/.local/state/docker-credential-icr`;
    expect(location).toEqual({
      folder: `${folder}/.cache/docker-credential-icr`,
      key: { folder: keyFolder, path: `${keyFolder}/cache-key` },
    });
  });

  it('lie in a folder and in the keychain on Windows, which has no modes', () => {
    const location = locate({ APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }, { platform: 'win32' });
    expect(location).toEqual({ folder: 'C:\\L\\docker-credential-icr\\cache', key: null });
  });
});
