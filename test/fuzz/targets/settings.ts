import { readFileSync, writeFileSync } from 'node:fs';
import { profileFor } from '../../../src/config/profiles.ts';
import { credentialKindFor, readSettings } from '../../../src/config/settings.ts';
import { unknownKeys } from '../../../src/config/settings-schema.ts';
import { parseRegistryHost, type RegistryHost } from '../../../src/registry-host.ts';
import { jsonOf, must, mustEqual, orRefusal, type Target } from '../target.ts';

const HOST = parseRegistryHost('us.icr.io/team/app') as RegistryHost;

/** The settings file, and the decisions that are made with it. */
export function settings(folder: string): Target {
  const path = `${folder}/settings.json`;
  return {
    files: ['config/settings.ts', 'config/profiles.ts', 'config/settings-schema.ts'],
    isJson: true,
    seeds: [
      '{}',
      '{"credentialKind":"iamrefresh","store":"file","iamEndpoint":"https://iam.cloud.ibm.com"}',
      '{"registries":{"us.icr.io/team":{"credentialKind":"iamapikey","profile":"work"}}}',
      '{"profiles":{"work":{"keyFile":"/k","computeIdentity":"vpc","trustedProfile":"p","account":"a"}}}',
      '{"ibmcloudSession":false,"registries":{"__proto__":{"profile":"__proto__"}}}',
      '{"registries":{"us.icr.io":{"profile":"constructor"}},"profiles":{"constructor":{}}}',
      '\ufeff{}',
    ],
    words: [
      'us.icr.io',
      'us.icr.io/team',
      'default',
      '__proto__',
      'constructor',
      'registries',
      'profiles',
      'profile',
    ],
    check: (input) => {
      writeFileSync(path, input);
      const read = orRefusal(() => readSettings(path));
      if (read === null) return;
      // What a file says is neither added to nor left out.
      mustEqual(read, jsonOf(readFileSync(path, 'utf8').replace(/^\ufeff/, '')), 'read');
      for (const { key, nearest } of unknownKeys(read)) {
        must(typeof key === 'string' && (nearest === null || typeof nearest === 'string'), 'unknown keys');
      }
      const kind = orRefusal(() => credentialKindFor(HOST, read, {}));
      must(kind === null || ['iambearer', 'iamapikey', 'iamrefresh'].includes(kind), `the kind is ${kind}`);
      const profile = orRefusal(() => profileFor(HOST, read, {}));
      must(profile === null || /^[a-z0-9][a-z0-9._-]*$/.test(profile.name), 'the profile is no file name');
    },
  };
}
