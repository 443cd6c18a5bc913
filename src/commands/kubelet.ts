import { createApp } from '../app.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import type { Patience } from '../iam/client.ts';
import { provide } from '../kubelet/provide.ts';
import { parseRequest } from '../kubelet/request.ts';
import { formatResponse } from '../kubelet/response.ts';
import { oneLine } from '../one-line.ts';
import { withDeadline } from '../stores/deadline.ts';
import type { System } from '../system.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { PROVIDER_NAME } from '../version.ts';
import { EXIT, type Run } from './command.ts';

/** Everything together; the kubelet itself would wait for a minute, with the pod. */
const DEADLINE_MS = 9500;
/**
 * Shorter, so that after it a token that still lives can be handed out. The kubelet comes back by
 * itself after a failure, with growing pauses; thousands of nodes that tried four times each would
 * keep a throttled IAM from serving anybody.
 */
export const PATIENCE: Patience = { ms: 7500, outlastsThrottling: false };

/** One question of a kubelet. Whatever goes wrong is one line on stderr: the kubelet logs it. */
export const run: Run = async (_, { app, terminal }) => {
  const warnings: string[] = [];
  const system = { ...app.context.system, warn: (line: string) => void warnings.push(line) };
  try {
    terminal.print(await withDeadline(serve(system, terminal), DEADLINE_MS, tooLate));
    if (warnings.length > 0) terminal.note(oneLine(`${PROVIDER_NAME}: ${warnings.join('; ')}`));
    return EXIT.done;
  } catch (error) {
    const { message, hint } = explain(error);
    terminal.note(oneLine(`${PROVIDER_NAME}: ${message}${hint ? `; ${hint}` : ''}`));
    return EXIT.failed;
  }
};

async function serve(system: System, terminal: Terminal): Promise<string> {
  const request = parseRequest(await terminal.readInput('a CredentialProviderRequest'));
  return formatResponse(await provide(request, createApp(system, PATIENCE), Math.random()));
}

function tooLate(): HelperError {
  return new HelperError('busy', `no credential within ${DEADLINE_MS / 1000} s`, {
    hint: 'run docker-credential-icr doctor on the node',
  });
}
