import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { blocksOf, documents, root } from '../support/documents.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { succeed } from '../support/processes.ts';

/** The commands of the documentation, run as they stand, one document after the other. */
let cloud: Cloud;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
});
afterAll(() => cloud?.stop());
afterEach(() => home?.cleanUp());

function commandsOf(document: string): string {
  const blocks = blocksOf(document).filter(({ language }) => language === 'sh');
  return blocks.map(({ text }) => text).join('');
}

const BASH = ['/bin/bash', '-euo', 'pipefail'];
/** Pages that promise more than bash. */
const SHELLS: Readonly<Record<string, string[][]>> = {
  'docs/protocol.md': [BASH, ['/bin/sh', '-eu'], ['/usr/bin/zsh', '-eu']],
};

/** In place of programs that cannot run here, each holds what is shown against what it knows. */
const STAND_INS = {
  // npm itself is run by CI and by test/cli.
  npm: `case "$1" in ci|test) exit 0;; run) grep -q "\\"$2\\":" ${join(root, 'package.json')};; *) exit 1;; esac`,
  // A manifest on standard input or in a file, with a secret in it; test/cli has the real one read it.
  kubectl: 'test "$1 $2 $3" = "apply --server-side -f" && grep -q "\\.dockerconfigjson\\": \\"." "$4"',
  // The options of IBM's documentation, and a password where they say.
  ibmcloud: `case "$*" in
    "cf push "*" --docker-username iamapikey") test -n "$CF_DOCKER_PASSWORD";;
    "ce secret create --format registry --name "*" --server "*" --username "*" --password-from-file /"*)
      shift 12; test -n "$(head -n 1 "$1")";;
    *) exit 1;; esac`,
};

function standIn(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of Object.entries(STAND_INS))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const runs = documents
  .filter((document) => commandsOf(document) !== '')
  .flatMap((document) => (SHELLS[document] ?? [BASH]).map((shell) => ({ document, shell })));

describe.each(runs)('$document in $shell', ({ document, shell }) => {
  it('shows commands that work', async () => {
    home = await makeClientHome({ caFile: cloud.caFile });
    standIn(join(home.folder, 'bin'));
    const env = { ...home.env, PATH: `${home.folder}/.local/bin:${home.folder}/bin:${home.env['PATH']}` };
    const [program = '', ...options] = shell;
    await succeed(program, [...options, '-c', commandsOf(document)], {
      // The README's script has it in a variable, other pages read it.
      env: document === 'README.md' ? { ...env, API_KEY: apiKey } : env,
      cwd: root,
      input: `${apiKey}\n`,
    });
    if (document !== 'README.md') return;
    expect(existsSync(join(home.folder, '.local/bin/docker-credential-icr'))).toBe(true);
    // It ends with a logout; what it showed before did reach IAM's keys.
    expect(credentialsOf(await helperOf(home.env).get('us.icr.io'))).toBeNull();
    expect(cloud.iam.tokenRequests('apikey')).toBeGreaterThan(0);
  });
});
