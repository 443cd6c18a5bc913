import type { Stats } from 'node:fs';
import { HelperError } from '../errors.ts';
import { readSmallFile } from '../files.ts';
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
    throw new HelperError('bad-input', `${name} names ${path}, which cannot be read`, {
      hint: 'correct or unset it',
      cause,
    });
  }
  if (content === null) {
    throw new HelperError('bad-input', `${name} names ${path}, which does not exist`, {
      hint: 'correct or unset it',
    });
  }
  const text = new TextDecoder().decode(content).trim();
  return parseApiKey(text.startsWith('{') ? apiKeyOf(text) : text, `the file that ${name} names`);
}

/**
 * Who else can read an open file. The group of a file that is not ours is how we got it, and so is a
 * group of root's that it is in besides its own: Kubernetes gives the files of a secret to root and
 * the pod's fsGroup. Pipes (process substitution) have
 * modes that mean nothing, and Windows has none.
 */
function readersOf(stat: Stats, { platform, euid, groups }: System): string | null {
  if (platform === 'win32' || !stat.isFile()) return null;
  if ((stat.mode & 0o004) !== 0) return 'every user of this machine';
  if ((stat.mode & 0o040) === 0 || stat.uid !== euid) return null;
  return euid === 0 && stat.gid !== 0 && groups().includes(stat.gid) ? null : 'its group';
}

/** `ibmcloud iam api-key-create --file` and the console write JSON with the key as `apikey`. */
function apiKeyOf(json: string): string {
  try {
    const { apikey } = JSON.parse(json);
    return typeof apikey === 'string' ? apikey : '';
  } catch {
    return '';
  }
}

/**
 * An API key as it can be: printable ASCII without blanks (44 letters from IAM, custom ones may be
 * longer); braces and quotes at the ends mean a placeholder that was not filled in, as IBM's SDKs
 * have it. Never quotes the value.
 */
export function parseApiKey(value: string, where: string): string {
  const key = value.trim();
  if (/^[!-~]{1,512}$/.test(key) && !/^[{"]|[}"]$/.test(key)) return key;
  throw new HelperError('bad-input', `${where} does not hold an IBM Cloud API key`, {
    hint: 'an API key is one word without quotes or braces',
  });
}
