import type { CommandDefinition } from './command.ts';
import { completion } from './definitions/completion.ts';
import { config } from './definitions/config.ts';
import { configure } from './definitions/configure.ts';
import { doctor } from './definitions/doctor.ts';
import { exportLogin } from './definitions/export.ts';
import { kubelet } from './definitions/kubelet.ts';
import { login } from './definitions/login.ts';
import { logout } from './definitions/logout.ts';
import { status } from './definitions/status.ts';
import { unconfigure } from './definitions/unconfigure.ts';

/** The commands for people, in the order of --help; the verbs of the protocol are not among them. */
export const COMMANDS: readonly CommandDefinition[] = [
  login,
  logout,
  configure,
  unconfigure,
  status,
  doctor,
  exportLogin,
  config,
  kubelet,
  completion,
];

/** Exit codes, for the man page. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'something is wrong, and was said; no credential was found (get)'],
  [2, 'the command line cannot be understood'],
  [130, 'interrupted'],
];
