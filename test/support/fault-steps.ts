import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileSettings } from '../../src/config/settings.ts';
import type { Fault } from '../fakes/faults.ts';
import { standInBrowser } from './browser.ts';
import { helperOf, type Run, runHelper } from './executable.ts';
import { type LocalIam, startLocalIam } from './local-iam.ts';
import { startLocalMetadata } from './local-metadata.ts';

/** A place at which the program talks to somebody, in a home of its own. */
export interface Step {
  /** Null: none. All requests of this step meet it, and those of no other. */
  setFault(fault: Fault | null): void;
  run(): Promise<Run>;
  /** What must not be seen in any output. */
  secrets: string[];
  local: LocalIam;
}

/** `get` with each kind of credential, and what people run. */
export const STEPS = {
  'key exchange': async () => {
    const local = await startLocalIam();
    const { iam, env, apiKey } = local;
    return {
      local,
      setFault: (fault) => iam.setFault(fault),
      run: () => helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io'),
      secrets: [apiKey],
    };
  },
  refresh: async () => {
    const local = await startLocalIam();
    const { iam, env } = local;
    const session = newSession(local);
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    return {
      local,
      setFault: (fault) => iam.setFault(fault),
      run: () => helperOf(env).get('us.icr.io'),
      secrets: [session],
    };
  },
  assume: async () => {
    const { local, configure, deployer, builder } = await startWithProfile();
    const { iam, home, env } = local;
    const keyFile = join(home.folder, 'key');
    const key = iam.addApiKey(deployer);
    writeFileSync(keyFile, key, { mode: 0o600 });
    configure({ keyFile, trustedProfile: builder.id });
    return {
      local,
      setFault: (fault) => {
        // The key's own exchange comes first.
        if (fault) iam.failNext(1, { kind: 'delay', milliseconds: 0 });
        iam.setFault(fault);
      },
      run: () => helperOf(env).get('us.icr.io'),
      secrets: [key],
    };
  },
  'cr-token': async () => {
    const { local, configure, builder } = await startWithProfile();
    const tokenFile = join(local.home.folder, 'token');
    const crToken = local.iam.addCrToken(builder);
    writeFileSync(tokenFile, crToken);
    configure({ computeIdentity: 'container', tokenFile, trustedProfile: builder.id });
    return {
      local,
      setFault: (fault) => local.iam.setFault(fault),
      run: () => helperOf(local.env).get('us.icr.io'),
      secrets: [crToken],
    };
  },
  'metadata PUT': () => metadataStep('vpc', '/instance_identity/v1/token'),
  'metadata POST': () => metadataStep('vpc', '/instance_identity/v1/iam_token'),
  'metadata v2 POST': () => metadataStep('power-vs', '/identity/v1/iam_tokens'),
  'login: key': async () => {
    const local = await startLocalIam();
    const { iam, env, apiKey } = local;
    return {
      local,
      setFault: (fault) => iam.setFault(fault),
      run: () => runHelper(['login', '--apikey-stdin'], { env, input: apiKey }),
      secrets: [apiKey],
    };
  },
  'login: discovery': async () => {
    const local = await startLocalIam();
    const { iam, url, home } = local;
    iam.endpoints = url;
    iam.logInBrowser(iam.addUser({ email: 'berta@example.com', iamId: 'IBMid-berta' }));
    const { env } = standInBrowser(home.folder, local.env);
    return {
      local,
      setFault: (fault) => iam.setFault(fault, '/identity/.well-known/openid-configuration'),
      run: () => runHelper(['login', '--web'], { env }),
      secrets: [],
    };
  },
  'login: one-time code': async () => {
    const local = await startLocalIam();
    const { iam, env } = local;
    const code = iam.addPasscode(iam.addUser({ email: 'berta@example.com', iamId: 'IBMid-berta' }));
    return {
      local,
      setFault: (fault) => iam.setFault(fault),
      run: () => runHelper(['login', '--sso', '--passcode-stdin'], { env, input: code }),
      secrets: [code],
    };
  },
} satisfies Record<string, () => Promise<Step>>;

export function newSession({ iam }: LocalIam): string {
  const { sessions } = iam.trusted;
  const user = iam.addUser({ email: 'carla@example.com', iamId: 'IBMid-carla' });
  return sessions.newRefreshToken(sessions.open(user, 'bx'));
}

async function startWithProfile() {
  const local = await startLocalIam();
  const { iam, home, url } = local;
  const deployer = iam.addServiceId({ name: 'deployer' });
  const builder = iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
  const configure = (profile: ProfileSettings) =>
    home.configure({ iamEndpoint: url, profiles: { default: profile } });
  return { local, deployer, builder, configure };
}

async function metadataStep(computeIdentity: 'vpc' | 'power-vs', path: string): Promise<Step> {
  const { local, configure, builder } = await startWithProfile();
  const { metadata, metadataUrl } = await startLocalMetadata(local.iam, { defaultProfile: builder });
  configure({ computeIdentity, metadataUrl, trustedProfile: builder.id });
  return {
    local,
    setFault: (fault) => metadata.setFault(fault, path),
    run: () => helperOf(local.env).get('us.icr.io'),
    secrets: [],
  };
}
