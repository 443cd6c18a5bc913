import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CredentialRecord } from '../../src/stores/records.ts';
import type { Home } from './home.ts';

/** What our writers name their temporary files. */
export const TEMPORARY = /\.[0-9a-f]{32}\.tmp$/;

/** All that is wrong with what the program keeps in a home; nothing, if it was killed at any time. */
export function findFaults(home: Home): string[] {
  const files = filesOf(home);
  return [
    ...files.flatMap((file) => [...faultsOfMode(file), ...faultsOfContent(file)]),
    ...unnamedSecrets(home, files),
  ].map((fault) => fault.replaceAll(`${home.folder}/`, ''));
}

/** Temporary files, relative to the home. */
export function leftovers(home: Home): string[] {
  const paths = filesOf(home).filter(({ path }) => TEMPORARY.test(path));
  return paths.map(({ path }) => relative(home.folder, path));
}

interface Entry {
  path: string;
  isFolder: boolean;
  mode: number;
}

/** Below the home, but what the tests put there. */
function filesOf(home: Home, folder = home.folder): Entry[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (path === join(home.folder, '.config') || path === join(home.folder, 'bin')) return [];
    const stat = lstatSync(path);
    const entry = { path, isFolder: stat.isDirectory(), mode: stat.mode & 0o7777 };
    return entry.isFolder ? [entry, ...filesOf(home, path)] : [entry];
  });
}

function faultsOfMode({ path, isFolder, mode }: Entry): string[] {
  const right = isFolder ? 0o700 : 0o600;
  return mode === right ? [] : [`${path} has mode ${mode.toString(8)}`];
}

/** Sealed and random content can only be judged by its length and by who reads it. */
function faultsOfContent({ path, isFolder }: Entry): string[] {
  if (isFolder || TEMPORARY.test(path)) return [];
  const content = readFileSync(path);
  if (/\.json$|\.claim\.\d+$/.test(path))
    return isJson(content.toString()) ? [] : [`${path} is half written`];
  if (path.endsWith('/store-key')) return content.length === 32 ? [] : [`${path} is half written`];
  if (path.endsWith('/key')) return content.length === 64 ? [] : [`${path} is half written`];
  if (path.endsWith('/store')) return content.toString() === 'file\n' ? [] : [`${path} is half written`];
  return content.length > 0 ? [] : [`${path} is empty`];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Each secret is somebody's, or on its way out: no login leaves one that nobody knows of. */
function unnamedSecrets(home: Home, files: Entry[]): string[] {
  const secrets = files.filter(({ path, isFolder }) => path.includes('/secrets/') && !isFolder);
  const records = files.filter(({ path }) => path.startsWith(home.dataFolder) && path.endsWith('.json'));
  const named = new Set(records.flatMap(({ path }) => idsIn(JSON.parse(readFileSync(path, 'utf8')))));
  const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).split('.')[0] ?? '';
  return secrets.filter(({ path }) => !named.has(idOf(path))).map(({ path }) => `no record names ${path}`);
}

function idsIn({ renewable, session, discarded = [] }: CredentialRecord): string[] {
  return [renewable, session, ...discarded].flatMap((secret) => (secret ? [secret.id] : []));
}
