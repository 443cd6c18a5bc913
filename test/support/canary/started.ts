import { readdirSync, readFileSync } from 'node:fs';
import { isOurs } from './exceptions.ts';

/** A process as /proc shows it. */
export interface Started {
  words: string[];
  /** If one of ours has started it: what ours got itself is not its doing. '' otherwise. */
  environment: string;
}

/** Ours among a process and all below it, and what those have started. Linux; elsewhere nothing. */
export function startedBy(pid: number): Started[] {
  return look(pid, { isBelowOurs: false, commandLine: '' });
}

interface Parent {
  isBelowOurs: boolean;
  commandLine: string;
}

function look(pid: number, { isBelowOurs, commandLine }: Parent): Started[] {
  // In this order: before a child becomes another program, both are its parent's.
  const own = read(`/proc/${pid}/cmdline`);
  const environment = isBelowOurs ? read(`/proc/${pid}/environ`) : '';
  if (own === '' || own === commandLine) return [];
  const words = own.split('\0');
  const isWatched = isBelowOurs || words.slice(0, 2).some(isOurs);
  const below = childrenOf(pid).flatMap((child) => look(child, { isBelowOurs: isWatched, commandLine: own }));
  return isWatched ? [{ words, environment }, ...below] : below;
}

/** Of each of its threads. */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  const children = listed(folder).flatMap((thread) => read(`${folder}/${thread}/children`).split(' '));
  return children.filter((child) => child !== '').map(Number);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** '' if it is gone, or not ours to read. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
