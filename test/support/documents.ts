import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The pages that people read, from the root of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const documents: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesBelow('docs').filter((name) => name.endsWith('.md')),
];

export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'));
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort();
}

export function textOf(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

export interface Block {
  language: string;
  text: string;
}

const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm;

export function blocksOf(document: string): Block[] {
  return [...textOf(document).matchAll(FENCED)].map(([, language = '', text = '']) => ({ language, text }));
}

/** What stands between backticks in a line or two. */
export function spansOf(document: string): string[] {
  const prose = textOf(document).replace(FENCED, '');
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
}

/** Everything that is set as code: spans, and the lines of blocks. */
export function codeOf(document: string): string[] {
  return [...spansOf(document), ...blocksOf(document).flatMap(({ text }) => text.split('\n'))];
}
