import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, root, textOf } from '../../support/documents.ts';

describe.each(documents)('%s', (document) => {
  it('links only to files and headings that are there', () => {
    const links = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !link.startsWith('https://') && !leadsSomewhere(document, link));
    expect(broken).toEqual([]);
  });
});

it.each(documents)('%s calls a decision by its number', (document) => {
  const links = [...textOf(document).matchAll(/\[(\d{4})\]\((?:[^)\s]*\/)?(\d{4})-[^)\s]*\)/g)];
  expect(links.filter(([, label, number]) => label !== number).map(([link]) => link)).toEqual([]);
});

function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(document, '..', path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || (target.endsWith('.md') && anchorsOf(target).includes(anchor));
}

/** As GitHub makes them: lower case, no punctuation, dashes for blanks. */
function anchorsOf(document: string): string[] {
  const headings = textOf(document)
    .replace(/^```[\s\S]*?^```$/gm, '')
    .matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

it('every page stands on the page of its folder', () => {
  for (const folder of ['docs', 'docs/decisions']) {
    const pages = readdirSync(join(root, folder)).filter((name) => /(?<!^README)\.md$/.test(name));
    const index = textOf(`${folder}/README.md`);
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  }
});

it('every drawing is shown somewhere', () => {
  const drawings = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.svg'));
  const all = documents.map(textOf).join('\n');
  expect(drawings.filter((name) => !all.includes(name))).toEqual([]);
});
