import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DESCRIPTION, ENVIRONMENT, FILES, SEE_ALSO, SUMMARY } from '../../scripts/man-page/tables.ts';
import type { CommandDefinition } from '../../src/commands/command.ts';
import { VERB_SUMMARIES } from '../../src/commands/completion/model.ts';
import { manPage } from '../../src/commands/man-page.ts';
import { COMMANDS, EXIT_CODES } from '../../src/commands/table.ts';
import { NAME, VERSION } from '../../src/version.ts';
import { EXECUTABLE } from '../support/executable.ts';
import { isInstalled } from '../support/is-installed.ts';
import { command } from '../support/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const load = () => Promise.reject(new Error('a man page runs no command'));
/** Everything that means something to roff. */
const AWKWARD: CommandDefinition = {
  name: 'awkward',
  summary: '.TH at the start, \\fBbold\\fP, "quoted", it\'s `so` — ~/x^2',
  description: ["'so much", 'two\nlines'],
  arguments: [{ name: 'thing', summary: '.', optional: true, repeatable: true, choices: ['a', 'b'] }],
  options: [{ name: 'a-b', value: 'C', summary: '\'\\" no comment' }],
  load,
};

function pageOf(commands: readonly CommandDefinition[]): string {
  return manPage({
    name: NAME,
    version: VERSION,
    summary: SUMMARY,
    description: DESCRIPTION,
    commands,
    verbs: Object.entries(VERB_SUMMARIES),
    exitCodes: EXIT_CODES,
    environment: ENVIRONMENT,
    files: FILES,
    seeAlso: SEE_ALSO,
  });
}

/** What a reader sees, in one line; warnings fail. */
async function shown(page: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'icr-man-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `${NAME}.1`);
  writeFileSync(file, page);
  // Wide: a word that is broken at a line's end would not be found.
  const args = ['-man', '-Tutf8', '-ww', '-rLL=400n', '-P-cbou', file];
  const { code, stdout, stderr } = await command('groff', args, { env: { PATH: process.env['PATH'] ?? '' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return words(stdout);
}

function words(text: string): string {
  return text.replaceAll('‐', '-').replace(/\s+/g, ' ');
}

describe.skipIf(!isInstalled('groff', 'the man page through groff'))('the page', () => {
  it('shows awkward text as it stands', async () => {
    const text = await shown(pageOf([AWKWARD]));
    expect(text).toContain(words(AWKWARD.summary));
    for (const part of [
      "'so much",
      'two lines',
      'awkward [options] [thing...]',
      '. (a, b)',
      '--a-b <C> ',
      '\'\\" no comment',
    ])
      expect(text).toContain(part);
  });

  it('has every command, option, argument, verb, exit code, variable and file', async () => {
    const text = await shown(pageOf(COMMANDS));
    for (const { name, summary, description = [], options = [], arguments: args = [] } of COMMANDS) {
      expect(text).toContain(` ${name} `);
      for (const part of [summary, ...description]) expect(text).toContain(words(part));
      for (const option of options) expect(text).toContain(` --${option.name} `);
      for (const part of [...options, ...args]) expect(text).toContain(words(part.summary));
    }
    for (const [code, meaning] of EXIT_CODES) expect(text).toContain(`${code} ${meaning}`);
    for (const [term, meaning] of [...Object.entries(VERB_SUMMARIES), ...ENVIRONMENT, ...FILES])
      expect(text).toContain(`${term} ${meaning}`);
  });

  it.skipIf(!isInstalled('man', 'the man page through man'))(
    'is what man shows without a warning, on any terminal',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'icr-man-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, 'page.1'), pageOf([...COMMANDS, AWKWARD]));
      for (const locale of ['C', 'C.UTF-8']) {
        const env = { PATH: process.env['PATH'] ?? '', LC_ALL: locale, MANWIDTH: '80', HOME: folder };
        const { code, stderr } = await command('man', ['--warnings', '-l', join(folder, 'page.1')], { env });
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      }
    },
  );
});

describe('the page and other places', () => {
  it('has the variables of docs/settings.md', () => {
    const table =
      readFileSync(join(root, 'docs/settings.md'), 'utf8').split('| variable | meaning |')[1] ?? '';
    const documented = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/\w+/g) ?? [],
    );
    const ours = ENVIRONMENT.flatMap(([term]) => term.split(', ')).filter((name) => !name.startsWith('XDG_'));
    expect(documented.length).toBeGreaterThan(5);
    expect(ours.sort()).toEqual(documented.sort());
  });

  it.each(COMMANDS.map((definition) => [definition.name, definition] as const))(
    'agrees with %s --help',
    async (name, { summary, options = [], arguments: args = [] }) => {
      const env = { PATH: '/usr/bin:/bin', HOME: '/nonexistent' };
      const { code, stdout } = await command(EXECUTABLE, [name, '--help'], { env });
      expect(code).toBe(0);
      const help = words(stdout);
      for (const part of [{ summary }, ...options, ...args]) expect(help).toContain(words(part.summary));
      const documented = stdout.match(/^ +--[a-z-]+/gm)?.map((flag) => flag.trim()) ?? [];
      const defined = options.map((option) => `--${option.name}`);
      expect(documented.filter((flag) => flag !== '--help').sort()).toEqual(defined.sort());
    },
  );

  it('is written by scripts/man-page.mjs', async () => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const { code, stderr } = await command(process.execPath, [join(root, 'scripts/man-page.mjs')], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(root, `dist/${NAME}.1`), 'utf8')).toBe(pageOf(COMMANDS));
  });
});
