#!/usr/bin/env node
import { forbidDumps } from './dumpable.ts';
import { createHostSystem } from './host-system.ts';
import { oneLine } from './one-line.ts';
import { type Reply, serve, VERBS, type Verb } from './protocol/serve.ts';
import { NAME, PROVIDER_NAME, VERSION } from './version.ts';
import { write } from './write.ts';

/**
 * From arguments to the reply; the only place that exits. Two ways: the verbs of the protocol, for
 * other programs, and the commands, for people.
 */
async function main(args: readonly string[]): Promise<Reply> {
  const [action = '', ...more] = args;
  if (isVerb(action) && more.length === 0) return serveVerb(action);
  if (action === '' && isCalled(PROVIDER_NAME)) return runCommand(['kubelet']);
  // No client says that; a person does.
  if (isVerb(action) && more.length === 1 && ['-h', '--help'].includes(more[0] ?? ''))
    return runCommand(['help', action]);
  if (action === '' || isVerb(action)) return notUnderstood(USAGE);
  if (['version', '-v', '--version'].includes(action))
    return reply({ stdout: `${NAME} (${PACKAGE}) ${VERSION}` });
  if (await isLikeVerb(action)) return notUnderstood(oneLine(`${NAME}: unknown action: ${action}`));
  return runCommand(args);
}

/** Meant for the protocol, and answered like that. */
async function isLikeVerb(action: string): Promise<boolean> {
  const [{ COMMANDS }, { nearestOf }] = await Promise.all([
    import('./commands/table.ts'),
    import('./nearest.ts'),
  ]);
  const names = [...COMMANDS.map(({ name }) => name), 'help', '-h', '--help'];
  return !names.includes(action) && isVerb(nearestOf(action, [...names, 'version', ...VERBS]) ?? '');
}

const PACKAGE = 'npm docker-credential-icr';
const USAGE = `Usage: ${NAME} <${VERBS.join('|')}|version>, or --help for login and the other commands`;
const HELP_HINT = `See ${NAME} --help for login, status, doctor and more`;
const SILENT: Reply = { stdout: '', stderr: '', exitCode: 0 };

function reply({ stdout }: { stdout: string }): Reply {
  return { ...SILENT, stdout: `${stdout}\n` };
}

/** What clients read is on stdout; a person at a terminal is told where to look. */
async function notUnderstood(line: string): Promise<Reply> {
  const stderr = (await isTerminal()) ? `${HELP_HINT}\n` : '';
  return { stdout: `${line}\n`, stderr, exitCode: 1 };
}

function isVerb(action: string): action is Verb {
  return (VERBS as readonly string[]).includes(action);
}

async function serveVerb(verb: Verb): Promise<Reply> {
  const warnings: string[] = [];
  const answer = await serve(verb, async () => {
    const { createApp } = await import('./app.ts');
    return createApp(createHostSystem((line) => void warnings.push(line))).helper;
  });
  // One line on success, or where nothing was found; a failure says what matters itself.
  if (answer.stderr !== '' || warnings.length === 0) return answer;
  return { ...answer, stderr: `${oneLine(`${NAME}: ${warnings.join('; ')}`)}\n` };
}

/** By the name as it was typed: a link to the program is resolved in all the others. */
function isCalled(name: string): boolean {
  const typed = process.versions['bun'] ? process.argv0 : (process.argv[1] ?? '');
  return typed.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '') === name;
}

async function runCommand(args: readonly string[]): Promise<Reply> {
  const { runForPerson } = await import('./commands/run-for-person.ts');
  return { ...SILENT, exitCode: await runForPerson(args) };
}

async function isTerminal(): Promise<boolean> {
  const { isatty } = await import('node:tty');
  return isatty(1) && isatty(2);
}

// No await at the top: the Node flavour in one file is no module.
void run();

async function run(): Promise<void> {
  forbidDumps();
  const { stdout, stderr, exitCode } = await main(process.argv.slice(2));
  // A failure goes to both streams; a person at a terminal needs it once.
  if (stdout !== stderr || stdout === '' || !(await isTerminal())) write(1, stdout);
  write(2, stderr);
  // A keychain call that never ends must not keep us here.
  process.exit(exitCode);
}
