// The four verbs, a command and a settings file, with any program: for those that run slowly.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT } from '../release/product.mjs';

/**
 * @param {string} home a folder that it may have
 * @param {readonly string[]} command the program, with what runs it in front
 * @returns {readonly string[]} what was wrong; none
 */
export function walk(home, command) {
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o700 });
  const env = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), PATH: '/usr/bin:/bin' };
  const call = (/** @type {readonly string[]} */ args, input = '') => {
    const all = [...command, ...args];
    const { status, stdout, stderr } = spawnSync(all[0] ?? '', all.slice(1), {
      env,
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const credential = {
    ServerURL: 'registry.example',
    Username: 'anna',
    Secret: 'canary-wahrscheinlich-größer',
  };
  const { name, version } = PRODUCT;
  const steps = [
    { args: ['version'], stdout: `${name} (npm ${name}) ${version}\n` },
    { args: ['store'], input: JSON.stringify(credential), stdout: '' },
    { args: ['get'], input: credential.ServerURL, stdout: `${JSON.stringify(credential)}\n` },
    { args: ['list'], stdout: '{"registry.example":"anna"}\n' },
    { args: ['erase'], input: credential.ServerURL, stdout: '' },
    {
      args: ['get'],
      input: credential.ServerURL,
      status: 1,
      stdout: 'credentials not found in native keychain\n',
    },
    { args: ['config', 'set', 'credentialKind', 'iamapikey'], stdout: null },
    { args: ['status', '--json'], stdout: null },
  ];
  return steps.flatMap(({ args, input, status = 0, stdout }) => {
    const run = call(args, input);
    if (run.status === status && (stdout === null || run.stdout === stdout)) return [];
    return [`${args.join(' ')}: ${run.status} ${run.stdout}${run.stderr}`];
  });
}
