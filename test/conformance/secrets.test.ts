import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IamRefusal, refusalResponse } from '../fakes/iam/refusals.ts';
import { createIam } from '../fakes/iam.ts';
import { startServer } from '../fakes/server.ts';
import { ordinaryAccount } from '../support/accounts.ts';
import { standInBrowser } from '../support/browser.ts';
import { createTraces } from '../support/canary/traces.ts';
import {
  credentialsOf,
  EXECUTABLE,
  IS_SCRIPT,
  placeProgram,
  type Run,
  runHelper,
} from '../support/executable.ts';
import type { Home } from '../support/home.ts';
import { isInstalled } from '../support/is-installed.ts';
import { addUser } from '../support/local-iam.ts';
import { command } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

/** A local IAM that repeats what it is shown in each refusal, and whose log has whole URLs. */
async function startTalkativeIam() {
  const iam = createIam();
  const urls: string[] = [];
  let refuses = false;
  const server = await startServer({
    handlers: {
      '*': async (request) => {
        urls.push(request.url);
        if (!refuses) return iam.handle(request);
        const message = `not accepted: ${await request.text()} ${[...request.headers]}`;
        return refusalResponse(new IamRefusal('BXNIM0415E', { message }), request, Date.now());
      },
    },
  });
  onTestFinished(() => server.close());
  const home = makeHome();
  home.configure({ iamEndpoint: server.url });
  iam.endpoints = server.url;
  const anna = addUser(iam, 'anna');
  iam.logInBrowser(anna);
  const setRefusing = (value: boolean) => {
    refuses = value;
  };
  return { iam, home, urls, setRefusing, apiKey: iam.addApiKey(anna), anna };
}

describe.skipIf(!isInstalled('strace', 'where secrets go'))(
  'a key and its tokens, after all that one may do with them',
  () => {
    it('are in no file, argument, environment, message or URL', async () => {
      const { iam, home, urls, setRefusing, apiKey, anna } = await startTalkativeIam();
      const mayShow: Run[] = [];
      const seen: string[] = [];
      const log = join(home.folder, 'strace.log');
      const browser = standInBrowser(home.folder, home.env);
      /** Every program that it starts, with arguments and environment. */
      const run = async (args: string[], input = '', more: Record<string, string> = {}) => {
        const traced = ['-f', '-v', '-s', '100000', '-e', 'trace=execve', '-o', log, EXECUTABLE, ...args];
        const env = { ...browser.env, ...more };
        const ended = await command('/usr/bin/strace', traced, { env, input });
        const starts = readFileSync(log, 'utf8').split('\n');
        expect(starts[0]).toContain('docker-credential-icr');
        // What we were given ourselves is not our doing.
        seen.push(...starts.slice(1));
        rmSync(log);
        return ended;
      };
      const quiet = async (...call: Parameters<typeof run>) => {
        const { stdout, stderr } = await run(...call);
        seen.push(stdout, stderr);
      };
      const stored = (Secret: string, Username = 'iamapikey') =>
        JSON.stringify({ ServerURL: 'us.icr.io', Username, Secret });

      await quiet(['login', '--apikey-stdin'], apiKey);
      await quiet(['store'], stored(apiKey));
      mayShow.push(await run(['get'], 'us.icr.io'));
      mayShow.push(await run(['get'], 'us.icr.io', { ICR_CREDENTIAL_KIND: 'iamrefresh' }));
      const [token = '', session = ''] = mayShow.map((answer) => credentialsOf(answer)?.Secret);
      for (const args of [
        ['list'],
        ['status'],
        ['status', '--json'],
        ['config', 'list'],
        ['logout', '--registry', 'us.icr.io'],
      ])
        await quiet(args);
      for (const args of [
        ['doctor', '--offline'],
        ['doctor', '--offline', '--json'],
        ['doctor', '--help'],
      ])
        await quiet(args, '', {
          ICR_API_KEY: apiKey,
          BUN_CONFIG_VERBOSE_FETCH: 'curl',
          NODE_DEBUG: 'http,https,fetch',
        });
      await quiet(['login', '--web']);
      await browser.shown();
      // What fails: refused with an echo, cut off, misused, mistyped.
      for (const refusing of [true, false]) {
        setRefusing(refusing);
        iam.setFault(refusing ? null : { kind: 'html', status: 200 });
        const others = { XDG_RUNTIME_DIR: '/nonexistent', XDG_CACHE_HOME: '/proc/nothing' };
        await quiet(['get'], 'us.icr.io', { ...others, ICR_API_KEY: apiKey });
        await quiet(['login', '--apikey-stdin'], apiKey);
        await quiet(['login', '--sso', '--passcode-stdin'], iam.addPasscode(anna));
        await quiet(['store'], stored(session, 'iamrefresh'));
        await quiet(['get'], 'us.icr.io', others);
        await quiet(['export', 'skopeo', '--kind', 'iambearer'], '', { ...others, ICR_API_KEY: apiKey });
      }
      await quiet(['store'], stored(apiKey).slice(0, -1));
      await quiet(['store'], stored(`${apiKey} ${apiKey}`));
      await quiet(['store'], stored(apiKey).replace('us.icr.io', `us.icr.io/\\u0007`));
      await quiet(['get'], 'us.icr.io', { IBMCLOUD_API_KEY: `@/nonexistent`, ICR_STORE_PASSPHRASE: apiKey });
      await quiet(['configure']);
      await quiet(['logout', '--all']);

      const traces = createTraces();
      for (const [name, secret] of Object.entries({ key: apiKey, token, session })) {
        expect(secret.length).toBeGreaterThan(20);
        traces.add(secret, name);
      }
      const tell = (text: string) => traces.findIn(text).map((name) => `${name}: ${text.slice(0, 300)}`);
      expect(seen.flatMap(tell)).toEqual([]);
      expect(urls.length).toBeGreaterThan(8);
      expect(urls.flatMap(tell)).toEqual([]);
      // The files of the home are looked through after each test (support/canary).
      console.log(`secrets: ${seen.length} texts, ${urls.length} URLs: no trace`);
    });
  },
);

describe('the browser', () => {
  it('is started with listed variables only', async () => {
    const { home } = await startTalkativeIam();
    const browser = standInBrowser(home.folder, home.env);
    const secrets = [
      'ICR_API_KEY_FILE',
      'GITHUB_TOKEN',
      'AWS_SECRET_ACCESS_KEY',
      'NODE_OPTIONS',
      'LD_LIBRARY_PATH',
    ];
    const ours = [
      'ICR_STORE_PASSPHRASE',
      'IBMCLOUD_COS_HMAC',
      'DOCKER_AUTH_CONFIG',
      'SSH_AUTH_SOCK',
      'ANYTHING',
    ];
    const hostile = Object.fromEntries([...secrets.slice(1), ...ours].map((name) => [name, '--no-warnings']));
    const run = await runHelper(['login', '--web'], {
      env: { ...browser.env, ...hostile, LANG: 'de_DE.UTF-8' },
    });
    expect(run).toMatchObject({ code: 0 });
    const names = (browser.startedWith() ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.split('=')[0]);
    // The last three are the shell's own.
    const listed = ['DISPLAY', 'HOME', 'LANG', 'PATH', 'XDG_RUNTIME_DIR', 'PWD', 'OLDPWD', 'SHLVL', '_', ''];
    expect(names.filter((name) => !listed.includes(name ?? ''))).toEqual([]);
    expect(names).toContain('DISPLAY');
  });
});

/** Node has no prctl(2): docs/threat-model.md. */
const canForbid = process.platform === 'linux' && !IS_SCRIPT;

describe.runIf(canForbid && process.geteuid?.() === 0)('the process', () => {
  it.each(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGQUIT'] as const)(
    'shows its environment to nobody else of the same user, and leaves no core when it ends by %s',
    async (signal) => {
      const { home } = await startTalkativeIam();
      chmodSync(home.folder, 0o755);
      const program = join(home.folder, 'docker-credential-icr');
      placeProgram(program);
      const control = await endBySignal(['/bin/sleep', '900'], signal, home, ordinaryAccount().uid);
      // proc(5): root's, once PR_SET_DUMPABLE is off.
      const ours = await endBySignal([program, 'get'], signal, home, 0);
      expect(control).toMatchObject({ isReadable: true });
      expect(ours).toEqual({
        isReadable: false,
        cores: [],
        said: expect.not.stringContaining('canary'),
      });
      // Where the machine pipes cores elsewhere or keeps none, the owner alone shows that there would be none.
      console.log(`${signal}: cores of sleep: ${control.cores.length}, of ours: ${ours.cores.length}`);
    },
  );
});

/** Lets a program wait as an ordinary user to whom cores are allowed, and ends it once its environment has this owner. */
async function endBySignal(
  line: readonly [string, ...string[]],
  signal: NodeJS.Signals,
  home: Home,
  owner: number,
) {
  const { uid, gid } = ordinaryAccount();
  const cwd = mkdtempSync(join(home.folder, 'cwd-'));
  chmodSync(cwd, 0o777);
  const child = spawn('/bin/sh', ['-c', 'ulimit -c unlimited; exec "$@"', 'sh', ...line], {
    ...{ uid, gid, cwd, env: { ...home.env, ICR_API_KEY: 'canary' } },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const ended = new Promise((resolve) => child.on('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  const environ = `/proc/${child.pid}/environ`;
  const isStarted = () => readlinkSync(`/proc/${child.pid}/exe`) === realpathSync(line[0]);
  await until(`${line[0]} belongs to ${owner}`, () => isStarted() && statSync(environ).uid === owner);
  const { stdout } = await command('/bin/cat', [environ], { env: {}, uid, gid });
  child.kill(signal);
  await ended;
  return { isReadable: stdout.includes('canary'), cores: readdirSync(cwd), said };
}
