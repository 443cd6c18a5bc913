import { createApp } from '../app.ts';
import { createHostSystem } from '../host-system.ts';
import { createHostTerminal } from '../terminal/host-terminal.ts';
import { NAME } from '../version.ts';
import type { ExitCode } from './command.ts';
import { VERB_SUMMARIES } from './completion/model.ts';
import { runProgram } from './program.ts';
import { COMMANDS } from './table.ts';

const INTRODUCTION = `Credential helper for IBM Cloud Container Registry

Docker, podman, skopeo and other clients start it with get, store, erase or list and speak with it through standard \
input and output (docker credential helper protocol). The commands below are for people.`;

/** A command line of a person, with the real terminal. */
export function runForPerson(args: readonly string[]): Promise<ExitCode> {
  const terminal = createHostTerminal(process.env);
  const system = createHostSystem((line) => terminal.warn(line));
  return runProgram(args, {
    name: NAME,
    introduction: INTRODUCTION,
    commands: COMMANDS,
    verbs: VERB_SUMMARIES,
    terminal,
    createApp: () => createApp(system),
  });
}
