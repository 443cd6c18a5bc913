import { describe, expect, it } from 'vitest';
import { describe as describeKeychain } from '../../../src/doctor/keychain.ts';
import { HelperError } from '../../../src/errors.ts';
import { NoKeychainError } from '../../../src/stores/no-keychain.ts';

const absent = (reason: string) => new NoKeychainError(reason);
const silent = (reason: string) =>
  new HelperError('store-unreachable', `the keychain gives no answer: ${reason}`);

describe('what is wrong with the keychain', () => {
  it.each([
    [absent('there is no D-Bus session bus'), /sudo, su and cron/],
    [absent('the D-Bus session bus /run/user/1/bus is gone'), /dbus-run-session/],
    [absent('libsecret not available'), /^install libsecret/],
    [absent('The name was not provided by any .service files'), /^install and start a keyring/],
    [silent('Cannot create an item in a locked collection'), /^unlock the keyring/],
    [silent('no answer within 3 s'), /restart its service/],
    [silent('something else'), /^unlock the keyring.*docker-credential-icr config set store file/],
  ])('%s', (error, hint) => {
    expect(describeKeychain(error, 'keychain').hint).toMatch(hint);
  });

  it('is a failure where something lies in it, or where a login would fail; else a warning', () => {
    expect(describeKeychain(absent('there is no D-Bus session bus'), 'keychain').status).toBe('failure');
    expect(describeKeychain(silent('locked'), null).status).toBe('failure');
    expect(describeKeychain(absent('there is no D-Bus session bus'), null).status).toBe('warning');
  });
});
