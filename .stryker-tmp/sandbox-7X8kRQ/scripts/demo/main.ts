import type { Client } from './clients/client.ts';
import { startCloud } from './cloud.ts';
import type { Demo, Step } from './demo.ts';
import { makeHome } from './home.ts';
import { createNarrator, terminalOf } from './narrator.ts';
import { createShell } from './shell.ts';
import { erase } from './steps/erase.ts';
import { exchange } from './steps/exchange.ts';
import { get } from './steps/get.ts';
import { images } from './steps/images.ts';
import { list } from './steps/list.ts';
import { store } from './steps/store.ts';

// The demonstration itself. scripts/demo.mjs starts it, in a folder that it removes afterwards.

/** Clients in the order of their use; the last steps come back to them. */
const used: Client[] = [];
const STEPS: readonly Step[] = [store, get, list, images(used), exchange, erase(used)];

const say = createNarrator(terminalOf(process.stdout), (line) => process.stderr.write(line));
process.exitCode = await main(process.env);

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  let at = 'the preparation';
  const stops: (() => Promise<void>)[] = [];
  try {
    const demo = await prepare(env);
    stops.push(demo.cloud.stop);
    const shown: string[] = [];
    for (const [index, { title, run }] of STEPS.entries()) {
      at = title;
      say.heading(`${index + 1}. ${title}`);
      shown.push(await run(demo));
    }
    summarize(shown, secondsSince(env['ICR_DEMO_STARTED_AT']));
    return 0;
  } catch (error) {
    say.failed(`demo failed at "${at}": ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    for (const stop of [...used.map((client) => client.stop), ...stops]) await stop?.();
  }
}

async function prepare(env: NodeJS.ProcessEnv): Promise<Demo> {
  const folder = env['ICR_DEMO_FOLDER'] ?? '';
  const cloud = await startCloud(folder, env['ICR_TEST_ADDRESS']);
  say.hide(cloud.apiKey);
  const home = makeHome(withoutOwnVariables(env), cloud);
  const clients = (env['ICR_DEMO_CLIENTS'] ?? '').split(',').filter(Boolean);
  say.heading(
    'docker-credential-icr at work, against a local double of IBM Cloud IAM and Container Registry',
  );
  say.explain(whereItIs(env));
  say.explain(
    `Home, settings and credentials are the demonstration’s own, in ${folder}; they are removed at the end.`,
  );
  const shell = createShell(say, home.env, home.folder);
  return { cloud, home, say, shell, clients, reason: env['ICR_DEMO_REASON'] ?? '' };
}

function whereItIs(env: NodeJS.ProcessEnv): string {
  if (!env['ICR_TEST_ADDRESS']) return 'IAM and the registry answer on loopback.';
  return 'us.icr.io and iam.cloud.ibm.com are real names here, on port 443, in a network of this demonstration alone.';
}

/** Ours are no business of the programs that we start. */
function withoutOwnVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const others = Object.entries(env).filter(([name]) => !/^(?:ICR_(?:DEMO|TEST)|BUN)_/.test(name));
  return Object.fromEntries(others.map(([name, value]) => [name, value ?? '']));
}

function summarize(shown: readonly string[], seconds: number): void {
  say.heading('Shown, and checked while it was shown:');
  for (const line of shown) say.checked(line);
  say.heading(
    `All ${shown.length} steps done, ${seconds.toFixed(1)} s from the start, installation and build included.`,
  );
}

function secondsSince(startedAt: string | undefined): number {
  return (Date.now() - Number(startedAt)) / 1000;
}
