import { readFileSync } from 'node:fs';
import { HelperError } from '../../src/errors.ts';
import { createHttp } from '../../src/http.ts';
import { loadTransport } from '../../src/http-transport.ts';
import { IDENTITY_TOKENS } from './assumptions/identity-tokens.ts';
import { LOGINS } from './assumptions/logins.ts';
import { REFRESH } from './assumptions/refresh.ts';
import { TOKENS } from './assumptions/tokens.ts';
import type { Assumption } from './finding.ts';
import { undecided } from './finding.ts';
import { createLiveIam } from './iam.ts';
import { createLiveIcr } from './icr.ts';
import { describe } from './reply.ts';
import { createSeenSecrets } from './secrets.ts';
import { type LiveSettings, readLiveSettings } from './settings.ts';
import { formatTable, type Row, summarize } from './table.ts';

// Started by scripts/live-check.mjs, which hands over the API key on standard input.
process.exitCode = await main();

/** 0 if everything holds, 1 if not or if something could not be told, 2 for settings that cannot be used. */
async function main(): Promise<0 | 1 | 2> {
  try {
    const settings = readLiveSettings(process.env, readFileSync(0, 'utf8'));
    const rows = await tryAll(settings);
    console.log(`\n${formatTable(rows)}\n\n${summarize(rows)}`);
    return rows.every(({ verdict }) => verdict === 'holds') ? 0 : 1;
  } catch (error) {
    console.error(`live-check: ${error instanceof Error ? error.message : error}`);
    return error instanceof HelperError && error.code === 'bad-input' ? 2 : 1;
  }
}

async function tryAll(settings: LiveSettings): Promise<Row[]> {
  const { apiKey, namespace, registry, secondRegistry } = settings;
  const secrets = createSeenSecrets();
  secrets.remember(apiKey.reveal());
  const http = createHttp(loadTransport);
  const iam = createLiveIam(settings, http, secrets);
  const icr = createLiveIcr(registry, http, secrets);
  const subject = {
    iam,
    icr,
    secondIcr: createLiveIcr(secondRegistry, http, secrets),
    apiKey,
    namespace,
    http,
  };
  console.log(`Trying what we assume on ${settings.iam} and https://${registry} …`);
  // Nothing can be told with a key that IAM does not take.
  const first = await iam.exchangeAlone();
  if (first.status !== 200) throw new Error(`IAM gives no token for this key: ${describe(first)}`);
  const rows = [
    ...(await tryEach([...TOKENS, ...REFRESH], iam)),
    ...(await tryEach([...LOGINS, ...IDENTITY_TOKENS], subject)),
  ];
  await iam.endSessions();
  return rows.map((row) => ({ ...row, seen: secrets.hideIn(row.seen) }));
}

/** One after the other: nobody is to be taken for an attack. */
async function tryEach<S>(assumptions: readonly Assumption<S>[], subject: S): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { line, claim, check } of assumptions) {
    const finding = await check(subject).catch((error: Error) => undecided(error.message));
    rows.push({ line, claim, ...finding });
  }
  return rows;
}
