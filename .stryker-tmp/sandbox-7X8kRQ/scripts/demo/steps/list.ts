import { REGISTRY, type Step } from '../demo.ts';
import { verify } from '../failure.ts';
import { HELPER } from '../shell.ts';

export const list: Step = {
  title: 'List what is stored',
  async run({ cloud, say, shell }) {
    say.command(`${HELPER} list`);
    const { code, stdout } = await shell.helper('list', '');
    verify(code === 0, `list ended with ${code}: ${stdout.trim()}`);
    say.output(stdout);
    verify(stdout.trim() === JSON.stringify({ [REGISTRY]: 'iamapikey' }), `list printed ${stdout.trim()}`);
    const requests = cloud.iam.exchanges.length + cloud.icr.tokenRequests.length;
    verify(requests === 1, 'list asked somebody');
    say.checked('registry and user name, no secret, without a request to anybody');
    return 'registries and user names, offline';
  },
};
