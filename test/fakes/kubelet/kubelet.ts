import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createPluginProvider, type Pod } from './plugin-provider.ts';
import type { ProviderConfig } from './types.ts';

export interface KubeletOptions {
  config: ProviderConfig;
  /** --image-credential-provider-bin-dir */
  binDir: string;
  /** The kubelet's own environment; that of the configuration comes on top. */
  env: Record<string, string>;
  /** Milliseconds since 1970; the real clock if it is left out. */
  now?: () => number;
}

/** How long it waits for the program: ExecPlugin, v1.34. */
const LIMIT_MS = 60_000;

/** A kubelet with one provider, which starts the real program. */
export function createKubelet({ config, binDir, env, now = Date.now }: KubeletOptions) {
  let executions = 0;
  const exec = (request: string) => {
    executions++;
    const own = Object.fromEntries((config.env ?? []).map(({ name, value }) => [name, value]));
    const command = [join(binDir, config.name), ...(config.args ?? [])];
    return execPlugin(command, request, { env: { ...env, ...own }, timeout: LIMIT_MS });
  };
  const provider = createPluginProvider({ config, now, exec });
  return {
    pull: (image: string, pod?: Pod) => provider.provide(image, pod),
    executions: () => executions,
  };
}

function execPlugin(
  [path = '', ...args]: readonly string[],
  request: string,
  options: { env: Record<string, string>; timeout: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { ...options, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`error execing credential provider plugin: exit status ${code}: ${stderr}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(request);
  });
}
