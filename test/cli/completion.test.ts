import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandDefinition } from '../../src/commands/command.ts';
import { bashCompletion } from '../../src/commands/completion/bash.ts';
import { fishCompletion } from '../../src/commands/completion/fish.ts';
import { powershellCompletion } from '../../src/commands/completion/powershell.ts';
import { SHELLS } from '../../src/commands/completion/shells.ts';
import { zshCompletion } from '../../src/commands/completion/zsh.ts';
import { completion } from '../../src/commands/definitions/completion.ts';
import { config } from '../../src/commands/definitions/config.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { parseSettingKey, SETTING_NAMES } from '../../src/config/settings-schema.ts';
import { ICR_HOSTS, parseRegistryHost } from '../../src/registry-host.ts';
import { NAME } from '../../src/version.ts';
import { EXECUTABLE } from '../support/executable.ts';
import { isInstalled } from '../support/is-installed.ts';
import { command } from '../support/processes.ts';

/** Every kind of option and argument, and every character that means something to a shell. */
const load = () => Promise.reject(new Error('completion runs no command'));
const DEFINITIONS: readonly CommandDefinition[] = [
  {
    name: 'login',
    summary: 'Log in: [it\'s] $(touch ran) `touch ran` \\ "q"',
    arguments: [{ name: 'host', summary: 'registries', optional: true, repeatable: true }],
    options: [
      { name: 'apikey-file', value: 'FILE', summary: "Read a key's [own] file: $(touch ran)" },
      { name: 'kind', value: 'KIND', summary: 'kind', choices: ['iambearer', 'iamapikey', 'iamrefresh'] },
      { name: 'account', value: 'ID', summary: 'an account', repeatable: true },
      { name: 'force', summary: 'even if' },
    ],
    load,
  },
  {
    name: 'config',
    summary: 'settings',
    arguments: [
      { name: 'action', summary: 'what to do', choices: ['get', 'set'] },
      {
        name: 'key',
        summary: 'what to set',
        suggestions: ['credentialKind', 'registries.us.icr.io', 'store'],
      },
    ],
    load,
  },
];

const FLAGS = ['--account', '--apikey-file', '--force', '--help', '--kind'];

/** What stands on the command line, and what is offered for its last word. */
const CASES: readonly [string, readonly string[]][] = [
  ['lo', ['login']],
  ['l', ['list', 'login']],
  ['--', ['--help', '--version']],
  ['login --', FLAGS],
  ['login --kind iam', ['iamapikey', 'iambearer', 'iamrefresh']],
  ['login --kind=iamb', ['iambearer']],
  ['login --apikey-file key', ['key one.json', 'keys']],
  ['login us', ['us.icr.io']],
  ['login us.icr.io d', ['de.icr.io']],
  ['login --kind iambearer --force private.jp', ['private.jp.icr.io', 'private.jp2.icr.io']],
  ['login --account ', []],
  ['login --fo', ['--force']],
  ['config ', ['get', 'set']],
  ['config get s', ['store']],
  ['config get registries.us', ['registries.us.icr.io']],
  ['help c', ['config']],
  ['get u', []],
  ['nonsense u', []],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'icr-completion-'));
  mkdirSync(join(folder, 'keys'));
  for (const file of ['key one.json', 'other', 'keys/inside']) writeFileSync(join(folder, file), '');
  writeFileSync(join(folder, 'bash.sh'), bashCompletion(NAME, DEFINITIONS));
  writeFileSync(join(folder, '_zsh'), zshCompletion(NAME, DEFINITIONS));
  writeFileSync(join(folder, 'fish.fish'), fishCompletion(NAME, DEFINITIONS));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function shell(program: string, args: readonly string[], input = '') {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder, 'keys'),
    TERM: 'dumb',
    LC_ALL: 'C.UTF-8',
  };
  const { code, stdout, stderr } = await command(program, args, { env, cwd: folder, input });
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** Line noise of a terminal, and the endings that stand for folders. */
function plain(words: readonly string[]): string[] {
  return [...new Set(words.map((word) => word.replace(/\/$|\\/g, '').trim()))].sort();
}

describe('bash', () => {
  /** As readline calls it: `=` is a word of its own. */
  function driver(line: string): string {
    const words = line.split(' ').flatMap((word) => word.split(/(=)/));
    const list = [NAME, ...words].map((word) => `'${word}'`).join(' ');
    return `set -u; source ./bash.sh; COMP_WORDS=(${list}); COMP_CWORD=${words.length}
_docker_credential_icr; ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
  }

  it.each(CASES)('%s', async (line, expected) => {
    expect(plain(await shell('bash', ['--norc', '-c', driver(line)]))).toEqual([...expected].sort());
  });

  it('is registered for the program', async () => {
    const lines = await shell('bash', ['--norc', '-c', `source ./bash.sh; complete -p ${NAME}`]);
    expect(lines).toEqual([`complete -F _docker_credential_icr ${NAME}`]);
  });
});

describe.skipIf(!isInstalled('zsh', 'completion in zsh')).concurrent('zsh', () => {
  /** Notes what the completion adds, apart from its own questions (-O, -A, -D). */
  const INSIDE = String.raw`
autoload -Uz compinit; compinit -u -D
source ./_zsh
compadd() {
  local -a found
  if [[ " \${@[1,(i)(-|--)]}" != *\ -(O|A|D)\ * ]]; then
    builtin compadd -O found "$@"
    print -rl -- $found >>$OFFERED
  fi
  builtin compadd "$@"
}
finished() { print '<<end>>'; }
zle -N finished; bindkey '^X' finished; bindkey '^I' list-choices
print '<<ready>>'
`.replaceAll('\\$', '$');
  /** zsh completes only where somebody types: in a terminal of its own. */
  const OUTSIDE = `
zmodload zsh/zpty
export OFFERED=$2
zpty z zsh -f -i
zpty -w z 'source ./inside.zsh'
zpty -r -m z before '*<<ready>>*'
zpty -w -n z "$1"$'\\t\\x18'
zpty -r -m z output '*<<end>>*'
zpty -d z
cat $OFFERED
`;
  beforeAll(() => writeFileSync(join(folder, 'inside.zsh'), INSIDE));

  it.each(CASES)('%s', async (line, expected) => {
    const offered = join(folder, `offered-${CASES.findIndex(([found]) => found === line)}`);
    writeFileSync(offered, '');
    const words = await shell('zsh', ['-f', '-c', OUTSIDE, 'outside', `${NAME} ${line}`, offered]);
    expect(plain(words)).toEqual([...expected].sort());
  });
});

describe.skipIf(!isInstalled('fish', 'completion in fish'))('fish', () => {
  it.each(CASES)('%s', async (line, expected) => {
    const script = `source ./fish.fish; complete -C '${NAME} ${line}'`;
    const offered = (await shell('fish', ['--no-config', '-c', script])).map(
      (found) => found.split('\t')[0] ?? '',
    );
    expect(plain(offered.map((word) => word.replace('--kind=', '')))).toEqual([...expected].sort());
  });
});

describe('PowerShell', () => {
  const script = powershellCompletion(NAME, DEFINITIONS);
  /** Single-quoted strings, in which only the quote itself means something. */
  const code = script.replace(/'(?:[^']|'')*'/g, "''");

  it('has every command, option and choice as a quoted string', () => {
    for (const word of [
      'login',
      'config',
      'get',
      ...FLAGS,
      'iambearer',
      'credentialKind',
      'us.icr.io',
      `${NAME}.exe`,
    ])
      expect(script).toContain(`'${word}'`);
    expect(script).toContain(`'Log in: [it''s] $(touch ran) \`touch ran\` \\ "q"'`);
  });

  it('closes what it opens, and has nothing of ours outside strings', () => {
    for (const [open, close] of ['()', '{}', '[]'] as const)
      expect(code.split(open ?? '').length).toBe(code.split(close ?? '').length);
    expect(code).not.toMatch(/touch|`|"/);
  });
});

describe('all of them', () => {
  it('runs nothing that stands in a summary', async () => {
    expect(await shell('bash', ['-c', 'ls'])).not.toContain('ran');
  });

  it('offers only hosts that are ours', () => {
    for (const host of ICR_HOSTS) {
      expect(parseRegistryHost(host)?.name).toBe(host);
      expect(bashCompletion(NAME, COMMANDS)).toContain(host);
    }
  });

  it.each([
    ['bash', bashCompletion],
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
    ['powershell', powershellCompletion],
  ] as const)('%s has the program’s own commands and never starts it', (_, make) => {
    const script = make(NAME, COMMANDS);
    for (const { name, options = [] } of COMMANDS) {
      expect(script).toContain(name);
      for (const option of options) expect(script).toContain(option.name);
    }
    expect(script).not.toMatch(/\$\(docker-credential-icr|`docker-credential-icr|& docker-credential-icr/);
  });

  it.each([
    ['bash', bashCompletion],
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
    ['powershell', powershellCompletion],
  ] as const)('%s is what the program prints', async (name, make) => {
    const env = { PATH: '/usr/bin:/bin', HOME: folder };
    const printed = await command(EXECUTABLE, ['completion', name], { env });
    expect(printed).toEqual({ code: 0, stdout: make(NAME, COMMANDS), stderr: '' });
    expect(await command(EXECUTABLE, ['completion', `un${name}`], { env })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  it('offer every setting, as it is typed', () => {
    const keys = config.arguments?.[1]?.suggestions ?? [];
    expect(keys).toContain('registries.private.jp.icr.io.credentialKind');
    expect(keys).toContain('profiles.default.keyFile');
    expect(keys.filter((key) => parseSettingKey(key) === null)).toEqual([]);
    expect(new Set(keys.map((key) => key.split('.').at(-1)))).toEqual(
      new Set(SETTING_NAMES.map((name) => name.split('.').at(-1))),
    );
    for (const make of [bashCompletion, zshCompletion, fishCompletion, powershellCompletion])
      for (const key of keys) expect(make(NAME, COMMANDS)).toContain(key);
  });

  it('are the choices of the command', () => {
    expect(completion.arguments?.[0]?.choices).toEqual(SHELLS);
  });
});
