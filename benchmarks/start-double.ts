import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDaemon } from '../test/support/processes.ts';

/** What double.ts says of itself. */
export interface Double {
  /** PEM file to trust. */
  caFile: string;
  /** Base URLs of IAM, by its latency in milliseconds. */
  iamUrls: Record<string, string>;
  /** Of somebody who may do everything in the namespace `ns`. */
  apiKey: string;
  /** Answers with the number of tokens that were asked for since the start. */
  counterUrl: string;
  /** Whether `us.icr.io` and `iam.cloud.ibm.com` lead there too. */
  hasRealNames: boolean;
}

/** Milliseconds. */
export type Latency = 0 | 100 | 300;
const LATENCIES: readonly Latency[] = [0, 100, 300];

export interface RunningDouble extends Double {
  exchanges(): Promise<number>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('double.ts', import.meta.url));

/** Starts the local IAM and ICR in a process of their own. */
export async function startDouble(folder: string): Promise<RunningDouble> {
  const file = join(folder, 'double.json');
  const daemon = await startDaemon(
    process.execPath,
    ['--no-env-file', PROGRAM, folder, ...LATENCIES.map(String)],
    {
      env: environment(),
      logFile: `${folder}.log`,
      isReady: () => existsSync(file),
    },
  );
  const double: Double = JSON.parse(readFileSync(file, 'utf8'));
  return {
    ...double,
    exchanges: async () => (await (await fetch(double.counterUrl)).json()) as number,
    stop: daemon.stop,
  };
}

function environment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp', ICR_TEST_ADDRESS } = process.env;
  return {
    ...{ PATH, HOME, TMPDIR, BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' },
    ...(ICR_TEST_ADDRESS !== undefined && { ICR_TEST_ADDRESS }),
  };
}
