import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { credentialKindFor, readSettings, type Settings } from '../../src/config/settings.ts';
import { io } from '../../src/io.ts';
import { parseRegistryHost, type RegistryHost } from '../../src/registry-host.ts';
import { makeHome } from '../support/test-home.ts';

function read(content: string): Settings {
  const file = join(makeHome().folder, 'settings.json');
  writeFileSync(file, content);
  return readSettings(file);
}

describe('the settings file', () => {
  it('may be missing', () => {
    expect(readSettings(join(makeHome().folder, 'settings.json'))).toEqual({});
  });

  it('that may not be read is not there to be removed', () => {
    const denied = Object.assign(new Error('open'), { code: 'EACCES' });
    vi.spyOn(io, 'open').mockImplementationOnce(() => {
      throw denied;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    expect(() => read('{}')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('cannot be read (EACCES)'),
        hint: 'check its permissions and owner, and those of the folders above it',
      }),
    );
  });

  it.each([
    ['', 'not JSON'],
    ['{"credentialKind"', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['null', 'not a JSON object'],
    [
      '{"credentialKind":"bearer"}',
      'credentialKind is "bearer", not one of iambearer, iamapikey, iamrefresh',
    ],
    ['{"credentialKind":null}', 'credentialKind is null'],
    ['{"store":"disk"}', 'store is "disk", not one of keychain, file'],
    ['{"iamEndpoint":1}', 'iamEndpoint is not a string'],
    ['{"registries":[]}', 'registries is not an object'],
    ['{"registries":{"us.icr.io":"x"}}', 'registries.us.icr.io is not an object'],
    ['{"registries":{"us.icr.io":{"credentialKind":"x"}}}', 'credentialKind is "x"'],
  ])('%s: %s', (content, problem) => {
    expect(() => read(content)).toThrow(problem);
  });

  it('that cannot be read is an error with its path', () => {
    expect(() => readSettings('/')).toThrow('the settings file /: cannot be read');
  });
});

describe('the credential kind', () => {
  const host = parseRegistryHost('us.icr.io') as RegistryHost;

  it('comes from the variable, the registry, the file, or is a token', () => {
    const settings = read(
      '{"credentialKind":"iamrefresh","registries":{"us.icr.io":{"credentialKind":"iamapikey"}}}',
    );
    expect(credentialKindFor(host, settings, { ICR_CREDENTIAL_KIND: 'iambearer' })).toBe('iambearer');
    expect(credentialKindFor(host, settings, {})).toBe('iamapikey');
    expect(
      credentialKindFor(parseRegistryHost('de.icr.io') as RegistryHost, settings, {
        ICR_CREDENTIAL_KIND: '',
      }),
    ).toBe('iamrefresh');
    expect(credentialKindFor(host, {}, {})).toBe('iambearer');
    expect(() => credentialKindFor(host, {}, { ICR_CREDENTIAL_KIND: 'nonsense' })).toThrow(
      'ICR_CREDENTIAL_KIND',
    );
  });
});
