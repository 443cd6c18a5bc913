import { cache } from './cache.ts';
import { chain } from './chain.ts';
import type { Check } from './check.ts';
import { clients } from './clients.ts';
import { exchange } from './exchange.ts';
import { iam } from './iam.ts';
import { keychain } from './keychain.ts';
import { program } from './program.ts';
import { registry } from './registry.ts';
import { secrets } from './secrets.ts';
import { settings } from './settings.ts';

/** From what starts the program to what it reaches: the first failure is most likely the cause. */
export const CHECKS: readonly Check[] = [
  program,
  clients,
  settings,
  keychain,
  secrets,
  cache,
  chain,
  iam,
  exchange,
  registry,
];
