import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../fakes/iam/identities.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { type Dockerd, startDockerd } from '../support/dockerd.ts';
import { helperOf, runHelper } from '../support/executable.ts';

/** Every identity in every kind that it can be handed out as, pulled with by every client. */
let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;
let image: ClientHome;
let user: Identity;
let serviceId: Identity;
let profile: Identity;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  user = cloud.iam.addUser({ email: 'anna@example.com', iamId: 'IBMid-anna' });
  serviceId = cloud.iam.addServiceId({ name: 'deployer' });
  profile = cloud.iam.addTrustedProfile({ name: 'builder', trusts: [serviceId, user] });
  cloud.icr.allow(user, 'ns', 'manager');
  cloud.icr.allow(serviceId, 'ns', 'reader');
  cloud.icr.allow(profile, 'ns', 'reader');
  cloud.metadata.defaultProfile = profile;
  image = await makeClientHome({ caFile: cloud.caFile });
  const key = cloud.iam.addApiKey(user);
  await image.run('skopeo', ['copy', '--dest-creds', `iamapikey:${key}`, image.image, `docker://${APP}`]);
});
afterAll(async () => {
  image?.cleanUp();
  await dockerd?.stop();
  await cloud?.stop();
});
beforeEach(async () => {
  cloud.iam.reset();
  cloud.icr.reset();
  home = await makeClientHome({ caFile: cloud.caFile, env: { DOCKER_HOST: dockerd.host } });
});
afterEach(() => home?.cleanUp());

const APP = 'us.icr.io/ns/app:v1';

const PULLS: Record<string, () => Promise<unknown>> = {
  docker: async () => {
    await home.attempt('docker', ['rmi', '--force', APP]);
    await home.run('docker', ['pull', APP]);
  },
  podman: () => home.run('podman', ['pull', APP]),
  skopeo: () => home.run('skopeo', ['copy', `docker://${APP}`, `dir:${join(home.folder, 'pulled')}`]),
};

interface Row {
  identity: string;
  /** The user names that ICR is shown, by the kind that is asked for. */
  kinds: Record<string, string>;
  /** Whose it is. */
  who(): Identity;
  /** Gives this home the identity; what has to stand in the environment. */
  prepare(): Promise<Record<string, string>>;
  /** How `status` calls the source. */
  source: string | RegExp;
}

const TOKEN = { iambearer: 'iambearer' };
const KEY = { ...TOKEN, iamapikey: 'iamapikey', iamrefresh: 'iamrefresh' };
const SESSION = { ...TOKEN, iamrefresh: 'iamrefresh' };

const file = (name: string, content: string) => {
  const path = join(home.folder, name);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};
const asProfile = (settings: object) => home.configure({ profiles: { default: settings } });
const login = async (input: string, ...args: string[]) => {
  const run = await runHelper(['login', ...args], { env: home.env, input });
  expect(run).toMatchObject({ code: 0 });
};

const ROWS: Row[] = [
  {
    identity: 'a user’s API key, logged in',
    kinds: KEY,
    who: () => user,
    source: 'your login',
    prepare: async () => {
      await login(cloud.iam.addApiKey(user), '--apikey-stdin');
      return {};
    },
  },
  {
    identity: 'a service ID’s API key, logged in',
    kinds: KEY,
    who: () => serviceId,
    source: 'your login',
    prepare: async () => {
      await login(cloud.iam.addApiKey(serviceId), '--apikey-stdin');
      return {};
    },
  },
  {
    identity: 'the key file of ibmcloud iam api-key-create',
    kinds: KEY,
    who: () => serviceId,
    source: 'the login of profile default',
    prepare: async () => {
      const apikey = cloud.iam.addApiKey(serviceId);
      const content = {
        name: 'ci',
        description: '',
        apikey,
        createdAt: '2026-08-01T15:49+0000',
        locked: false,
      };
      asProfile({ keyFile: file('key.json', JSON.stringify(content)) });
      return {};
    },
  },
  {
    identity: 'ICR_API_KEY',
    kinds: KEY,
    who: () => user,
    source: /ICR_API_KEY/,
    prepare: async () => ({ ICR_API_KEY: cloud.iam.addApiKey(user) }),
  },
  {
    identity: 'IBMCLOUD_API_KEY=@file',
    kinds: KEY,
    who: () => user,
    source: /IBMCLOUD_API_KEY/,
    prepare: async () => ({ IBMCLOUD_API_KEY: `@${file('key', cloud.iam.addApiKey(user))}` }),
  },
  {
    identity: 'a session of login --sso',
    kinds: SESSION,
    who: () => user,
    source: 'your login',
    prepare: async () => {
      await login(cloud.iam.addPasscode(user), '--sso', '--passcode-stdin');
      return {};
    },
  },
  {
    identity: 'the session of the ibmcloud CLI',
    kinds: TOKEN,
    who: () => user,
    source: /ibmcloud/,
    prepare: async () => {
      const { token } = cloud.iam.trusted.accessTokens.issue(user, { grantType: 'passcode', client: 'bx' });
      const session = {
        IAMToken: `Bearer ${token}`,
        IAMRefreshToken: 'not-ours-to-redeem',
        IAMEndpoint: 'https://iam.cloud.ibm.com',
      };
      file('.bluemix/config.json', JSON.stringify(session));
      return {};
    },
  },
  {
    identity: 'a container’s compute resource token',
    kinds: TOKEN,
    who: () => profile,
    source: 'the login of profile default',
    prepare: async () => {
      const tokenFile = file('sa-token', cloud.iam.addCrToken(profile));
      asProfile({ computeIdentity: 'container', tokenFile, trustedProfile: 'builder' });
      return {};
    },
  },
  {
    identity: 'IBMCLOUD_CR_TOKEN',
    kinds: TOKEN,
    who: () => profile,
    source: /IBMCLOUD_CR_TOKEN|environment/,
    prepare: async () => ({
      IBMCLOUD_CR_TOKEN: `@${file('sa-token', cloud.iam.addCrToken(profile))}`,
      IBMCLOUD_CR_PROFILE: profile.id,
    }),
  },
  ...(['v1', 'v2'] as const).map(
    (mode): Row => ({
      identity: `a VPC instance, metadata ${mode}`,
      kinds: TOKEN,
      who: () => profile,
      source: 'the login of profile default',
      prepare: async () => {
        cloud.metadata.mode = mode;
        asProfile({ computeIdentity: 'vpc' });
        return {};
      },
    }),
  ),
  {
    identity: 'a Power virtual server',
    kinds: TOKEN,
    who: () => profile,
    source: 'the login of profile default',
    prepare: async () => {
      cloud.metadata.mode = 'both';
      asProfile({ computeIdentity: 'power-vs', trustedProfile: profile.id });
      return {};
    },
  },
  {
    identity: 'a trusted profile that a service ID’s key assumes',
    kinds: { ...TOKEN, iamapikey: 'Profile-' },
    who: () => profile,
    source: 'the login of profile default',
    prepare: async () => {
      asProfile({ trustedProfile: profile.id });
      await login(cloud.iam.addApiKey(serviceId), '--apikey-stdin');
      return {};
    },
  },
  {
    identity: 'a trusted profile that a session assumes, by its CRN',
    kinds: TOKEN,
    who: () => profile,
    source: 'the login of profile default',
    prepare: async () => {
      asProfile({ trustedProfile: profile.crn });
      await login(cloud.iam.addPasscode(user), '--sso', '--passcode-stdin');
      return {};
    },
  },
  {
    identity: 'Profile-<uuid> as registry user, stored by a client',
    kinds: { iambearer: 'Profile-' },
    who: () => profile,
    source: 'the stored login',
    prepare: async () => {
      await helperOf(home.env).store('us.icr.io', profile.id, cloud.iam.addApiKey(serviceId));
      return {};
    },
  },
];

const CASES = ROWS.flatMap((row) =>
  Object.entries(row.kinds).map(([kind, username]) => ({ row, kind, username })),
);

describe.each(CASES)('$row.identity as $kind', ({ row, kind, username }) => {
  it(`pulls with ${Object.keys(PULLS).join(', ')}, and status says whose it is`, async () => {
    const variables = { ...(await row.prepare()), ICR_CREDENTIAL_KIND: kind };
    Object.assign(home.env, variables);
    for (const [client, pull] of Object.entries(PULLS)) {
      cloud.icr.tokenRequests.length = 0;
      await pull();
      const last = cloud.icr.tokenRequests.at(-1);
      expect(last, client).toMatchObject({ identity: row.who().name, status: 200 });
      expect(last?.username, client).toMatch(new RegExp(`^${username}`));
    }
    const status = await runHelper(['status', '--json', 'us.icr.io'], { env: home.env });
    const [registry] = JSON.parse(status.stdout).registries;
    expect(registry.source).toMatch(row.source);
    if (username === 'iambearer') expect(registry.identity).toMatchObject({ iamId: row.who().iamId });
    const doctor = await runHelper(['doctor', '--json', 'us.icr.io'], { env: home.env });
    const failures = JSON.parse(doctor.stdout).findings.filter(
      (finding: { status: string }) => finding.status === 'failure',
    );
    expect(failures).toEqual([]);
  });
});
