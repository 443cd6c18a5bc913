import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { pathsOf } from '../clients/client-files.ts';
import type { System } from '../system.ts';
import { NAME } from '../version.ts';
import { type Check, type Finding, failure, ok, warning } from './check.ts';

/** Whether clients find this very program, and whether they do where other things start them. */
export const program: Check = {
  name: 'program',
  run: async ({ app }) => inspectProgram(app.context.system),
};

export function inspectProgram(system: System): Finding[] {
  const own = realPath(system.programPath);
  const candidates = lookUp(foldersOf(system), system);
  const [first] = candidates.filter(({ executable }) => executable);
  return [
    ...(first ? describeFirst(first, own) : [describeNone(candidates, own)]),
    ...candidates.filter((candidate) => candidate !== first).flatMap((other) => describeOther(other, first)),
    ...describeName(own),
    ...describeSurroundings(own, system),
  ];
}

interface Candidate {
  path: string;
  /** Links followed. */
  real: string;
  executable: boolean;
}

/** Every file of the name in these folders, in their order, each folder once. */
function lookUp(folders: readonly string[], system: System): Candidate[] {
  const { join, isAbsolute } = pathsOf(system);
  const file = system.platform === 'win32' ? `${NAME}.exe` : NAME;
  const real = [...new Set(folders.filter((folder) => isAbsolute(folder)).map(realPath))];
  return real.flatMap((folder) => candidateAt(join(folder, file)));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function candidateAt(path: string): Candidate[] {
  try {
    if (!statSync(path).isFile()) return [];
    return [{ path, real: realpathSync(path), executable: isExecutable(path) }];
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function foldersOf(system: System): string[] {
  return (system.env['PATH'] ?? system.env['Path'] ?? '').split(pathsOf(system).delimiter);
}

function describeFirst(first: Candidate, own: string): Finding[] {
  if (first.real === own) return [ok(`clients find it on PATH: ${first.path}`)];
  return [
    failure(`clients start ${first.path}, which is not this program (${own})`, {
      hint: `remove ${first.path}, or put the folder of this program before its folder in PATH`,
    }),
  ];
}

function describeNone(candidates: readonly Candidate[], own: string): Finding {
  const [blocked] = candidates;
  if (blocked) {
    return failure(`${blocked.path} is not executable, so that no client can start it`, {
      hint: `run chmod +x ${blocked.path}`,
    });
  }
  return failure(`${NAME} is not on PATH, so that no client can start it`, {
    hint: `put its folder on PATH, or run sudo ln -s ${own} /usr/local/bin/${NAME}`,
  });
}

function describeOther(other: Candidate, first: Candidate | undefined): Finding[] {
  if (first === undefined || other.real === first.real) return [];
  const what = other.executable ? 'is another program of this name on PATH' : 'is on PATH and not executable';
  return [warning(`${other.path} ${what}`, { hint: `remove ${other.path} if nothing needs it` })];
}

/** A download that kept the name of its platform. */
function describeName(own: string): Finding[] {
  const name = (own.split(/[\\/]/).at(-1) ?? NAME).replace(/\.exe$/i, '');
  if (name === NAME || /\.[mc]?[jt]s$/.test(name)) return [];
  return [
    warning(`this program is called ${name}, and clients look for ${NAME}`, {
      hint: `rename it to ${NAME}, or put a link of that name on PATH`,
    }),
  ];
}

/** systemd's and Debian's sudo's usual PATH (systemd.exec(5), /etc/sudoers). */
const SERVICE_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Debian's ~/.profile adds these where they exist. */
const HOME_FOLDERS = ['.local/bin', 'bin'];

function describeSurroundings(own: string, system: System): Finding[] {
  if (system.platform !== 'linux') return [];
  const isThere = (folders: readonly string[]) =>
    lookUp(folders, system).some(({ executable }) => executable);
  if (isThere(SERVICE_PATH)) return [ok('services (systemd), sudo and desktop programs find it too')];
  const home = system.env['HOME'];
  const desktop = home ? HOME_FOLDERS.map((folder) => `${home}/${folder}`) : [];
  const missing = ['services (systemd)', 'sudo', ...(isThere(desktop) ? [] : ['desktop programs'])];
  return [
    warning(`${listOf(missing)} do not find it with their usual PATH`, {
      hint: `run sudo ln -s ${own} /usr/local/bin/${NAME}`,
    }),
  ];
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
