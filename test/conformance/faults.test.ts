import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../fakes/faults.ts';
import { createIam } from '../fakes/iam.ts';
import { startServer } from '../fakes/server.ts';
import { receiveCachedToken } from '../support/cached-token.ts';
import { createAuthority, type IssueOptions } from '../support/certificates.ts';
import { credentialsOf, EXECUTABLE, helperOf, IS_SCRIPT, type Run } from '../support/executable.ts';
import { STEPS } from '../support/fault-steps.ts';
import { inTurns } from '../support/in-turns.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { command } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';

/** What goes wrong with IAM and the network: the right answer, or one clear line. */
/** What docs/threat-model.md promises of the executable; getaddrinfo(3) alone takes 20 s under Node. */
const LIMIT_MS = IS_SCRIPT ? 30_000 : 15_000;
/** Rows wait far more than they compute; under Node each takes as much of a core as twenty of the executable's. */
const AT_ONCE = IS_SCRIPT ? 6 : 32;

/** What was found, for the figures at the end. */
const rows: { name: string; outcome: string; ms: number }[] = [];

afterAll(() => {
  const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  const [worst] = rows.toSorted((one, other) => other.ms - one.ms);
  console.log(
    `faults: ${rows.length} rows, ${count('answer')} answered, ${count('line')} with one clear line, ${count('neither')} neither; worst ${((worst?.ms ?? 0) / 1000).toFixed(1)} s (${worst?.name})`,
  );
});

interface Row {
  name: string;
  run(): Promise<Run>;
  expected: 'answer' | 'line';
  secrets?: readonly string[];
  /** What the line has to say. */
  says?: string | RegExp;
}

/** All that is wrong with what became of a row. */
async function judge(row: Row): Promise<string[]> {
  const { name, expected, secrets = [], says = '' } = row;
  const began = performance.now();
  const run = await row.run();
  const ms = performance.now() - began;
  const outcome = run.code === 0 ? 'answer' : isOneClearLine(run) ? 'line' : 'neither';
  rows.push({ name, outcome, ms });
  const shown = run.stdout + run.stderr;
  const leaks = run.code !== 0 && (shown.includes('eyJ') || secrets.some((secret) => shown.includes(secret)));
  return [
    ...(outcome === expected ? [] : [`${name}: ${outcome} in place of ${expected}: ${shown}`]),
    ...(ms < LIMIT_MS ? [] : [`${name}: ${Math.round(ms)} ms`]),
    ...(leaks ? [`${name}: a secret is shown`] : []),
    ...(run.code === 0 || shown.search(says) >= 0 ? [] : [`${name}: does not say ${says}: ${shown}`]),
  ];
}

/** A verb says the same on both streams; a command has an error and at most one hint, after its progress. */
function isOneClearLine({ code, stdout, stderr }: Run): boolean {
  const verb = stdout === stderr && /^[^\p{Cc}]{1,1000}\n$/u.test(stdout);
  const person = /^(?:[A-Z][^\p{Cc}]*\n)*error: [^\p{Cc}]{1,1000}\n(?:hint: [^\p{Cc}]{1,1000}\n)?$/u.test(
    stderr,
  );
  return code === 1 && (verb || (stdout === '' && person));
}

/** Where redirects lead: nobody may come. */
async function startElsewhere() {
  const visits: string[] = [];
  const handle = async (request: Request) => {
    visits.push(`${request.method} ${request.url} ${[...request.headers]} ${await request.text()}`);
    return Response.json({ access_token: 'of-elsewhere', token_type: 'Bearer', expires_in: 3600 });
  };
  const server = await startServer({ handlers: { '*': handle } });
  onTestFinished(() => server.close());
  return { url: `${server.url}/identity/token`, visits };
}

const faultsFor = (elsewhere: string): [name: string, fault: Fault, expected: 'answer' | 'line'][] => [
  ...[400, 401, 403, 404, 500, 503].map(
    (status) => [`${status}`, { kind: 'status', status }, 'line'] as [string, Fault, 'line'],
  ),
  ['429', { kind: 'status', status: 429 }, 'line'],
  ['429, Retry-After 600', { kind: 'status', status: 429, retryAfter: 600 }, 'line'],
  ['a portal’s page', { kind: 'html', status: 200 }, 'line'],
  ['a proxy’s page', { kind: 'html', status: 502 }, 'line'],
  ['no answer', { kind: 'hang' }, 'line'],
  ['late', { kind: 'delay', milliseconds: 2000 }, 'answer'],
  [
    'late, then 503',
    { kind: 'delay', milliseconds: 3000, followedBy: { kind: 'status', status: 503 } },
    'line',
  ],
  ['IAM’s no', { kind: 'refuse', code: 'BXNIM0415E' }, 'line'],
  ['closed', { kind: 'close' }, 'line'],
  ['half the JSON', { kind: 'cut-json' }, 'line'],
  ['half the body', { kind: 'cut-body' }, 'line'],
  ['a slow drip', { kind: 'drip', milliseconds: 100 }, 'line'],
  ['50 MB', { kind: 'huge', megabytes: 50 }, 'line'],
  ['50 MB in gzip', { kind: 'huge', megabytes: 50, gzip: true }, 'line'],
  ...[301, 302, 303, 307, 308].map(
    (status) =>
      [`${status} to another host`, { kind: 'redirect', location: elsewhere, status }, 'line'] as [
        string,
        Fault,
        'line',
      ],
  ),
];

/** Where version 1 of the metadata service is gone, version 2 is asked. */
const EXCEPTIONS: Record<string, 'answer'> = { 'metadata PUT: 404': 'answer' };

describe('every fault at every step', () => {
  it('is an answer or one clear line, and no redirect is followed', async () => {
    const elsewhere = await startElsewhere();
    const cases = Object.entries(STEPS).flatMap(([step, prepare]) =>
      faultsFor(elsewhere.url).map(([fault, ...rest]) => ({ name: `${step}: ${fault}`, prepare, rest })),
    );
    const found = await inTurns(cases, AT_ONCE, async ({ name, prepare, rest: [fault, expected] }) => {
      const { setFault, run, secrets } = await prepare();
      setFault(fault);
      return judge({ name, run, expected: EXCEPTIONS[name] ?? expected, secrets, says: '127.0.0.1' });
    });
    expect(found.flat()).toEqual([]);
    expect(elsewhere.visits).toEqual([]);
  });

  it('is over when it is over: the next call answers', async () => {
    const repeatable = ['key exchange', 'assume', 'cr-token', 'metadata PUT', 'metadata POST'] as const;
    const faults: Fault[] = [
      { kind: 'status', status: 400 },
      { kind: 'html', status: 200 },
      { kind: 'huge', megabytes: 2 },
    ];
    const cases = repeatable.flatMap((step) => faults.map((fault) => ({ step, fault })));
    const answers = await inTurns(cases, AT_ONCE, async ({ step, fault }) => {
      const { setFault, run } = await STEPS[step]();
      setFault(fault);
      const before = await run();
      setFault(null);
      return [step, before.code, credentialsOf(await run())?.Username];
    });
    expect(answers).toEqual(cases.map(({ step }) => [step, 1, 'iambearer']));
  });
});

/** `get` with a key, from an IAM at this address that this home trusts, or not. */
function getFrom(iamEndpoint: string, certificate?: string) {
  const home = makeHome({ ICR_API_KEY: 'k'.repeat(44) });
  home.configure({ iamEndpoint });
  const caFile = join(home.folder, 'ca.pem');
  if (certificate !== undefined) writeFileSync(caFile, certificate);
  const env = certificate === undefined ? home.env : { ...home.env, SSL_CERT_FILE: caFile };
  return { home, env, run: () => helperOf(env).get('us.icr.io') };
}

const DAY_MS = 24 * 3600 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

describe('certificates', () => {
  it.each<[string, Partial<IssueOptions>, boolean, RegExp]>([
    ['of an authority that nobody knows', {}, false, /SSL_CERT_FILE/],
    ['that have expired', { notBefore: inDays(-30), notAfter: inDays(-1) }, true, /CERT_HAS_EXPIRED/],
    ['of tomorrow', { notBefore: inDays(1) }, true, /CERT_NOT_YET_VALID/],
    ['of another host', { names: ['iam.cloud.ibm.com'] }, true, /ALTNAME/],
    ['of a host that begins so', { names: ['127.0.0.1.example'] }, true, /ALTNAME/],
  ])('%s: one clear line, and nothing is sent', async (name, options, isTrusted, says) => {
    const authority = await createAuthority();
    const iam = createIam();
    const server = await startServer({
      handlers: { '*': iam.handle },
      certificate: await authority.issue({ names: ['127.0.0.1'], ...options }),
    });
    onTestFinished(() => server.close());
    const { run } = getFrom(server.url, isTrusted ? authority.certificate : undefined);
    expect(await judge({ name: `certificates ${name}`, run, expected: 'line', says })).toEqual([]);
    expect(iam.exchanges).toEqual([]);
  });
});

/** A TCP server that does this with each connection. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('the network', () => {
  it('that goes wrong below HTTP: one clear line each', async () => {
    const endpoints: [string, string, RegExp?][] = [
      ['nobody listens', 'https://127.0.0.1:1', /ECONNREFUSED|ConnectionRefused/],
      ['accepts and is silent', await startTcp(() => {}), /did not answer within 12 s/],
      ['accepts and closes', await startTcp((socket) => void socket.destroy())],
      ['does not speak TLS', await startTcp((socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\n{}'))],
    ];
    const here = endpoints.map(
      ([name, endpoint, says = '127.0.0.1']): Row => ({
        ...{ name: `network: ${name}`, expected: 'line', says },
        run: getFrom(endpoint).run,
      }),
    );
    const apart = process.geteuid?.() === 0 ? rowsOfOtherNetworks() : [];
    expect((await inTurns([...here, ...apart], AT_ONCE, judge)).flat()).toEqual([]);
  });
});

/** In network namespaces of their own. */
function rowsOfOtherNetworks(): Row[] {
  const ibm = 'https://iam.cloud.ibm.com';
  const setUps: [string, string, string][] = [
    ['no network at all', 'true', ibm],
    ['a name that nobody knows', 'ip link set lo up', ibm],
    ['DNS that never answers', LOSSY, ibm],
    ['packets that are lost', LOSSY, 'https://192.0.2.9'],
  ];
  return setUps.map(([name, setUp, endpoint]) => {
    const { home, env } = getFrom(endpoint);
    const resolver = join(home.folder, 'resolv.conf');
    writeFileSync(resolver, `nameserver ${setUp === LOSSY ? '192.0.2.9' : '127.0.0.1'}\n`);
    const script = `mount --bind ${resolver} /etc/resolv.conf && ${setUp} && exec ${EXECUTABLE} get`;
    const run = () =>
      command('unshare', ['--mount', '--net', 'sh', '-c', script], {
        env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
        input: 'us.icr.io',
      });
    return { name: `network: ${name}`, run, expected: 'line', says: new URL(endpoint).host };
  });
}

/** What is sent to 192.0.2.9 comes back to a machine that is not of this address, and is dropped. */
const LOSSY = 'ip link set lo up && ip addr add 192.0.2.1/32 dev lo && ip route add 192.0.2.9/32 dev lo';

describe('a clock that is off', () => {
  const HOUR_MS = 3600 * 1000;
  it.each([-DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS])('IAM’s, by %i ms: right, and cached', async (offset) => {
    const steps = ['key exchange', 'assume', 'cr-token', 'metadata POST', 'refresh'] as const;
    const found = await inTurns(steps, AT_ONCE, async (step) => {
      const { run, local } = await STEPS[step]();
      local.iam.now = () => Date.now() + offset;
      const first = await run();
      const asked = local.iam.exchanges.length;
      const again = await run();
      rows.push({ name: `clock: ${step}`, outcome: first.code === 0 ? 'answer' : 'neither', ms: 0 });
      return [
        step,
        credentialsOf(first)?.Username,
        again.stdout === first.stdout,
        local.iam.exchanges.length - asked,
      ];
    });
    expect(found).toEqual(steps.map((step) => [step, 'iambearer', true, 0]));
  });

  it('ours, set back: a token from the future is not handed out', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    await helper.get('us.icr.io');
    await receiveCachedToken(home, Date.now() + HOUR_MS);
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeTruthy();
    expect(iam.tokenRequests()).toBe(2);
  });
});

describe('with IAM down', () => {
  it('a token with a minute left serves, one with less does not', async () => {
    const faults: Fault[] = [
      { kind: 'hang' },
      { kind: 'close' },
      { kind: 'status', status: 503 },
      { kind: 'html', status: 200 },
    ];
    // Twelve seconds go by before IAM is given up.
    const cases = faults.flatMap((fault) => [30, 90].map((left) => ({ fault, left })));
    const found = await inTurns(cases, AT_ONCE, async ({ fault, left }) => {
      const { iam, env, home, apiKey } = await startLocalIam();
      const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
      const first = await helper.get('us.icr.io');
      await receiveCachedToken(home, Date.now() - (iam.tokenLifetime - left) * 1000);
      iam.setFault(fault);
      const name = `${left} s left: ${fault.kind}`;
      let answer = '';
      const run = async () => {
        const late = await helper.get('us.icr.io');
        answer = late.stdout;
        return late;
      };
      const problems = await judge({ name, run, expected: left === 90 ? 'answer' : 'line' });
      return [...problems, ...(left === 90 && answer !== first.stdout ? [`${name}: another token`] : [])];
    });
    expect(found.flat()).toEqual([]);
  });

  it('what IAM has refused does not', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    await helper.get('us.icr.io');
    await receiveCachedToken(home, Date.now() - (iam.tokenLifetime - 90) * 1000);
    iam.setFault({ kind: 'refuse', code: 'BXNIM0462E' });
    expect(await helper.get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('disabled'),
    });
  });
});
