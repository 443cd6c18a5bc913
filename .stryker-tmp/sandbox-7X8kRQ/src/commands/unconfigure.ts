import { chooseFiles } from '../clients/choose-files.ts';
import { applyChanges, type FileChange, isChange, planUnconfigure } from '../clients/configure-clients.ts';
import { describeChange } from '../clients/diff.ts';
import { HELPER } from '../clients/helper-entries.ts';
import { inspectClientFile } from '../clients/inspect.ts';
import { oneLine } from '../one-line.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { EXIT, type Run } from './command.ts';
import { clientsOf, count, hostsOf } from './configure.ts';

export const run: Run = async (input, { app, terminal }) => {
  const { system } = app.context;
  const { files } = chooseFiles(clientsOf(input), system);
  const changes = planUnconfigure({ files, hosts: hostsOf(input), system });
  if (input.flag('dry-run')) {
    for (const change of changes.filter(isChange)) describeChange(change).forEach(terminal.print);
  } else {
    applyChanges(changes, system);
    report(changes, terminal);
  }
  for (const { file, credsStore } of files.map(inspectClientFile)) {
    if (credsStore !== HELPER) continue;
    terminal.warn(
      `${file.path} still names this helper for every registry: remove "credsStore" to end that too`,
    );
  }
  return EXIT.done;
};

function report(changes: readonly FileChange[], terminal: Terminal): void {
  for (const { file, after, hosts } of changes.filter(isChange)) {
    const gone = after === null ? ', and with it the file, which held nothing else' : '';
    terminal.print(oneLine(`Removed this helper from ${file.path} for ${count(hosts)}${gone}`));
  }
  if (!changes.some(isChange)) terminal.print('Nothing to change: no client names this helper');
}
