import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { type Dockerd, startDockerd } from '../support/dockerd.ts';
import { EXECUTABLE } from '../support/executable.ts';
import { succeed } from '../support/processes.ts';

/**
 * The shell steps of docs/ci.md as they stand, with real clients. In place of the network's: a curl
 * that gives an archive of this program, and its checksum where the page has zeros. Debian's docker
 * has no buildx, so the images are built without BuildKit, as the page says.
 */
const page = readFileSync(fileURLToPath(new URL('../../docs/ci.md', import.meta.url)), 'utf8');
const NAMESPACE = 'us.icr.io/ns/';

let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;
let apiKey: string;
let release: Awaited<ReturnType<typeof packRelease>>;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  const pusher = cloud.iam.addServiceId({ name: 'pusher' });
  cloud.icr.allow(pusher, 'ns', 'manager');
  apiKey = cloud.iam.addApiKey(pusher);
  release = await packRelease();
});
afterAll(async () => {
  rmSync(release?.folder ?? '', { recursive: true, force: true });
  await dockerd?.stop();
  await cloud?.stop();
});
beforeEach(async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  await home.run('skopeo', [
    'copy',
    '--dest-creds',
    `iamapikey:${apiKey}`,
    home.image,
    `docker://${NAMESPACE}base:v1`,
  ]);
  // A runner that knows nothing of the helper.
  for (const file of ['.docker/config.json', 'run/containers/auth.json']) rmSync(join(home.folder, file));
  cloud.iam.reset();
  cloud.icr.reset();
});
afterEach(() => home?.cleanUp());

const SYSTEM = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

async function packRelease() {
  const folder = mkdtempSync(join(tmpdir(), 'icr-release-'));
  copyFileSync(EXECUTABLE, join(folder, 'docker-credential-icr'));
  const archive = join(folder, 'archive.tar.gz');
  await succeed('tar', ['-czf', archive, '-C', folder, 'docker-credential-icr'], { env: SYSTEM });
  const curl = `#!/bin/sh\nwhile [ "$1" != "-fsSLo" ]; do shift; done\ncase $3 in https://*) exec cp ${archive} "$2";; esac\nexit 1\n`;
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'curl'), curl, { mode: 0o755 });
  const { stdout } = await succeed('sha256sum', [archive], { env: SYSTEM });
  return { folder, tools, sha256: stdout.slice(0, 64) };
}

/** The block of the section of this name. */
function block(section: string, language: string): string {
  const [, rest = ''] = page.split(`\n## ${section}\n`);
  const [, text = ''] = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(rest) ?? [];
  if (text === '') throw new Error(`docs/ci.md has no ${language} for ${section}`);
  return text.replaceAll('0'.repeat(64), release.sha256);
}

/** A runner's workspace with a Dockerfile, and its environment: the key only where a step is given it. */
function workspace(more: Record<string, string> = {}) {
  const folder = join(home.folder, 'workspace');
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${NAMESPACE}base:v1\nLABEL built=yes\n`);
  const env: Record<string, string> = {
    ...home.env,
    PATH: `${release.tools}:${SYSTEM.PATH}`,
    DOCKER_HOST: dockerd.host,
    DOCKER_BUILDKIT: '0',
    ...more,
  };
  return { folder, env };
}

function bash(script: string, env: Record<string, string>, cwd: string) {
  return succeed('/bin/bash', ['-e', '-o', 'pipefail', '-c', script], { env, cwd });
}

async function expectPushed(image: string): Promise<void> {
  expect(new Set(cloud.icr.tokenRequests.map(({ username }) => username))).toEqual(new Set(['iambearer']));
  expect(cloud.iam.tokenRequests('apikey')).toBe(1);
  await home.run('skopeo', ['inspect', '--creds', `iamapikey:${apiKey}`, `docker://${image}`]);
}

describe('the steps of', () => {
  it('GitHub Actions', async () => {
    const { folder, env } = workspace({ GITHUB_SHA: '0123abc', RUNNER_TEMP: home.folder });
    const { jobs } = parseDocument(block('GitHub Actions', 'yaml')).toJS();
    const pathFile = join(home.folder, 'github-path');
    writeFileSync(pathFile, '');
    for (const { run, env: own = {} } of jobs.image.steps) {
      if (run === undefined) continue;
      const filled = Object.entries<string>(own).map(([name, value]) => [
        name,
        value.replace('${' + '{ secrets.ICR_API_KEY }}', apiKey),
      ]);
      const added = readFileSync(pathFile, 'utf8').trim();
      const PATH = added ? `${added}:${env['PATH']}` : (env['PATH'] ?? '');
      await bash(run, { ...env, ...Object.fromEntries(filled), PATH, GITHUB_PATH: pathFile }, folder);
    }
    await expectPushed('us.icr.io/ns/app:0123abc');
  });

  it('GitLab', async () => {
    const { folder, env } = workspace({ CI_COMMIT_SHORT_SHA: '0123abcd', ICR_API_KEY: apiKey });
    const { image } = parseDocument(block('GitLab', 'yaml')).toJS();
    const script = [...image.before_script, ...image.script]
      .join('\n')
      .replaceAll('/tmp/', `${home.folder}/`);
    await bash(script, { ...env, ...image.variables, CI_PROJECT_DIR: folder }, folder);
    await expectPushed('us.icr.io/ns/app:0123abcd');
  });

  it('Jenkins', async () => {
    const { folder, env } = workspace({ BUILD_NUMBER: '7', ICR_API_KEY: apiKey });
    const [, script = ''] = /sh '''([\s\S]*?)'''/.exec(block('Jenkins', 'groovy')) ?? [];
    const PATH = `${release.folder}:${env['PATH']}`;
    await bash(script, { ...env, PATH, DOCKER_CONFIG: join(folder, '.docker') }, folder);
    await expectPushed('us.icr.io/ns/app:7');
  });

  it('Tekton', async () => {
    const { env } = workspace({ ICR_API_KEY: apiKey, IMAGE: 'us.icr.io/ns/app:v1' });
    const { spec } = parseDocument(block('Tekton', 'yaml')).toJS();
    const [{ script }] = spec.steps;
    const PATH = `${release.folder}:${env['PATH']}`;
    const layout = join(home.folder, 'layout');
    await succeed('/bin/sh', ['-c', script.replaceAll('/tmp/', `${home.folder}/`)], {
      env: { ...env, PATH },
      cwd: layout,
    });
    await expectPushed('us.icr.io/ns/app:v1');
  });

  it('Travis CI', async () => {
    const { folder, env } = workspace({ TRAVIS_COMMIT: 'f00', ICR_API_KEY: apiKey });
    const job = parseDocument(block('Travis CI', 'yaml')).toJS();
    const variables = Object.fromEntries(job.env.global.map((line: string) => line.split('=')));
    const script = [...job.before_install, ...job.script].join('\n').replaceAll('/tmp/', `${home.folder}/`);
    await bash(script, { ...env, ...variables }, folder);
    await expectPushed('us.icr.io/ns/app:f00');
  });
});

it('each of which is on the page, and no other', () => {
  expect([...page.matchAll(/^```(\w+)$/gm)].map(([, language]) => language)).toEqual([
    'yaml',
    'yaml',
    'groovy',
    'yaml',
    'yaml',
  ]);
});
