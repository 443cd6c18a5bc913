import { apiKeyGrant } from '../../iam/grants.ts';
import { Secret } from '../../secret.ts';
import { parseApiKey, readApiKeyFile } from '../../sources/api-key.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import type { Way } from './way.ts';

/** An API key from a file, from stdin, or typed. */
export const logInWithKey: Way = async ({ input, issuer, app, terminal }) => {
  const secret = new Secret(await obtainKey(input, { app, terminal }));
  const exchange = app.exchange(apiKeyGrant(secret, false), issuer);
  const tokens = await terminal.progress(`Asking ${new URL(issuer).host}`, exchange);
  return { username: 'iamapikey', secret, tokens };
};

async function obtainKey(input: CommandInput, { app, terminal }: CommandContext): Promise<string> {
  const file = input.value('apikey-file');
  if (file !== undefined) return readApiKeyFile(file, '--apikey-file', app.context.system);
  if (input.flag('apikey-stdin'))
    return parseApiKey(await terminal.readInput('the API key'), 'standard input');
  const otherwise = 'give the key with --apikey-stdin or --apikey-file';
  return parseApiKey(await terminal.askHidden('IBM Cloud API key: ', otherwise), 'what was typed');
}
