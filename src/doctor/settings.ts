import { statSync } from 'node:fs';
import { checkProfileName } from '../config/profiles.ts';
import { type ProfileSettings, readSettings, type Settings } from '../config/settings.ts';
import { unknownKeys } from '../config/settings-schema.ts';
import { parseIssuer } from '../iam/endpoint.ts';
import { nearestOf } from '../nearest.ts';
import { fullName, parseRegistryHost } from '../registry-host.ts';
import { checkProfileSetting } from '../sources/profile-settings.ts';
import type { System } from '../system.ts';
import { type Check, type Finding, failureBy, ok, warning } from './check.ts';

/** Whether the settings file says what somebody wanted it to say; and our variables, too. */
export const settings: Check = {
  name: 'settings',
  run: async ({ app }) => {
    const { settingsFile } = app.paths;
    const { system } = app.context;
    return [...(await inspectFile(settingsFile, system)), ...inspectVariables(system)];
  },
};

async function inspectFile(path: string, system: System): Promise<Finding[]> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [ok(`there is no settings file (${path}), which is fine`)];
  let content: Settings;
  try {
    content = readSettings(path);
  } catch (error) {
    return [failureBy(error)];
  }
  const problems = [
    ...inspectKeys(content, path),
    ...inspectEndpoints(content),
    ...inspectRegistries(content, path),
    ...inspectProfileNames(content),
    ...(await inspectProfiles(content)),
  ];
  if (system.platform !== 'win32' && (stat.mode & 0o022) !== 0) {
    problems.push(
      warning(`${path} can be changed by other users, who then choose where keys are sent`, {
        hint: `run chmod go-w ${path}`,
      }),
    );
  }
  return problems.length > 0 ? problems : [ok(`${path} is sound`)];
}

function inspectKeys(content: Settings, path: string): Finding[] {
  return unknownKeys(content).map(({ key, nearest }) => {
    const meant = nearest && key.replace(/[^.]*$/, nearest);
    return warning(`${path}: ${key} is no setting and has no effect`, {
      hint: meant ? `write ${meant} if that is meant` : 'remove it',
    });
  });
}

function inspectEndpoints(content: Settings): Finding[] {
  return (['iamEndpoint', 'privateIamEndpoint'] as const).flatMap((key) => {
    const value = content[key];
    if (value === undefined) return [];
    try {
      parseIssuer(value, `${key} in the settings`);
      return [];
    } catch (error) {
      return [failureBy(error)];
    }
  });
}

/** They are compared letter by letter with the name that a client asks for. */
function inspectRegistries({ registries = {} }: Settings, path: string): Finding[] {
  return Object.keys(registries).flatMap((name) => {
    const host = parseRegistryHost(name);
    const expected = host && fullName(host);
    if (expected === name) return [];
    return [
      warning(`${path}: registries.${name} is not the name of an ICR host and has no effect`, {
        hint: `write it as ${expected ?? 'us.icr.io'}, with a namespace or without`,
      }),
    ];
  });
}

/** Of a registry, where a pull fails; a profile of another name is one that nothing can use. */
function inspectProfileNames({ registries = {}, profiles = {} }: Settings): Finding[] {
  const named = Object.entries(registries).flatMap(([registry, { profile }]) =>
    profile === undefined ? [] : [[profile, `registries.${registry}.profile`] as const],
  );
  const defined = Object.keys(profiles).map((name) => [name, 'profiles'] as const);
  return [...named, ...defined].flatMap(([name, where]) => {
    try {
      checkProfileName(name, where);
      return [];
    } catch (error) {
      return [failureBy(error)];
    }
  });
}

async function inspectProfiles({ profiles = {} }: Settings): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, profile] of Object.entries(profiles)) {
    for (const [key, value] of Object.entries(profile)) {
      if (typeof value !== 'string') continue;
      const check = checkProfileSetting(key as keyof ProfileSettings, value, `profiles.${name}.${key}`);
      await check.catch((error) => findings.push(failureBy(error)));
    }
    const { tokenFile, metadataUrl, computeIdentity } = profile;
    const idle = [
      tokenFile !== undefined && computeIdentity !== 'container' && 'tokenFile',
      metadataUrl !== undefined &&
        computeIdentity !== 'vpc' &&
        computeIdentity !== 'power-vs' &&
        'metadataUrl',
    ].filter((key) => key !== false);
    for (const key of idle) {
      const hint = `set profiles.${name}.computeIdentity to ${key === 'tokenFile' ? 'container' : 'vpc or power-vs'}, or remove it`;
      findings.push(warning(`profiles.${name}.${key} has no effect`, { hint }));
    }
  }
  return findings;
}

const VARIABLES = [
  'ICR_API_KEY',
  'ICR_API_KEY_FILE',
  'ICR_CREDENTIAL_KIND',
  'ICR_PROFILE',
  'ICR_STORE_KEY_FILE',
  'ICR_STORE_PASSPHRASE',
];

/** Others have variables of this prefix too: only what looks mistyped is named. */
function inspectVariables({ env }: System): Finding[] {
  return Object.keys(env).flatMap((name) => {
    if (!/^ICR_/i.test(name) || VARIABLES.includes(name) || !env[name]) return [];
    const meant = nearestOf(
      name.slice(4),
      VARIABLES.map((known) => known.slice(4)),
    );
    if (!meant) return [];
    return [warning(`the variable ${name} has no effect`, { hint: `name it ICR_${meant} if that is meant` })];
  });
}
