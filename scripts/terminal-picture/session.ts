import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeClientHome } from '../../test/support/client-home.ts';
import { startCloud } from '../../test/support/cloud.ts';
import { startDockerd } from '../../test/support/dockerd.ts';
import { startKeyring } from '../../test/support/keyring.ts';
import { type Dialogue, typeAt } from '../../test/support/typing.ts';

/** A command, and what the terminal showed then: escape sequences and all. */
export interface Shown {
  command: string;
  output: string;
}

const IMAGE = 'us.icr.io/ns/app:v1';
const COMMANDS = [
  'docker-credential-icr login',
  `docker pull --quiet ${IMAGE}`,
  `podman pull --quiet ${IMAGE}`,
  `skopeo inspect --format '{{.Name}} {{.Os}}' docker://${IMAGE}`,
  'docker-credential-icr status us.icr.io de.icr.io',
];

/** Somebody who has the program and nothing else, at a terminal; inside scripts/namespace.sh. */
export async function record(): Promise<Shown[]> {
  const stops: (() => Promise<void> | void)[] = [];
  try {
    const cloud = await startCloud();
    stops.unshift(cloud.stop);
    const dockerd = await startDockerd(cloud.caFile);
    stops.unshift(dockerd.stop);
    const anna = cloud.iam.addUser({ email: 'anna@example.com', iamId: 'IBMid-270001ABCD' });
    cloud.icr.allow(anna, 'ns', 'manager');
    const apiKey = cloud.iam.addApiKey(anna);
    const home = await makeClientHome({
      caFile: cloud.caFile,
      env: { DOCKER_HOST: dockerd.host, TERM: 'xterm-256color', USER: 'anna' },
    });
    stops.unshift(home.cleanUp);
    const keyring = await startKeyring({ folder: home.folder });
    stops.unshift(keyring.stop);
    const env = { ...home.env, DBUS_SESSION_BUS_ADDRESS: keyring.address };
    const creds = `iamapikey:${apiKey}`;
    await home.run('skopeo', ['copy', '--dest-creds', creds, home.image, `docker://${IMAGE}`]);
    for (const folder of ['.docker', 'run/containers'])
      rmSync(join(home.folder, folder), { recursive: true });

    const typed: Dialogue = [
      ['IBM Cloud API key: ', `${apiKey}\r`],
      ['Configure the clients', '\r'],
    ];
    const shown: Shown[] = [];
    for (const command of COMMANDS) {
      const { code, stdout } = await typeAt(command, command.endsWith('login') ? typed : [], env);
      if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}`);
      shown.push({ command, output: mask(stdout, home.folder) });
    }
    return shown;
  } finally {
    for (const stop of stops) await stop();
  }
}

/** What is different each time: ids, digests, times, and the test's own folder. */
function mask(output: string, folder: string): string {
  return output
    .replaceAll(join(folder, 'run'), '/run/user/1000')
    .replaceAll(folder, '/home/anna')
    .replace(/\b(?:[0-9a-f]{32}){1,2}\b/g, MASKED)
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, MASKED);
}

const MASKED = '········';
