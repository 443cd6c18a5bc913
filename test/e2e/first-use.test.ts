import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { DOCKER_CLIENTS, type Dockerd, startDockerd } from '../support/dockerd.ts';
import { command, succeed } from '../support/processes.ts';
import { typeAt } from '../support/typing.ts';

/** Somebody who has nothing: install, login at a terminal, pull. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
});
afterAll(async () => {
  await dockerd?.stop();
  await cloud?.stop();
});
afterEach(() => home?.cleanUp());

it('three commands lead from nothing to a pull with podman, skopeo and docker', async () => {
  home = await makeClientHome({
    caFile: cloud.caFile,
    env: { DOCKER_HOST: dockerd.host, TERM: 'xterm', NO_COLOR: '1' },
  });
  for (const folder of ['.docker', 'run/containers']) rmSync(join(home.folder, folder), { recursive: true });
  const { apiKey } = addManager(cloud);
  const creds = `iamapikey:${apiKey}`;
  await home.run('skopeo', ['copy', '--dest-creds', creds, home.image, 'docker://us.icr.io/ns/app:v1']);
  const env = { ...home.env, PATH: `${home.folder}/.local/bin:/usr/sbin:/usr/bin:/sbin:/bin` };
  const run = (program: string, ...args: string[]) => command(program, args, { env, cwd: home.folder });
  const image = 'us.icr.io/ns/app:v1';
  expect((await run('skopeo', 'inspect', `docker://${image}`)).code).not.toBe(0);

  // The build is what is tested, also while somebody edits the sources: it must not be made anew here.
  const now = new Date();
  for (const file of ['docker-credential-icr', 'docker-credential-icr.1'])
    utimesSync(join(root, 'dist', file), now, now);
  await succeed('/bin/sh', ['install.sh', '--prefix', join(home.folder, '.local')], { env, cwd: root });
  const dialogue = [
    ['IBM Cloud API key: ', `${apiKey}\r`],
    ['Configure the clients', '\r'],
  ] as const;
  const login = await typeAt('docker-credential-icr login', dialogue, env);
  expect(login).toMatchObject({ code: 0, stdout: expect.stringContaining('Logged in as anna@example.com') });
  cloud.iam.reset();

  expect(await run('podman', 'pull', image)).toMatchObject({ code: 0 });
  expect(await run('skopeo', 'inspect', `docker://${image}`)).toMatchObject({ code: 0 });
  for (const docker of DOCKER_CLIENTS) expect(await run(docker, 'pull', image)).toMatchObject({ code: 0 });
  // The token that the login's check brought was enough.
  expect(cloud.iam.tokenRequests()).toBe(0);

  expect(await run('docker-credential-icr', 'doctor', 'us.icr.io')).toMatchObject({ code: 0 });
  await run('docker-credential-icr', 'logout');
  expect((await run('skopeo', 'inspect', `docker://${image}`)).code).not.toBe(0);
});
