// Asks the keychain as the Node flavour does, and gives up when its standard input ends.
import { openKeychainBackend } from '../../src/stores/keychain-node.ts';

void openKeychainBackend().get('anything');
process.stdin.on('end', () => process.exit(1)).resume();
