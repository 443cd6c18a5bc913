import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSettingKey, SETTING_NAMES, unknownKeys } from '../../../src/config/settings-schema.ts';
import { blocksOf, codeOf, documents, filesBelow, root, spansOf, textOf } from '../../support/documents.ts';

/** What pages call by a name: variables, settings, files, npm scripts. */
const FOLDERS = ['src', 'scripts', 'test', 'benchmarks', 'deploy', 'docs', '.github'];
const FILES = [
  ...FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap(filesBelow),
  'install.sh',
];
const CODE = FILES.filter(
  (file) => /\.(?:m?ts|mjs|sh|yml)$/.test(file) && !file.startsWith('test/unit/documentation'),
);
const code = CODE.map(textOf).join('\n');

describe('variables', () => {
  const OURS = /\b(?:ICR|IBMCLOUD|BLUEMIX|IC|BM)_[A-Z][A-Z0-9_]*[A-Z0-9]\b/g;
  const inCode = new Set(code.match(OURS));

  it.each(documents)('%s names only those that are read', (document) => {
    expect((textOf(document).match(OURS) ?? []).filter((name) => !inCode.has(name))).toEqual([]);
  });

  it('that the program reads are on the page of settings', () => {
    const source = FILES.filter((file) => file.startsWith('src/'))
      .map(textOf)
      .join('\n');
    // What is only set, for children, stands without quotes.
    const read = new Set(source.match(new RegExp(`(?<=')${OURS.source}(?=')`, 'g')));
    expect(read.size).toBeGreaterThan(10);
    const page = textOf('docs/settings.md');
    expect([...read].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('settings', () => {
  it('are all on their page, and no other', () => {
    const rows = [...textOf('docs/settings.md').matchAll(/^\| `([\w.<>]+)` \|/gm)];
    const named = rows.map(([, name = '']) => name.replace('<host>', 'HOST').replace('<name>', 'NAME'));
    expect(named.filter((name) => /[a-z]/.test(name)).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it.each(documents)('%s names only those that exist', (document) => {
    const dotted = codeOf(document).flatMap(
      (text) => text.match(/\b(?:profiles|registries)(?:\.[\w<>-]+){2,}/g) ?? [],
    );
    const set = codeOf(document).flatMap(
      (text) => /\bconfig (?:get|set|unset) ([a-z][\w.]+)/.exec(text)?.[1] ?? [],
    );
    const keys = [...dotted, ...set].map((key) =>
      key.replace('<host>', 'us.icr.io').replace('<name>', 'work'),
    );
    expect(keys.filter((key) => parseSettingKey(key) === null)).toEqual([]);
  });

  it.each(documents)('%s shows only files that are sound', (document) => {
    const objects = blocksOf(document)
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text))
      .filter((value) => ['profiles', 'registries', 'credentialKind'].some((key) => key in value));
    expect(objects.flatMap(unknownKeys)).toEqual([]);
  });
});

describe('files', () => {
  // What comes with a build or a measurement, or is an example.
  const ELSEWHERE = ['src/sources/systemd-credential.ts', 'docs/performance.json'];

  it.each(documents)('%s names only those that are there', (document) => {
    const named = spansOf(document)
      .map((span) => span.replace(/^(?:node|sh|\.\/)(?: |(?<=\/))/, '').replace(/ .*/, ''))
      .filter((span) => /^[\w./-]+$/.test(span))
      .filter(
        (span) =>
          /^(?:src|test|scripts|benchmarks|deploy|docs|\.github)\//.test(span) ||
          /^[\w/-]+\.(?:m?ts|mjs)$/.test(span),
      );
    expect(named.filter((name) => !ELSEWHERE.includes(name) && !isThere(name))).toEqual([]);
  });

  /** A path, or the end of one: `iam/client.ts`, `http.ts`. */
  function isThere(name: string): boolean {
    return existsSync(join(root, name)) || FILES.some((file) => file.endsWith(`/${name}`));
  }
});

describe('npm scripts', () => {
  const { scripts } = JSON.parse(textOf('package.json'));

  it.each(documents)('%s names only those that exist', (document) => {
    const named = textOf(document).matchAll(/\bnpm run ([a-z][\w-]*)/g);
    expect([...named].map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
  });
});
