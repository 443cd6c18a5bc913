import { realpathSync } from 'node:fs';
import { findProgram } from '../find-program.ts';
import type { System } from '../system.ts';

/** The name under which clients start this program. */
export const PROGRAM = 'docker-credential-icr';

export interface ProgramProblem {
  message: string;
  /** What to do, as an action. */
  hint: string;
}

/** What keeps clients from starting this very program, if anything does. */
export function checkProgram(programPath: string | undefined, system: System): ProgramProblem | null {
  const found = findProgram(PROGRAM, system);
  if (!found) {
    const hint = programPath
      ? `put its folder on PATH, or link it: ln -s ${programPath} /usr/local/bin/${PROGRAM}`
      : 'put the folder that holds it on PATH';
    return { message: `clients cannot find ${PROGRAM} on PATH`, hint };
  }
  if (programPath === undefined || isSameFile(found, programPath)) return null;
  return {
    message: `clients will start ${found}, which is not this program (${programPath})`,
    hint: `remove ${found}, or put this program's folder before its folder in PATH`,
  };
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
