import type { App } from '../app.ts';
import { findClientFiles } from '../clients/client-files.ts';
import { inspectClientFile } from '../clients/inspect.ts';
import { HelperError } from '../errors.ts';
import type { Http } from '../http.ts';
import { parseRegistryHost, type RegistryHost } from '../registry-host.ts';
import { withDeadline } from '../stores/deadline.ts';
import { type Check, type DoctorContext, type Finding, failureBy, skipped } from './check.ts';

export interface DiagnoseOptions {
  checks: readonly Check[];
  offline: boolean;
  /** In place of the usual limits, milliseconds. */
  limitMs?: number;
}

export type Reported = Finding & { check: string };

const LIMIT_MS = 5_000;
const NETWORK_LIMIT_MS = 8_000;

/** One check after the other, each to an end: by itself, by an error, or by its deadline. */
export async function* diagnose(context: DoctorContext, options: DiagnoseOptions): AsyncGenerator<Reported> {
  for (const check of options.checks) {
    for (const finding of await findingsOf(check, context, options)) {
      yield { check: check.name, ...finding };
    }
  }
}

async function findingsOf(
  check: Check,
  context: DoctorContext,
  { offline, limitMs = check.limitMs ?? (check.network ? NETWORK_LIMIT_MS : LIMIT_MS) }: DiagnoseOptions,
): Promise<Finding[]> {
  if (offline && check.network) return [skipped('not asked, because of --offline')];
  const late = new HelperError('busy', `no end after ${limitMs / 1000} s`, {
    hint: check.stuckHint ?? 'run this again; if it stays so, report it',
  });
  try {
    return await withDeadline(check.run(context), limitMs, () => late);
  } catch (error) {
    if (check.network) context.known.credentialFails = true;
    return [failureBy(error)];
  }
}

export function createContext(app: App, host: RegistryHost): DoctorContext {
  return { app, host, http: openHttp, known: {} };
}

async function openHttp(): Promise<Http> {
  const [{ createHttp }, { loadTransport }] = await Promise.all([
    import('../http.ts'),
    import('../http-transport.ts'),
  ]);
  return createHttp(loadTransport);
}

const USUAL_HOST = 'us.icr.io';

/** The registry that a person most likely means: one with a login, one that a client asks for, the usual one. */
export function likelyHost(app: App): RegistryHost {
  for (const name of [...storedNames(app), ...configuredNames(app), USUAL_HOST]) {
    const host = parseRegistryHost(name);
    if (host) return host;
  }
  throw new Error(`${USUAL_HOST} is no registry host`);
}

function storedNames({ context }: App): string[] {
  return orNone(() =>
    context.store
      .records()
      .filter(({ kind, renewable, session }) => kind === 'registry' && (renewable || session))
      .map(({ name }) => name),
  );
}

function configuredNames({ context }: App): string[] {
  return orNone(() => findClientFiles(context.system).flatMap((file) => [...inspectClientFile(file).hosts]));
}

/** What is broken there is for the checks to say. */
function orNone(find: () => string[]): string[] {
  try {
    return find();
  } catch {
    return [];
  }
}

/** How many findings there are of each status. */
export function summarize(findings: readonly Finding[]): Record<Finding['status'], number> {
  const summary = { ok: 0, warning: 0, failure: 0, skipped: 0 };
  for (const { status } of findings) summary[status]++;
  return summary;
}
