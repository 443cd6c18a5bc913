import { HelperError } from '../errors.ts';
import { readSmallFile, textOf } from '../read-file.ts';
import { Secret } from '../secret.ts';

/** Where IBM Cloud lays the token of a container: with a vault, in a cluster, in Code Engine (npm ibm-cloud-sdk-core: ContainerTokenManager). */
const USUAL_FILES = [
  '/var/run/secrets/tokens/vault-token',
  '/var/run/secrets/tokens/sa-token',
  '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token',
];

export interface TokenFile {
  path: string;
  /** Who names it, for messages. */
  name: string;
}

/**
 * The compute resource token of this container: from the file that is named, else from the first of
 * the usual ones that can be read. Read anew each time, because the platform replaces it every hour
 * or so. Who else may read the file is no question of ours: the platform lays it there (kubelet as
 * 0644, in a folder that only this container has). Fails with `bad-input`.
 */
export function readComputeToken(file: TokenFile | null): Secret {
  if (file === null) return firstUsual();
  const { path, name } = file;
  let content: Uint8Array | null;
  try {
    content = readSmallFile(path);
  } catch (cause) {
    throw unusable(`${name} names ${path}, which cannot be read`, cause);
  }
  if (content === null) throw unusable(`${name} names ${path}, which does not exist`);
  return parseComputeToken(textOf(content), `the file ${path} that ${name} names`);
}

function firstUsual(): Secret {
  for (const path of USUAL_FILES) {
    const content = readIfPossible(path);
    if (content) return parseComputeToken(textOf(content), path);
  }
  throw unusable(`there is no compute resource token (${USUAL_FILES.join(', ')})`);
}

/** As IBM's SDKs: a file that cannot be read is passed over. */
function readIfPossible(path: string): Uint8Array | null {
  try {
    return readSmallFile(path);
  } catch {
    return null;
  }
}

/** A token is one word. */
export function parseComputeToken(text: string, where: string): Secret {
  const token = text.trim();
  if (/^[!-~]+$/.test(token)) return new Secret(token);
  throw unusable(`${where} does not hold a compute resource token`);
}

function unusable(message: string, cause?: unknown): HelperError {
  return new HelperError('bad-input', message, {
    hint: 'mount a service account token for the audience iam (Kubernetes: a projected volume), and name its file in tokenFile if it is in no usual place',
    ...(cause !== undefined && { cause }),
  });
}
