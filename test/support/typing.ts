import { spawn } from 'node:child_process';
import type { Run } from './executable.ts';

/** What appears, and what a person types then, perhaps after looking it up somewhere. */
export type Dialogue = readonly (readonly [expected: string, typed: string | (() => Promise<string>)])[];

/** Runs a shell command at a terminal of its own (script(1)) and types at it. */
export async function typeAt(command: string, dialogue: Dialogue, env: Record<string, string>): Promise<Run> {
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    env,
    timeout: 300_000,
    killSignal: 'SIGKILL',
  });
  const open = [...dialogue];
  let stdout = '';
  let seen = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    const [expected, typed] = open[0] ?? [];
    const at = expected === undefined ? -1 : stdout.indexOf(expected, seen);
    if (at < 0 || typed === undefined) return;
    seen = at + (expected?.length ?? 0);
    open.shift();
    if (typeof typed === 'string') child.stdin.write(typed);
    else typed().then((text) => child.stdin.write(text));
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr: '' };
}
