import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ordinaryAccount } from '../support/accounts.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { command } from '../support/processes.ts';

async function prepare() {
  const local = await startLocalIam();
  const file = join(local.home.folder, 'key');
  writeFileSync(file, local.apiKey);
  const configure = () =>
    local.home.configure({ iamEndpoint: local.url, profiles: { default: { keyFile: file } } });
  /** Every way to name a file. */
  const ways: [string, () => ReturnType<typeof runHelper>][] = [
    ['ICR_API_KEY_FILE', () => helperOf({ ...local.env, ICR_API_KEY_FILE: file }).get('us.icr.io')],
    ['IBMCLOUD_API_KEY', () => helperOf({ ...local.env, IBMCLOUD_API_KEY: `@${file}` }).get('us.icr.io')],
    ['--apikey-file', () => runHelper(['login', '--apikey-file', file], { env: local.env })],
    [
      'profiles.default.keyFile',
      () => {
        configure();
        return helperOf(local.env).get('us.icr.io');
      },
    ],
  ];
  return { ...local, file, ways };
}

describe('a key file', () => {
  it.each([
    [0o644, 'every user of this machine'],
    [0o604, 'every user of this machine'],
    [0o640, 'its group'],
  ])('of ours, %o, is refused with a reason', async (mode, readers) => {
    const { iam, file, ways, apiKey } = await prepare();
    chmodSync(file, mode);
    for (const [name, run] of ways) {
      const { code, stdout, stderr } = await run();
      expect(code).toBe(1);
      expect(stderr).toContain(`${name} names ${file}, which ${readers} can read: it is not used`);
      expect(stderr).toContain(`run chmod 600 ${file}`);
      expect(stdout + stderr).not.toContain(apiKey);
    }
    expect(iam.exchanges).toEqual([]);
  });

  it.each([0o600, 0o400])('of ours, %o, is used', async (mode) => {
    const { file, ways } = await prepare();
    chmodSync(file, mode);
    for (const [, run] of ways) expect(await run()).toMatchObject({ code: 0 });
  });

  it.runIf(process.geteuid?.() === 0)('of somebody else that our group can read is used', async () => {
    const { file, env } = await prepare();
    const { uid, gid } = ordinaryAccount();
    chownSync(file, uid, gid);
    chmodSync(file, 0o640);
    expect(credentialsOf(await helperOf({ ...env, ICR_API_KEY_FILE: file }).get('us.icr.io'))).toBeTruthy();
    chmodSync(file, 0o644);
    expect(await helperOf({ ...env, ICR_API_KEY_FILE: file }).get('us.icr.io')).toMatchObject({ code: 1 });
  });

  it.runIf(process.geteuid?.() === 0)(
    'of root’s in one more group of the pod (fsGroup) is used',
    async () => {
      const { file, env } = await prepare();
      const { gid } = ordinaryAccount();
      chownSync(file, 0, gid);
      chmodSync(file, 0o440);
      const variables = { ...env, ICR_API_KEY_FILE: file };
      expect(await helperOf(variables).get('us.icr.io')).toMatchObject({ code: 1 });
      const inGroup = ['--groups', String(gid), EXECUTABLE, 'get'];
      const run = await command('/usr/bin/setpriv', inGroup, { env: variables, input: 'us.icr.io' });
      expect(credentialsOf(run)).toBeTruthy();
    },
  );

  it('may be a pipe that somebody takes their time to write into', async () => {
    const { env, apiKey } = await prepare();
    // Opened by the shell first: whoever writes into it is none of the helper's children.
    const get = `ICR_API_KEY_FILE=/dev/fd/3 '${EXECUTABLE}' get <<<us.icr.io; exit`;
    const script = `exec 3< <(sleep 0.5; echo "$KEY"); ${get}`;
    const run = await command('/bin/bash', ['-c', script], { env: { ...env, KEY: apiKey } });
    expect(credentialsOf(run)).toBeTruthy();
  });

  it('may be a pipe, whose mode means nothing', async () => {
    const { env, apiKey } = await prepare();
    // bash has filled it before anything starts.
    const get = `chmod 644 /dev/fd/3; ICR_API_KEY_FILE=/dev/fd/3 '${EXECUTABLE}' get <<<us.icr.io`;
    const script = `{ ${get}; } 3<<<"$KEY"`;
    const run = await command('/bin/bash', ['-c', script], { env: { ...env, KEY: apiKey } });
    expect(credentialsOf(run)).toBeTruthy();
  });
});
