import { execFileSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { NAME } from '../src/version.ts';
import { type Home, makeHomeIn } from '../test/support/home.ts';
import { type Keyring, startKeyring } from '../test/support/keyring.ts';
import { command } from '../test/support/processes.ts';
import { isExecutable, PYTHON, type Step } from './measure.ts';
import { type Latency, type RunningDouble, startDouble } from './start-double.ts';

/** Everything that the cases have in common, started when it is first asked for. */
export interface World {
  /** The program, as a copy that no build replaces meanwhile. */
  executable: string;
  /** Another build, as a copy too: measured in turns with this one. */
  baseline: string | null;
  /** Somebody wants it to end. */
  interrupted: AbortSignal;
  double(): Promise<RunningDouble>;
  keyring(): Promise<Keyring>;
  /** A home with nothing in it but settings that name the local IAM. */
  makeHome(options?: HomeOptions): Promise<BenchHome>;
  /** A folder for a peer. */
  makeFolder(): string;
  /** Called by `stop`, the last one first. */
  atEnd(stop: () => Promise<void>): void;
  stop(): Promise<void>;
}

interface HomeOptions {
  latency?: Latency;
  /** Secrets in the keychain, or else in sealed files. */
  keychain?: boolean;
  settings?: object;
}

export interface BenchHome extends Home {
  /** A call of the program as a client makes it. */
  call(verb: string, input?: string): CallOf;
}

/** A call of which is not known yet what it answers. */
export type CallOf = Pick<Step, 'argv' | 'env' | 'input'>;

export const KEYRING_PROGRAMS = ['/usr/bin/dbus-daemon', '/usr/bin/gnome-keyring-daemon'];

interface WorldOptions {
  program: string;
  baseline: string | undefined;
  interrupted: AbortSignal;
}

export function createWorld(folder: string, options: WorldOptions): World {
  const executable = copyProgram(options.program, folder);
  const baseline = options.baseline ? copyProgram(options.baseline, join(folder, 'baseline')) : null;
  const stops: (() => Promise<void>)[] = [];
  const once = <T extends { stop(): Promise<void> }>(start: () => Promise<T>) => {
    let started: Promise<T> | undefined;
    return () => {
      started ??= start().then((running) => {
        stops.push(running.stop);
        return running;
      });
      return started;
    };
  };
  let folders = 0;
  const makeFolder = () => {
    const made = join(folder, `home-${++folders}`);
    mkdirSync(made, { mode: 0o700 });
    return made;
  };
  const memory = makeMemoryFolder(folder);
  const makeRuntimeFolder = () => mkdtempSync(join(memory, 'run-'));
  stops.push(async () => rmSync(memory, { recursive: true, force: true }));
  const double = once(() => startDouble(join(folder, 'double')));
  const keyring = once(() => startKeyring({ folder: makeFolder() }));
  return {
    executable,
    baseline,
    interrupted: options.interrupted,
    double,
    keyring,
    makeFolder,
    atEnd: (stop) => void stops.push(stop),
    makeHome: async ({ latency = 0, keychain = false, settings = {} } = {}) => {
      const { caFile, iamUrls } = await double();
      const runtime = makeRuntimeFolder();
      const home = makeHomeIn(makeFolder(), {
        XDG_RUNTIME_DIR: runtime,
        SSL_CERT_FILE: caFile,
        ...(keychain && { DBUS_SESSION_BUS_ADDRESS: (await keyring()).address }),
      });
      home.configure({
        iamEndpoint: iamUrls[latency],
        store: keychain ? 'keychain' : 'file',
        ...settings,
      });
      return {
        ...home,
        cacheFolder: join(runtime, NAME),
        call: (verb, input = '') => ({ argv: [executable, verb], env: home.env, input }),
      };
    },
    stop: async () => {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

/** What it answers now; anything but a success throws. */
export async function answerTo(call: CallOf): Promise<string> {
  const [program = '', ...args] = call.argv;
  const { code, stdout, stderr } = await command(program, args, call);
  if (code !== 0) throw new Error(`${call.argv.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** The call, which from here on has to answer exactly what it answers now. */
export async function learn(call: CallOf): Promise<Step> {
  return answering(call, await answerTo(call));
}

/** The call, which has to answer exactly this. */
export function answering(call: CallOf, stdout: string, code = 0): Step {
  return { ...call, code, stdout: literally(stdout) };
}

/** A regular expression that fits this text alone. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Where logins have their runtime folder: in memory, by systemd (pam_systemd(8)); on the disk where there is none. */
function makeMemoryFolder(folder: string): string {
  const [shared, own] = ['/dev/shm', join(folder, 'run')];
  return mkdtempSync(isWritable(shared) ? join(shared, 'icr-bench-') : `${own}-`);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies a program, and drops the copy from the page cache, as after a boot: from here on its
 * pages come by its own page faults. A file that has just been written lies there in larger pieces, which
 * makes each process look 6 MB larger.
 */
export function copyProgram(program: string, folder: string): string {
  const copy = copyAsInstalled(program, folder);
  const end = openSync(copy, 'r');
  fsyncSync(end);
  closeSync(end);
  dropFromPageCache([copy]);
  return copy;
}

/** Copies a program, whose pages stay as they were written. */
export function copyAsInstalled(program: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, basename(program));
  copyFileSync(program, copy);
  return copy;
}

/** Drops programs from the page cache where they lie: what is compared begins alike. */
export function dropFromPageCache(programs: readonly string[]): void {
  const script =
    'import os, sys\nfor name in sys.argv[1:]: os.posix_fadvise(os.open(name, 0), 0, 0, os.POSIX_FADV_DONTNEED)';
  execFileSync(PYTHON, ['-I', '-S', '-c', script, ...programs]);
}

export function isThere(programs: readonly string[]): boolean {
  return programs.every(isExecutable);
}
