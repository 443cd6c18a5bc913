import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isExecutable, measure, PYTHON, type Subject } from '../../benchmarks/measure.ts';
import { bunPath } from '../../scripts/bun.mjs';
import { command } from '../support/processes.ts';

/** That figures are of what they say, and complete; never how large they are. */
const MAIN = fileURLToPath(new URL('../../benchmarks/main.ts', import.meta.url));
const EFFORT = { warmUp: 1, rounds: 4, memoryRuns: 1 };

function shell(name: string, script: string, more: Partial<Subject> = {}): Subject {
  const step = { argv: ['/bin/sh', '-c', script], env: {}, input: 'us.icr.io', code: 0, stdout: 'ok\\n' };
  return { name, steps: [step], ...more };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'icr-bench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const environmentIn = (folder: string) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  TMPDIR: folder,
  BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
});

async function bench(...args: string[]) {
  const folder = makeFolder();
  const env = environmentIn(folder);
  const finished = await command(bunPath(), ['--no-env-file', MAIN, ...args], { env });
  return { ...finished, left: readdirSync(folder) };
}

/** What still runs with this in its arguments. */
function processesWith(text: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Gone meanwhile.
    return '';
  }
}

describe.skipIf(!isExecutable(PYTHON))('the measuring process', () => {
  it('gives one sample of each subject and round, and runs them in turns', async () => {
    const log = join(makeFolder(), 'log');
    const logged = (name: string) => shell(name, `echo ${name} >>${log}; echo ok`);
    const measured = await measure(['a', 'b', 'c'].map(logged), EFFORT);
    for (const { samples } of Object.values(measured)) {
      expect(samples).toHaveLength(EFFORT.rounds);
      for (const { wallMs, cpuMs, faults } of samples)
        expect(Math.min(wallMs, cpuMs, faults)).toBeGreaterThan(0);
    }
    const turns = readFileSync(log, 'utf8').trim().split('\n');
    // Each round has all of them; the first of it is another each second time, and then it goes backwards.
    expect(turns.slice(0, 15).join('')).toBe('abc' + 'cba' + 'bca' + 'acb' + 'cab');
  });

  it('gives standard input, all of it, to each', async () => {
    const subject = shell('cat', 'cat; echo');
    const [step] = subject.steps;
    const steps = [{ ...step!, stdout: 'us\\.icr\\.io\\n' }];
    expect((await measure([{ ...subject, steps }], EFFORT))['cat']?.samples).toHaveLength(EFFORT.rounds);
  });

  it.each([
    ['another answer', shell('s', 'echo okay'), 'okay'],
    ['another exit code', shell('s', 'echo ok; exit 3'), 'ended with 3'],
    ['the end of a signal', shell('s', 'echo ok; kill -9 $$'), 'ended with -9'],
    [
      'a failing preparation',
      shell('s', 'echo ok', { before: [{ run: shell('', 'echo no').steps[0]! }] }),
      'before s',
    ],
    [
      'one answer among many that is not like the others',
      {
        ...shell('s', ''),
        together: true,
        sameAnswers: true,
        steps: ['1', '2'].map((text) => ({ ...shell('', `echo ${text}`).steps[0]!, stdout: '.*' })),
      },
      'not all answers are the same',
    ],
    [
      'a page cache that is not cold',
      shell('s', 'echo ok', { before: [{ forget: '/dev/null' }] }),
      'not cold',
    ],
  ])('refuses to measure %s', async (_, subject, complaint) => {
    await expect(measure([subject], EFFORT)).rejects.toThrow(complaint);
  });
});

describe.skipIf(!isExecutable(PYTHON))('npm run bench', () => {
  it('measures a case with all of its figures, and leaves nothing behind', async () => {
    const out = makeFolder();
    const { code, stdout, stderr, left } = await bench('--quick', '--only', 'answers', '--out', out);
    expect(code, stderr).toBe(0);
    expect(left).toEqual([]);
    const report = JSON.parse(readFileSync(join(out, 'performance.json'), 'utf8'));
    expect(report).toMatchObject({ version: 1, isQuick: true, machine: { cores: expect.any(Number) } });
    expect(report.programs[0]).toMatchObject({ name: 'docker-credential-icr', bytes: expect.any(Number) });
    const [answers] = report.cases;
    const figures = { median: expect.any(Number), p10: expect.any(Number), p90: expect.any(Number) };
    for (const name of [
      'warm get',
      'list',
      'not-found get',
      'foreign host get',
      'version',
      'empty process',
    ]) {
      const subject = answers.subjects.find((one: { name: string }) => one.name === name);
      expect(subject).toMatchObject({ wallMs: figures, cpuMs: figures, faults: expect.any(Number) });
      expect(subject.samplesMs).toHaveLength(answers.rounds);
      expect(stdout).toContain(`| ${name} | `);
    }
    expect(report.verdicts).toHaveLength(10);
    expect(report.verdicts[5].reached).toMatch(/^(?:yes|no)$/);
    expect(readFileSync(join(out, 'performance.svg'), 'utf8')).toContain('>warm get</text>');
    expect(stdout + JSON.stringify(report)).not.toMatch(/[A-Za-z0-9_-]{40,}\./);
  });

  it('fails where the program does not answer, with what it said', async () => {
    const { code, stderr, left } = await bench('--quick', '--only', 'answers', '--executable', '/bin/false');
    expect(code).toBe(1);
    expect(stderr).toContain('ended with 1');
    expect(left).toEqual([]);
  });

  it('stops what it has started when it is told to end', async () => {
    const folder = makeFolder();
    const env = environmentIn(folder);
    const child = spawn(bunPath(), ['--no-env-file', MAIN, '--only', 'answers'], { env });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stderr.once('data', () => child.kill('SIGTERM'));
    expect(await ended).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(processesWith(folder)).toEqual([]);
  });

  it('says which cases there are', async () => {
    const { code, stderr } = await bench('--only', 'warm');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^bench failed: no case warm: there are answers, keychain, .*\n$/);
  });
});
