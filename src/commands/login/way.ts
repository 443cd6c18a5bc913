import type { App } from '../../app.ts';
import { HelperError } from '../../errors.ts';
import type { Secret } from '../../secret.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { Tokens } from '../../tokens.ts';
import type { CommandInput } from '../command.ts';

/** A credential that IAM has just accepted. */
export interface Accepted {
  username: 'iamapikey' | 'iamrefresh';
  secret: Secret;
  /** What it was accepted with: the first access token to be handed out. */
  tokens: Tokens;
}

export interface WayContext {
  input: CommandInput;
  /** Base URL of the IAM that is asked. */
  issuer: string;
  app: App;
  terminal: Terminal;
}

/** A way to obtain a credential. */
export type Way = (context: WayContext) => Promise<Accepted>;

/** Options that say how to log in, and for which way each stands. */
const WAYS: Readonly<Record<string, string>> = {
  sso: 'passcode',
  'passcode-stdin': 'passcode',
  web: 'browser',
  'apikey-stdin': 'key from stdin',
  'apikey-file': 'key from a file',
};

/** The one way that stands on the command line; without any, the key is asked for. */
export async function chooseWay(input: CommandInput): Promise<Way> {
  const given = Object.keys(WAYS).filter((name) => input.flag(name) || input.value(name) !== undefined);
  const chosen = new Set(given.map((name) => WAYS[name]));
  if (chosen.size > 1) {
    throw new HelperError('usage', `${given.map((name) => `--${name}`).join(', ')} do not go together`, {
      hint: 'choose one way to log in',
    });
  }
  if (chosen.has('passcode')) return (await import('./passcode.ts')).logInWithPasscode;
  if (chosen.has('browser')) return (await import('./browser.ts')).logInWithBrowser;
  return (await import('./key.ts')).logInWithKey;
}
