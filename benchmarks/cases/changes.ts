import { type Case, logIn, REGISTRY, single, storing } from '../case.ts';
import type { Step, Subject } from '../measure.ts';
import { secretservice } from '../peers.ts';
import { type CallOf, isThere, KEYRING_PROGRAMS, learn } from '../world.ts';

const FOREIGN = 'https://registry.example';
const CREDENTIALS = storing(FOREIGN, 'somebody', 'a-password-of-44-characters-for-the-benchmark');

type Caller = (verb: string, input: string) => CallOf;

/** Every `store` keeps something new, every `erase` finds something. */
export const changes: Case = {
  name: 'changes',
  title: 'Store and erase',
  prepare: async (world) => {
    const hasKeyring = isThere(KEYRING_PROGRAMS);
    const inFiles = await world.makeHome();
    const inKeychain = hasKeyring ? await world.makeHome({ keychain: true }) : null;
    const peer = hasKeyring ? await secretservice(world) : null;
    const icr = await logIn(world, inFiles);
    const eraseIcr = await learn(inFiles.call('erase', REGISTRY));
    return {
      beside: 'store, secretservice',
      subjects: [
        ...(inKeychain ? await both('in the keychain', inKeychain.call) : []),
        ...(peer ? await both('secretservice', peer) : []),
        ...(await both('in files', inFiles.call)),
        { ...single('store, ICR, in files', icr), before: [{ run: eraseIcr }] },
        { ...single('erase, ICR, in files', eraseIcr), before: [{ run: icr }] },
      ],
    };
  },
};

async function both(where: string, call: Caller): Promise<Subject[]> {
  const store: Step = await learn(call('store', CREDENTIALS));
  const erase: Step = await learn(call('erase', FOREIGN));
  return [
    { ...single(`store, ${where}`, store), before: [{ run: erase }] },
    { ...single(`erase, ${where}`, erase), before: [{ run: store }] },
  ];
}
