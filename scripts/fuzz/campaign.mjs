// Fuzzes the targets of test/fuzz/targets.ts, each in a process of its own on Bun, in a copy of the
// program that counts which blocks it enters. For npm run fuzz and for test/fuzz.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bunPath } from '../bun.mjs';
import { root } from '../install.mjs';
import { instrument } from './instrument.mjs';

/**
 * A mistake put into the copy.
 * @typedef {{ file: string, from: string, to: string }} Plant
 * @typedef {{ first: number, blocks: number, words: string[] }} Counted
 * @typedef {{ folder: string, counters: number, files: Record<string, Counted>, remove(): void }} Copy
 * @typedef {object} Outcome
 * @property {string} target
 * @property {number} inputs tried
 * @property {number} corpus inputs that reached something new
 * @property {number[]} blocks of the target's files
 * @property {number[]} covered those of them that were entered
 * @property {number} seconds
 * @property {{ input: string, error: string }} [failure]
 */

/** Room for the longest input (test/fuzz/mutate.ts) in UTF-8, with two numbers before it. */
const NOTE_BYTES = 64 * 1024;
/** Milliseconds without another input: the parser is not coming back. */
const HANG_MS = 20_000;

/** The copy is for as many targets as one likes. @param {Plant[]} [plants] @returns {Copy} */
export function makeCopy(plants = []) {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  /** @type {Record<string, Counted>} */
  const files = {};
  /** @type {Record<string, string>} */
  const code = {};
  let counters = 0;
  for (const name of names.filter((name) => name.endsWith('.ts') && name !== 'main.ts')) {
    const source = plants.filter(({ file }) => file === name).reduce(plant, readSource(name));
    const counted = instrument(source, counters);
    code[name] = counted.code;
    files[name] = { first: counters, blocks: counted.blocks, words: counted.words };
    counters += counted.blocks;
  }
  const folder = mkdtempSync(join(tmpdir(), 'icr-fuzz-'));
  for (const part of ['test/fuzz', 'test/support'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  for (const [name, text] of Object.entries(code)) {
    mkdirSync(join(folder, 'src', name, '..'), { recursive: true });
    writeFileSync(join(folder, 'src', name), text);
  }
  return { folder, counters, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @param {string} name */
function readSource(name) {
  return readFileSync(join(root, 'src', name), 'utf8');
}

/** @param {string} source @param {Plant} plant */
function plant(source, { file, from, to }) {
  if (source.split(from).length !== 2) throw new Error(`src/${file} does not hold exactly once: ${from}`);
  return source.replace(from, () => to);
}

/** The names of all targets. */
export function targetNames() {
  const text = readFileSync(join(root, 'test/fuzz/targets.ts'), 'utf8');
  return [...text.matchAll(/^ {2}'?([a-z-]+)'?: \w+,$/gm)].map(([, name = '']) => name);
}

/**
 * @param {Copy} copy @param {string} target @param {{ seed: number, inputs: number, hangMs?: number }} options
 * @returns {Promise<Outcome>}
 */
export async function fuzzTarget(copy, target, { seed, inputs, hangMs = HANG_MS }) {
  const folder = mkdtempSync(join(copy.folder, `${target}-`));
  const noteFile = join(folder, 'note');
  writeFileSync(noteFile, new Uint8Array(NOTE_BYTES));
  const { counters, files } = copy;
  const work = join(folder, 'work');
  mkdirSync(work, { mode: 0o700 });
  writeFileSync(
    join(folder, 'task.json'),
    JSON.stringify({ target, seed, inputs, folder: work, noteFile, counters, files }),
  );
  const args = ['--no-install', '--no-env-file', join(copy.folder, 'test/fuzz/worker.ts')];
  const started = performance.now();
  const { stdout, stderr } = await runWatched([...args, join(folder, 'task.json')], {
    cwd: copy.folder,
    noteFile,
    hangMs,
  });
  const report = stdout.trim().split('\n').at(-1) ?? '';
  if (report.startsWith('{')) return { target, ...JSON.parse(report) };
  const { count, input } = readNote(noteFile);
  return {
    ...{ target, inputs: count, corpus: 0, covered: [], blocks: [] },
    seconds: (performance.now() - started) / 1000,
    failure: { input, error: stderr.trim() || `no answer within ${hangMs / 1000} s` },
  };
}

/** @param {string[]} args @param {{ cwd: string, noteFile: string, hangMs: number }} options */
async function runWatched(args, { cwd, noteFile, hangMs }) {
  const env = { HOME: cwd, PATH: '/usr/bin:/bin' };
  const child = spawn(bunPath(), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  let last = -1;
  let since = performance.now();
  const watch = setInterval(() => {
    const { count } = readNote(noteFile);
    if (count !== last) [last, since] = [count, performance.now()];
    else if (performance.now() - since > hangMs) child.kill('SIGKILL');
  }, 500);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return { stdout, stderr };
}

/** @param {string} file */
function readNote(file) {
  const note = readFileSync(file);
  return { count: note.readUInt32BE(0), input: note.toString('utf8', 8, 8 + note.readUInt32BE(4)) };
}
