import { NAME } from '../version.ts';
import { type CommandDefinition, EXIT, type Run } from './command.ts';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { powershellCompletion } from './completion/powershell.ts';
import type { Shell } from './completion/shells.ts';
import { zshCompletion } from './completion/zsh.ts';

const SCRIPTS: Record<Shell, (name: string, commands: readonly CommandDefinition[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/** Prints the script; the user's shell keeps it. */
export const run: Run = async (input, { terminal }) => {
  // Nothing but the choices of the definition comes here.
  const shell = input.arguments[0] as Shell;
  // The table names this command: imported at the top it would be a circle.
  const { COMMANDS } = await import('./table.ts');
  terminal.print(SCRIPTS[shell](NAME, COMMANDS).trimEnd());
  return EXIT.done;
};
