import type { ChildProcess } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretMade } from '../../fakes/witness.ts';
import { mayAnswer, mayHold } from './exceptions.ts';
import { startedBy } from './started.ts';
import { createTraces } from './traces.ts';

export interface Watch {
  addSecret(made: SecretMade): void;
  lookAtUrl(url: string): void;
  /** From its start to its end: what it writes, and what is started below it. */
  lookAtProcess(child: ChildProcess): void;
  /** Names and contents, all the way down; a folder that is gone has none. */
  lookAtFiles(folder: string): void;
  /** What was found and not taken yet: a line each, without the secret. */
  takeBreaches(): string[];
}

/** Shorter than a child lives that has to load a runtime, or asks somebody. */
const PAUSE_MS = 15;
/** Of hundreds at once the latest: the doubles are in this process too, and have to answer in time. */
const MOST = 8;
/** Larger than anything we write: images, and disks made for a test. */
const LARGEST_BYTES = 1024 * 1024;

export function createWatch(): Watch {
  const traces = createTraces();
  const breaches = new Set<string>();
  const taken = new Set<string>();
  const running = new Set<ChildProcess>();
  let timer: NodeJS.Timeout | undefined;

  function look(text: string, where: string): void {
    for (const name of traces.findIn(text)) breaches.add(`${name} in ${where}`);
  }

  function describe(words: readonly string[]): string {
    const shown = words.map((word) => (traces.findIn(word).length > 0 ? '[secret]' : word));
    return shown.join(' ').slice(0, 200);
  }

  /** Again and again, but for a tenth of the time at most. */
  function lookAtRunning(): void {
    const begin = performance.now();
    for (const child of [...running].slice(-MOST)) lookBelow(child);
    const pause = Math.max(PAUSE_MS, 10 * (performance.now() - begin));
    timer = running.size > 0 ? setTimeout(lookAtRunning, pause).unref() : undefined;
  }

  function lookBelow({ pid = 0, spawnargs }: ChildProcess): void {
    for (const { words, environment } of startedBy(pid)) {
      // What the test itself has put there is not our doing.
      const own = words.filter((word) => !spawnargs.includes(word));
      look(own.join('\0'), `the arguments of ${describe(words)}`);
      look(environment, `the environment of ${describe(words)}`);
    }
  }

  return {
    addSecret: ({ secret, owner }) => traces.add(secret, `a secret of ${owner}`),
    lookAtUrl: (url) => look(url, `a URL at ${new URL(url).host}`),
    lookAtProcess(child) {
      const stdout = collect(child.stdout);
      const stderr = collect(child.stderr);
      running.add(child);
      if (timer === undefined) lookAtRunning();
      child.once('close', () => {
        running.delete(child);
        const { spawnargs } = child;
        look(stderr(), `stderr of ${describe(spawnargs)}`);
        if (!mayAnswer(spawnargs)) look(stdout(), `stdout of ${describe(spawnargs)}`);
      });
    },
    lookAtFiles(folder) {
      for (const name of namesBelow(folder)) {
        look(name, `the name of a file: ${describe(name.split('/'))}`);
        if (!mayHold(name)) look(contentOf(join(folder, name)), `the file ${describe([name])}`);
      }
    },
    takeBreaches() {
      const fresh = [...breaches].filter((breach) => !taken.has(breach));
      for (const breach of fresh) taken.add(breach);
      return fresh;
    },
  };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: string[] = [];
  stream?.on(
    'data',
    (chunk: Buffer | string) =>
      void chunks.push(typeof chunk === 'string' ? chunk : chunk.toString('latin1')),
  );
  return () => chunks.join('');
}

function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

/** '' for what is no file, is gone, or is not ours to read. */
function contentOf(path: string): string {
  try {
    const stat = lstatSync(path);
    return stat.isFile() && stat.size <= LARGEST_BYTES ? readFileSync(path, 'latin1') : '';
  } catch {
    return '';
  }
}
