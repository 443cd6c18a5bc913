import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { EXECUTABLE, runHelper } from '../support/executable.ts';
import { makeHome } from '../support/test-home.ts';

/** What docs/clients.md says about real clients: whom they ask for us.icr.io. */
const CLIENTS = {
  docker: ['docker', 'manifest', 'inspect', 'us.icr.io/ns/app:1'],
  skopeo: ['skopeo', 'inspect', 'docker://us.icr.io/ns/app:1'],
} as const;
type ClientName = keyof typeof CLIENTS;

const FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'];
const isMissing = (client: ClientName) => !FOLDERS.some((folder) => existsSync(join(folder, client)));

/** A home whose helper notes that it was asked; no request leaves this machine. */
function makeUser() {
  const home = makeHome();
  const bin = join(home.folder, 'bin');
  const log = join(home.folder, 'asked');
  mkdirSync(bin);
  const script = `#!/bin/sh\necho "$1" >> ${log}\nexec ${EXECUTABLE} "$@"\n`;
  writeFileSync(join(bin, 'docker-credential-icr'), script, { mode: 0o755 });
  const env = {
    ...home.env,
    PATH: [bin, ...FOLDERS].join(':'),
    HTTPS_PROXY: 'http://127.0.0.1:9',
    ICR_API_KEY: 'configure-test-key-0123456789-abcdefghijklmn',
    ICR_CREDENTIAL_KIND: 'iamapikey',
  };
  const isAsked = (client: ClientName) => {
    rmSync(log, { force: true });
    const [program, ...args] = CLIENTS[client];
    spawnSync(program, args, { env, timeout: 30_000 });
    return existsSync(log) && readFileSync(log, 'utf8').startsWith('get\n');
  };
  const write = (file: string, key: string) => {
    const path = join(home.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ auths: { [key]: { auth: 'eDp5' } } }));
  };
  return { env, isAsked, write, run: (...args: string[]) => runHelper(args, { env }) };
}

const DOCKER = '.docker/config.json';
const CONTAINERS = 'run/containers/auth.json';

const names = Object.keys(CLIENTS) as ClientName[];
for (const client of names) {
  it.skipIf(isMissing(client))(`${client} asks after configure, and no more after unconfigure`, async () => {
    const user = makeUser();
    expect(user.isAsked(client)).toBe(false);
    await user.run('configure');
    expect(user.isAsked(client)).toBe(true);
    await user.run('unconfigure');
    expect(user.isAsked(client)).toBe(false);
  });

  it.skipIf(isMissing(client)).each(['us.icr.io', 'https://us.icr.io', 'us.icr.io:443', 'us.icr.io/ns'])(
    `${client} asks in spite of a login for %s in the same file`,
    async (key) => {
      const user = makeUser();
      user.write(DOCKER, key);
      user.write(CONTAINERS, key);
      await user.run('configure');
      expect(user.isAsked(client)).toBe(true);
    },
  );
}

it.skipIf(isMissing('skopeo')).each(['us.icr.io', 'https://us.icr.io', 'us.icr.io/ns'])(
  'skopeo takes a login for %s in auth.json before docker’s helper, and configure says so',
  async (key) => {
    const user = makeUser();
    user.write(CONTAINERS, key);
    const { stderr } = await user.run('configure', '--client', 'docker');
    expect(stderr).toContain(
      `${CONTAINERS} holds a login for ${key} in clear text, which clients use without asking this helper`,
    );
    expect(user.isAsked('skopeo')).toBe(false);
  },
);
