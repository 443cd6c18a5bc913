import { HelperError } from '../errors.ts';
import { readSmallFile } from '../files.ts';

/** The API key in a file, plain or in IBM's JSON; `name` says in messages who names the file. */
export function readApiKeyFile(path: string, name: string): string {
  let content: Uint8Array | null;
  try {
    content = readSmallFile(path);
  } catch (cause) {
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
