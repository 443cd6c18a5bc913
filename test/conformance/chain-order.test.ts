import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../support/claims.ts';
import { credentialsOf, helperOf, runHelper } from '../support/executable.ts';
import { startWithCli } from '../support/ibmcloud-cli.ts';
import { addUser } from '../support/local-iam.ts';

const HOST = 'us.icr.io';
const REPOSITORY = 'us.icr.io/team/app';

/** Everything that can answer for one repository, each another identity. */
async function startWithEverything() {
  const local = await startWithCli({ store: 'file' });
  const { iam, url, home, cli } = local;
  const keyOf = (name: string) => iam.addApiKey(addUser(iam, name));
  const settings = (changes: object = {}) =>
    home.configure({
      iamEndpoint: url,
      store: 'file',
      registries: { [HOST]: { profile: 'mapped' } },
      profiles: { mapped: { keyFile: join(home.folder, 'mapped-key') } },
      ...changes,
    });
  const file = (name: string, content: string) => {
    const path = join(home.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const logIn = async (name: string, ...where: string[]) => {
    const run = await runHelper(['login', '--apikey-stdin', ...where], {
      env: local.env,
      input: keyOf(name),
    });
    expect(run).toMatchObject({ code: 0 });
  };

  await logIn('chosen', '--profile', 'chosen');
  await logIn('registry', '--registry', HOST);
  await logIn('namespace', '--registry', `${HOST}/team`);
  await logIn('default');
  file('mapped-key', keyOf('mapped'));
  settings();
  await cli.logIn(addUser(iam, 'session'));
  // Stored while nothing else is there to compare it with: it comes last.
  const bearer = credentialsOf(
    await helperOf({ ...local.env, ICR_API_KEY: keyOf('bearer') }).get(HOST),
  )?.Secret;

  const variables: Record<string, string> = {
    ICR_API_KEY: keyOf('own-key'),
    ICR_API_KEY_FILE: file('own-key', keyOf('own-file')),
    ICR_PROFILE: 'chosen',
    IBMCLOUD_API_KEY: keyOf('ibmcloud-key'),
    IC_API_KEY: keyOf('terraform'),
    BM_API_KEY: keyOf('bm'),
    BLUEMIX_API_KEY: keyOf('bluemix'),
  };
  const get = () => helperOf({ ...local.env, ...variables }).get(REPOSITORY);
  const helper = helperOf(local.env);
  return { ...local, bearer: bearer ?? '', variables, settings, file, get, helper, logIn };
}

type Everything = Awaited<ReturnType<typeof startWithEverything>>;

/** Who answers, and how that one goes away. */
const ORDER: readonly [string, (everything: Everything) => unknown][] = [
  ['own-key', ({ variables }) => delete variables['ICR_API_KEY']],
  ['own-file', ({ variables }) => delete variables['ICR_API_KEY_FILE']],
  ['chosen', ({ variables }) => delete variables['ICR_PROFILE']],
  ['namespace', ({ helper }) => helper.erase(`${HOST}/team`)],
  ['registry', forgetRegistry],
  ['mapped', ({ settings }) => settings({ registries: {}, profiles: {} })],
  ['default', ({ env }) => runHelper(['logout'], { env })],
  ['ibmcloud-key', ({ variables }) => delete variables['IBMCLOUD_API_KEY']],
  ['terraform', ({ variables }) => delete variables['IC_API_KEY']],
  ['bm', ({ variables }) => delete variables['BM_API_KEY']],
  ['bluemix', ({ variables }) => delete variables['BLUEMIX_API_KEY']],
  ['session', ({ cli }) => rmSync(cli.file)],
];

/** Not by a logout, which would be an answer: as on another machine. */
function forgetRegistry({ home }: Everything): void {
  rmSync(join(home.dataFolder, 'registries'), { recursive: true });
}

describe('the order of the sources', () => {
  it('each answers when those before it are gone, and nobody at the end', async () => {
    const everything = await startWithEverything();
    const answered: unknown[] = [];
    for (const [, remove] of ORDER) {
      answered.push(ownerOf(await everything.get()));
      await remove(everything);
    }
    expect(answered).toEqual(ORDER.map(([name]) => `IBMid-${name}`));
    expect(credentialsOf(await everything.get())).toBeNull();
  });

  it('what a client stored and what runs out comes last, after the session of the CLI', async () => {
    const { cli, bearer, helper, variables, iam, home } = await startWithEverything();
    for (const name of Object.keys(variables)) delete variables[name];
    rmSync(home.dataFolder, { recursive: true });
    home.configure({ store: 'file' });
    rmSync(cli.file);
    expect(await helper.store(HOST, 'iambearer', bearer)).toMatchObject({ code: 0 });
    const who = async () => ownerOf(await helper.get(HOST));
    expect(await who()).toBe('IBMid-bearer');
    await cli.logIn(addUser(iam, 'session-again'), {
      changes: { IAMEndpoint: 'https://iam.cloud.ibm.com' },
    });
    expect(await who()).toBe('IBMid-session-again');
  });
});

/** How each is broken, after all before it are gone; and what is said then. */
const BREAKS: readonly [string, string, (everything: Everything) => unknown][] = [
  ['own-key', 'ICR_API_KEY does not hold', ({ variables }) => set(variables, 'ICR_API_KEY', '{key}')],
  [
    'own-file',
    'ICR_API_KEY_FILE names /nonexistent',
    ({ variables }) => set(variables, 'ICR_API_KEY_FILE', '/nonexistent'),
  ],
  [
    'chosen',
    'there is no login for the profile absent',
    ({ variables }) => set(variables, 'ICR_PROFILE', 'absent'),
  ],
  ['namespace', 'is not in the file store', breakSecrets],
  ['registry', 'is not in the file store', breakSecrets],
  ['mapped', 'profiles.mapped.keyFile names', ({ home }) => rmSync(join(home.folder, 'mapped-key'))],
  ['default', 'is not in the file store', breakSecrets],
  [
    'ibmcloud-key',
    'IBMCLOUD_API_KEY names /nonexistent',
    ({ variables }) => set(variables, 'IBMCLOUD_API_KEY', '@/nonexistent'),
  ],
  [
    'bluemix',
    'Provided API key could not be found',
    ({ variables }) => set(variables, 'BLUEMIX_API_KEY', 'k'.repeat(44)),
  ],
];

function set(variables: Record<string, string>, name: string, value: string): void {
  variables[name] = value;
}

function breakSecrets({ home }: Everything): void {
  rmSync(home.cacheFolder, { recursive: true });
  rmSync(join(home.dataFolder, 'secrets'), { recursive: true });
}

describe('a broken source', () => {
  it.each(BREAKS)('%s stops the search with its own error', async (name, problem, damage) => {
    const everything = await startWithEverything();
    for (const [earlier, remove] of ORDER) {
      if (earlier === name) break;
      await remove(everything);
    }
    expect(ownerOf(await everything.get())).toBe(`IBMid-${name}`);
    await damage(everything);
    const run = await everything.get();
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining(problem) });
    expect(run.stderr).toBe(run.stdout);
    expect(run.stdout).not.toContain('credentials not found');
  });
});
