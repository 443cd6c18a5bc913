import { type Case, logIn, single, storing } from '../case.ts';
import { pass, secretservice } from '../peers.ts';
import { isThere, KEYRING_PROGRAMS, learn } from '../world.ts';

const FOREIGN = 'https://registry.example';

/** The stored secret itself is the answer: one question to the keyring. */
export const keychain: Case = {
  name: 'keychain',
  title: 'Answers from the keychain (GNOME’s keyring on a bus of its own)',
  prepare: async (world) => {
    if (!isThere(KEYRING_PROGRAMS)) return { subjects: [], needs: 'dbus and gnome-keyring' };
    const home = await world.makeHome({ keychain: true, settings: { credentialKind: 'iamapikey' } });
    await logIn(world, home);
    const credentials = storing(FOREIGN, 'somebody', 'a-password-of-44-characters-for-the-benchmark');
    await learn(home.call('store', credentials));
    const peers = { secretservice: await secretservice(world), pass: await pass(world) };
    const peerGet = async (name: keyof typeof peers) => {
      const call = peers[name];
      if (!call) return null;
      await learn(call('store', credentials));
      return single(`${name} get`, await learn(call('get', FOREIGN)));
    };
    return {
      beside: 'secretservice get',
      subjects: [
        single('keychain get', await learn(home.call('get', 'us.icr.io'))),
        single('keychain get, foreign host', await learn(home.call('get', FOREIGN))),
        await peerGet('secretservice'),
        await peerGet('pass'),
      ],
    };
  },
};
