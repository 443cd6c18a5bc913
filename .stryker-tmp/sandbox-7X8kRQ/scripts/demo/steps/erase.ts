import type { Client } from '../clients/client.ts';
import { REGISTRY, type Step } from '../demo.ts';
import { verify } from '../failure.ts';
import { HELPER } from '../shell.ts';

const NOT_FOUND = 'credentials not found in native keychain';

/** `used`: the clients that could pull until now. */
export function erase(used: readonly Client[]): Step {
  return {
    title: 'Log out',
    async run(demo) {
      const { cloud, say, shell } = demo;
      say.command(`echo ${REGISTRY} | ${HELPER} erase`);
      const erased = await shell.helper('erase', `${REGISTRY}\n`);
      verify(erased.code === 0, `erase ended with ${erased.code}: ${erased.stdout.trim()}`);
      say.command(`echo ${REGISTRY} | ${HELPER} get`);
      const { code, stdout } = await shell.helper('get', `${REGISTRY}\n`);
      say.output(stdout);
      verify(code === 1 && stdout.trim() === NOT_FOUND, `after erase, get said: ${stdout.trim()}`);
      const listed = (await shell.helper('list', '')).stdout.trim();
      verify(listed === '{}', `after erase, list said: ${listed}`);
      const [client] = used;
      verify(client !== undefined && !(await client.canPull(demo)), `${client?.name} can still pull`);
      verify(cloud.iam.tokenRequests() === 1, 'IAM was asked after the logout');
      say.checked(`not found any more, and ${client.name} is refused`);
      return 'after erase nothing is found and a pull is refused';
    },
  };
}
