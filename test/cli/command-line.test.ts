import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NAME } from '../../src/version.ts';
import { EXECUTABLE, runHelper } from '../support/executable.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';

const CONSUMERS = 'skopeo, kubernetes, code-engine, cloud-foundry, auth-file';

describe('a command line that cannot be understood is exit code 2, with what is meant', () => {
  it.each([
    ['lgoin', 'there is no command lgoin', 'did you mean login?'],
    ['help lgoin', 'there is no command lgoin', 'did you mean login?'],
    ['verson', 'there is no command verson', 'did you mean version?'],
    ['xyz', 'there is no command xyz', 'see docker-credential-icr --help'],
    ['config lst', 'lst is not a choice for action', 'did you mean list? use get, set, unset, list, path'],
    ['config', "missing required argument 'action'", 'use get, set, unset, list, path'],
    ['export k8s', 'k8s is not a choice for consumer', `use ${CONSUMERS}`],
    ['export', "missing required argument 'consumer'", `use ${CONSUMERS}`],
    ['completion', "missing required argument 'shell'", 'use bash, zsh, fish, powershell'],
    ['completion tcsh', 'tcsh is not a choice for shell', 'use bash, zsh, fish, powershell'],
    ['help nosuch', 'there is no command nosuch', 'see docker-credential-icr --help'],
    ['help gte', 'there is no command gte', 'did you mean get?'],
    [
      'configure --client dokcer',
      'dokcer is not a choice for --client',
      'did you mean docker? use docker, containers, podman, skopeo, buildah',
    ],
    ['login --sso --web', '--sso, --web do not go together', 'choose one way to log in'],
    ['logout --all --profile ci', '--all, --profile do not go together', 'leave out --all, or name nothing'],
    [
      'logout --all --registry us.icr.io de.icr.io',
      '--all, --registry, HOST do not go together',
      'leave out --all, or name nothing',
    ],
    ['login --key x', "unknown option '--key'", 'use --apikey-stdin or --apikey-file'],
    ['login --api-key=a-secret', "unknown option '--api-key'", 'use --apikey-stdin or --apikey-file'],
    [
      'login --apikey-stdin=a-secret',
      '--apikey-stdin takes no value',
      'add --help to see what is understood',
    ],
    ['login -ka-secret', "unknown option '-k'", 'add --help to see what is understood'],
    ['status --quite=a-secret', "unknown option '--quite'", 'add --help to see what is understood'],
    ['status --jsn', "unknown option '--jsn'", 'did you mean --json?'],
    ['login us.icr.io', 'login takes the registry as an option', 'use --registry us.icr.io'],
    [
      'export kubernetes us.icr.io',
      "too many arguments for 'export'. Expected 1 argument but got 2.",
      'use --registry us.icr.io',
    ],
  ])('%s', async (line, problem, hint) => {
    const { env } = makeHome();
    expect(await runHelper(line.split(' '), { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${problem}\nhint: ${hint}\n`,
    });
  });
});

describe('help', () => {
  it('explains what other programs start too, and itself', async () => {
    const { env } = makeHome();
    expect(await runHelper(['help', 'get'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/get: Answer with credentials .*standard input/s),
      stderr: '',
    });
    expect(await runHelper(['help', 'help'], { env })).toEqual(await runHelper(['--help'], { env }));
  });

  it.each(['--help', '-h'])('of what other programs start is there by %s too', async (flag) => {
    const { env } = makeHome();
    expect(await runHelper(['get', flag], { env })).toEqual(await runHelper(['help', 'get'], { env }));
  });

  it('lists version', async () => {
    const { env } = makeHome();
    expect((await runHelper(['--help'], { env })).stdout).toMatch(/^ {2}version +Print the version$/m);
  });

  it('is named at a terminal where the protocol has its usage', async () => {
    const { env } = makeHome();
    const run = await typeAt(EXECUTABLE, [], { ...env, TERM: 'dumb' });
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining(`See ${NAME} --help for login`) });
  });

  it('lists what an argument may be', async () => {
    const { env } = makeHome();
    const { stdout } = await runHelper(['export', '--help'], { env });
    expect(stdout.replace(/\s+/g, ' ')).toContain('(choices: "skopeo", "kubernetes",');
  });
});

it('podman, skopeo and buildah are configured in the file that they share', async () => {
  const { env, folder } = makeHome();
  const file = `${folder}/auth.json`;
  for (const client of ['podman', 'skopeo', 'buildah', 'containers']) {
    const run = await runHelper(['configure', '--client', client, 'us.icr.io'], {
      env: { ...env, REGISTRY_AUTH_FILE: file },
    });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ credHelpers: { 'us.icr.io': 'icr' } });
    await runHelper(['unconfigure'], { env: { ...env, REGISTRY_AUTH_FILE: file } });
  }
});
