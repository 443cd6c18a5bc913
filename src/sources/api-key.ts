import { HelperError } from '../errors.ts';
import type { FileStatus } from '../io.ts';
import { readSmallFile, textOf } from '../read-file.ts';
import type { System } from '../system.ts';

/**
 * The API key in a file, plain or in IBM's JSON; `name` says in messages who names the file. A file
 * that others can read is refused: the key would be theirs too, and nobody would notice.
 */
export function readApiKeyFile(path: string, name: string, system: System): string {
  let content: Uint8Array | null;
  try {
    content = readSmallFile(path, (stat) => {
      const readers = readersOf(stat, system);
      if (readers === null) return;
      throw new HelperError('bad-input', `${name} names ${path}, which ${readers} can read: it is not used`, {
        hint: `run chmod 600 ${path}`,
      });
    });
  } catch (cause) {
    if (cause instanceof HelperError) throw cause;
    const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR';
    throw unusable(path, name, isFolder ? 'is a folder' : 'cannot be read', cause);
  }
  if (content === null) throw unusable(path, name, 'does not exist');
  const text = textOf(content).trim();
  if (text === '') throw unusable(path, name, 'is empty');
  return parseApiKey(text.startsWith('{') ? apiKeyOf(text, name) : text, `the file that ${name} names`);
}

function unusable(path: string, name: string, problem: string, cause?: unknown): HelperError {
  return new HelperError('bad-input', `${name} names ${path}, which ${problem}`, {
    // An option is not there the next time; variables and settings are.
    hint: name.startsWith('--') ? 'name another file' : 'correct or unset it',
    ...(cause !== undefined && { cause }),
  });
}

/**
 * Who else can read an open file. The group of a file that is not ours is how we got it, and so is a
 * group of root's that it is in besides its own: Kubernetes gives the files of a secret to root and
 * the pod's fsGroup. Pipes (process substitution) have modes that mean nothing, and Windows has none.
 */
function readersOf(stat: FileStatus, { platform, euid, groups }: System): string | null {
  if (platform === 'win32' || !stat.isFile()) return null;
  if ((stat.mode & 0o004) !== 0) return 'every user of this machine';
  if ((stat.mode & 0o040) === 0 || stat.uid !== euid) return null;
  return euid === 0 && stat.gid !== 0 && groups().includes(stat.gid) ? null : 'its group';
}

/** `ibmcloud iam api-key-create --file` and the console write JSON with the key as `apikey`. */
function apiKeyOf(json: string, name: string): string {
  let value: { apikey?: unknown };
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message quotes the file.
    throw new HelperError('bad-input', `the file that ${name} names is no sound JSON`, { hint: JSON_HINT });
  }
  if (typeof value.apikey === 'string') return value.apikey;
  throw new HelperError('bad-input', `the JSON in the file that ${name} names has no apikey`, {
    hint: JSON_HINT,
  });
}

const JSON_HINT = 'use the file that ibmcloud iam api-key-create --file writes, or one with the key alone';

/**
 * An API key as it can be: printable ASCII without blanks (44 letters from IAM, custom ones may be
 * longer); braces and quotes at the ends mean a placeholder that was not filled in, as IBM's SDKs
 * have it. Never quotes the value.
 */
export function parseApiKey(value: string, where: string): string {
  const key = value.trim();
  if (key === '')
    throw new HelperError('bad-input', `${where} is empty`, { hint: 'give an API key, one word' });
  if (/^[!-~]{1,512}$/.test(key) && !/^[{"]|[}"]$/.test(key)) return key;
  throw new HelperError('bad-input', `${where} does not hold an IBM Cloud API key`, {
    hint: 'an API key is one word without quotes or braces',
  });
}
