import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../test/support/processes.ts';
import type { Step } from './measure.ts';
import { type CallOf, isThere, KEYRING_PROGRAMS, learn, type World } from './world.ts';

/** Debian's credential helpers, each set up so that it answers by itself, without a network. */
export const ECR_LOGIN = '/usr/bin/docker-credential-ecr-login';
export const SECRETSERVICE = '/usr/bin/docker-credential-secretservice';
export const PASS = '/usr/bin/docker-credential-pass';
export const CURL = '/usr/bin/curl';

const ECR_HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const ACCESS_KEY_ID = 'BENCH';

/** Calls of amazon-ecr-credential-helper with a full cache for these registries; null without it. */
export async function ecrLogin(world: World, hosts: readonly string[] = [ECR_HOST]): Promise<Step[] | null> {
  if (!isThere([ECR_LOGIN])) return null;
  const home = world.makeFolder();
  mkdirSync(join(home, '.ecr'));
  writeFileSync(join(home, '.ecr/cache.json'), JSON.stringify(ecrCache(hosts)));
  const env = {
    HOME: home,
    PATH: '/usr/bin:/bin',
    AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: 'bench',
    // A cache that it does not take must not become a question to anybody.
    HTTPS_PROXY: 'http://127.0.0.1:9',
  };
  const calls = hosts.map((input) => learn({ argv: [ECR_LOGIN, 'get'], env, input }));
  return Promise.all(calls);
}

/** Of 0.6.0 (ecr-login/cache/file.go, build.go: the "checksum" is the key id followed by the MD5 of nothing). */
function ecrCache(hosts: readonly string[]) {
  const digest = createHash('md5').digest();
  const checksum = Buffer.concat([Buffer.from(ACCESS_KEY_ID), digest]).toString('base64');
  const now = Date.now();
  const entries = hosts.map((host) => {
    const [registry, , , region] = host.split('.');
    const entry = {
      // As long as one of ECR's.
      AuthorizationToken: Buffer.from(`AWS:${'p'.repeat(1_800)}`).toString('base64'),
      RequestedAt: new Date(now).toISOString(),
      ExpiresAt: new Date(now + 12 * 3_600_000).toISOString(),
      ProxyEndpoint: `https://${host}`,
      Service: 'ecr',
    };
    return [`${region}-${checksum}-${registry}`, entry];
  });
  return { Registries: Object.fromEntries(entries), Version: '1.0' };
}

/** docker-credential-secretservice on the benchmark's own keyring; null without either. */
export async function secretservice(world: World) {
  if (!isThere([SECRETSERVICE, ...KEYRING_PROGRAMS])) return null;
  const { address } = await world.keyring();
  const env = { HOME: world.makeFolder(), PATH: '/usr/bin:/bin', DBUS_SESSION_BUS_ADDRESS: address };
  return (verb: string, input: string): CallOf => ({ argv: [SECRETSERVICE, verb], env, input });
}

/** docker-credential-pass with a GPG key of its own that has no passphrase; null without it. */
export async function pass(world: World) {
  if (!isThere([PASS, '/usr/bin/pass', '/usr/bin/gpg'])) return null;
  const home = world.makeFolder();
  const env = { HOME: home, PATH: '/usr/bin:/bin', GNUPGHOME: join(home, 'gnupg') };
  mkdirSync(env.GNUPGHOME, { mode: 0o700 });
  const key = ['--quick-generate-key', 'bench@example.com', 'default', 'default', 'never'];
  await succeed('/usr/bin/gpg', ['--batch', '--passphrase', '', ...key], { env });
  await succeed('/usr/bin/pass', ['init', 'bench@example.com'], { env });
  // Its agent would outlive us; only the one of this folder ends.
  world.atEnd(async () => void (await succeed('/usr/bin/gpgconf', ['--kill', 'gpg-agent'], { env })));
  return (verb: string, input: string): CallOf => ({ argv: [PASS, verb], env, input });
}
