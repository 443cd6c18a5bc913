import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IamRefusal, refusalResponse } from '../fakes/iam/refusals.ts';
import { startServer } from '../fakes/server.ts';
import { EXECUTABLE, type Run, runHelper } from '../support/executable.ts';
import type { Home } from '../support/home.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';
import { unsignedToken } from '../support/unsigned-token.ts';

/** Screen cleared, title set, line overwritten, direction of writing turned, a line that is not ours (CVE-2024-50349). */
const EVIL =
  '\u001b[2J\u001b]0;pwned\u0007\rok\u202egnp.exe\u2028\u0085\u009b31m\u200b\u2066\nLogged in as root';
/** As a name of a file, which has no slash and no line break on every system. */
const EVIL_NAME = EVIL.replaceAll('/', '');
// Client files are indented with tabs, and are shown so.
const TELLTALE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

interface Source {
  name: string;
  /** What must come out all the same, so that the row reaches what it is about. */
  shows: RegExp;
  run(home: Home): Promise<Run>;
}

const withKey = { ICR_API_KEY: 'k'.repeat(44) };
const call = (args: string[], env: Record<string, string>, input = '') => runHelper(args, { env, input });

async function iamThatSays(home: Home, respond: (request: Request) => Response): Promise<void> {
  const server = await startServer({ handlers: { '*': async (request) => respond(request) } });
  onTestFinished(() => server.close());
  home.configure({ iamEndpoint: server.url });
}

/** Whose token that is: nobody, with a name that is a trap. */
const evilToken = () =>
  unsignedToken({
    ...{ iam_id: EVIL, sub: EVIL, email: EVIL, name: EVIL, account: { bss: EVIL } },
    ...{ exp: 4e9, iat: 1 },
  });

const giveEvilToken = () =>
  Response.json({ access_token: evilToken(), expires_in: 3600, token_type: 'Bearer' });

/** All that several runs say. */
function joined(runs: readonly Run[]): Run {
  const all = (stream: 'stdout' | 'stderr') => runs.map((run) => run[stream]).join('');
  return { code: 1, stdout: all('stdout'), stderr: all('stderr') };
}

const refuse = (request: Request) =>
  refusalResponse(new IamRefusal('BXNIM0415E', { message: EVIL, details: EVIL }), request, Date.now());

function clientFile(home: Home, content: object): string {
  mkdirSync(join(home.folder, '.docker'), { recursive: true });
  const file = join(home.folder, '.docker/config.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const SOURCES: Source[] = [
  {
    name: 'IAM’s message, to a client',
    shows: /pwned/,
    run: async (home) => {
      await iamThatSays(home, refuse);
      return call(['get'], { ...home.env, ...withKey }, 'us.icr.io');
    },
  },
  {
    name: 'IAM’s message, to a person',
    shows: /pwned/,
    run: async (home) => {
      await iamThatSays(home, refuse);
      return call(['login', '--apikey-stdin'], home.env, 'k'.repeat(44));
    },
  },
  {
    name: 'IAM’s code and request id',
    shows: /pwned/,
    run: async (home) => {
      const body = { errorCode: `X${EVIL}`, errorMessage: EVIL, context: { requestId: EVIL } };
      await iamThatSays(home, () => Response.json(body, { status: 400 }));
      return call(['get'], { ...home.env, ...withKey }, 'us.icr.io');
    },
  },
  {
    name: 'IAM’s passcode page',
    shows: /passcode_endpoint/,
    run: async (home) => {
      await iamThatSays(home, () => Response.json({ passcode_endpoint: `https://evil.example/${EVIL}` }));
      return typeAt(`${EXECUTABLE} login --sso`, [], { ...home.env, TERM: 'dumb' });
    },
  },
  {
    name: 'whose token it is',
    shows: /gnp\.exe/,
    run: async (home) => {
      await iamThatSays(home, giveEvilToken);
      return call(['login', '--apikey-stdin'], home.env, 'k'.repeat(44));
    },
  },
  {
    name: 'whose stored token it is, in status',
    shows: /./,
    run: async (home) => {
      await iamThatSays(home, giveEvilToken);
      const env = { ...home.env, ...withKey };
      await call(['get'], env, 'us.icr.io');
      return joined([await call(['status'], env), await call(['doctor', '--offline'], env)]);
    },
  },
  {
    name: 'a host on stdin',
    shows: /./,
    run: (home) => call(['get'], home.env, `us.icr.io${EVIL}`),
  },
  { name: 'an action', shows: /pwned/, run: (home) => call([EVIL], home.env) },
  { name: 'an option', shows: /pwned/, run: (home) => call(['login', `--${EVIL}`], home.env) },
  { name: 'an argument', shows: /./, run: (home) => call(['status', EVIL], home.env) },
  { name: 'a shell to complete for', shows: /pwned/, run: (home) => call(['completion', EVIL], home.env) },
  {
    name: 'a file’s name',
    shows: /pwned/,
    run: (home) => call(['get'], { ...home.env, ICR_API_KEY_FILE: `/${EVIL_NAME}` }, 'us.icr.io'),
  },
  {
    name: 'a file’s name, to a person',
    shows: /pwned/,
    run: (home) => call(['login', '--apikey-file', `/${EVIL_NAME}`], home.env),
  },
  {
    name: 'a folder’s name',
    shows: /pwned/,
    run: (home) => {
      const file = join(home.folder, EVIL_NAME);
      writeFileSync(file, 'no folder');
      const credentials = JSON.stringify({ ServerURL: 'r.example', Username: 'a', Secret: 'b' });
      return call(['store'], { ...home.env, XDG_DATA_HOME: file }, credentials);
    },
  },
  {
    name: 'a variable',
    shows: /./,
    run: (home) => call(['get'], { ...home.env, ...withKey, IBMCLOUD_IAM_API_ENDPOINT: EVIL }, 'us.icr.io'),
  },
  {
    name: 'a kind',
    shows: /./,
    run: (home) => call(['get'], { ...home.env, ...withKey, ICR_CREDENTIAL_KIND: EVIL }, 'us.icr.io'),
  },
  {
    name: 'a profile',
    shows: /./,
    run: (home) => call(['get'], { ...home.env, ICR_PROFILE: EVIL }, 'us.icr.io'),
  },
  {
    name: 'a value of the settings',
    shows: /./,
    run: async (home) => {
      home.configure({
        iamEndpoint: EVIL,
        [EVIL]: EVIL,
        store: EVIL,
        profiles: { [EVIL]: { keyFile: EVIL } },
      });
      return joined([
        await call(['get'], { ...home.env, ...withKey }, 'us.icr.io'),
        await call(['doctor', '--offline'], home.env),
        await call(['config', 'list'], home.env),
        await call(['status'], home.env),
      ]);
    },
  },
  {
    name: 'a client’s file',
    shows: /./,
    run: async (home) => {
      const auth = Buffer.from(`iamapikey:${EVIL}`).toString('base64');
      clientFile(home, {
        credsStore: EVIL,
        credHelpers: { 'us.icr.io': EVIL, [`${EVIL}.icr.io`]: 'icr' },
        auths: { [`us.icr.io/${EVIL}`]: { auth }, [EVIL]: { auth } },
      });
      return joined([
        await call(['configure', '--force', '--dry-run'], home.env),
        await call(['configure'], home.env),
        await call(['configure', '--force', '--move-logins'], home.env),
        await call(['doctor', '--offline'], home.env),
        await call(['unconfigure'], home.env),
      ]);
    },
  },
  {
    name: 'docker’s server URL, to be stored',
    shows: /./,
    run: (home) =>
      call(
        ['store'],
        home.env,
        JSON.stringify({ ServerURL: `r.example/${EVIL}`, Username: EVIL, Secret: 's' }),
      ),
  },
  {
    name: 'the metadata service',
    shows: /./,
    run: async (home) => {
      const server = await startServer({
        handlers: {
          '*': async () =>
            Response.json({ errors: [{ code: EVIL, message: EVIL }], trace: EVIL }, { status: 400 }),
        },
      });
      onTestFinished(() => server.close());
      home.configure({ profiles: { default: { computeIdentity: 'vpc', metadataUrl: server.url } } });
      return call(['get'], home.env, 'us.icr.io');
    },
  },
];

describe('what comes from outside, with control characters in it', () => {
  it.each(SOURCES)('$name: none comes out, and no line of its own', async ({ shows, run }) => {
    const { stdout, stderr, code } = await run(makeHome());
    const shown = stdout.replaceAll('\r\n', '\n') + stderr;
    expect(shown).toMatch(shows);
    expect(TELLTALE.exec(shown)?.[0]).toBeUndefined();
    expect(shown).not.toMatch(/^Logged in as root/m);
    expect([0, 1, 2]).toContain(code);
  });
});
