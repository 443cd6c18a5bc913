import { explain } from '../explain.ts';
import { oneLine } from '../one-line.ts';
import type { CredentialHelper } from './helper.ts';
import { CREDENTIALS_NOT_FOUND, NO_SERVER_URL, NO_USERNAME } from './messages.ts';
import { readStdin } from './stdin.ts';
import { formatCredentials, parseCredentials, parseServerURL } from './wire.ts';

export const VERBS = ['get', 'store', 'erase', 'list'] as const;
export type Verb = (typeof VERBS)[number];

/** What one call of the program says: at most one line on each stream, and the exit code. */
export interface Reply {
  stdout: string;
  stderr: string;
  /** 0 or 1 for the protocol; the commands have more (commands/command.ts). */
  exitCode: number;
}

const DONE: Reply = { stdout: '', stderr: '', exitCode: 0 };

/** One protocol call from stdin to its reply; never throws. */
export async function serve(verb: Verb, helper: () => Promise<CredentialHelper>): Promise<Reply> {
  try {
    return await run(verb, helper);
  } catch (error) {
    return failure(error);
  }
}

async function run(verb: Verb, helper: () => Promise<CredentialHelper>): Promise<Reply> {
  switch (verb) {
    case 'get': {
      const serverURL = parseServerURL(await readStdin('a registry (such as us.icr.io)'));
      const credentials = await (await helper()).get(serverURL);
      return credentials ? line(formatCredentials(credentials)) : NOT_FOUND;
    }
    case 'store':
      await (await helper()).store(
        parseCredentials(await readStdin('a JSON object with ServerURL, Username and Secret')),
      );
      return DONE;
    case 'erase':
      await (await helper()).erase(parseServerURL(await readStdin('a registry (such as us.icr.io)')));
      return DONE;
    case 'list':
      // Go clients send "unused", docker-py nothing at all: not worth waiting for.
      return line(JSON.stringify(await (await helper()).list()));
  }
}

/** Not a failure: clients go on anonymously, and only when stdout says exactly this. */
const NOT_FOUND: Reply = { stdout: `${CREDENTIALS_NOT_FOUND}\n`, stderr: '', exitCode: 1 };

function line(text: string): Reply {
  return { ...DONE, stdout: `${text}\n` };
}

/** Docker up to 28 shows only stderr, everybody else only stdout: a failure goes to both. */
function failure(error: unknown): Reply {
  const text = `${describe(error)}\n`;
  return { stdout: text, stderr: text, exitCode: 1 };
}

const SENTENCES: readonly string[] = [NO_SERVER_URL, NO_USERNAME];

function describe(error: unknown): string {
  const { message, hint } = explain(error);
  if (SENTENCES.includes(message)) return message;
  return oneLine(`docker-credential-icr: ${message}${hint ? `; ${hint}` : ''}`);
}
