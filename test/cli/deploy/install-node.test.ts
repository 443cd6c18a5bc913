import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { ICR_HOSTS } from '../../../src/registry-host.ts';
import { createKubelet } from '../../fakes/kubelet/kubelet.ts';
import { decodeConfig } from '../../fakes/kubelet/types.ts';
import { claimsOf } from '../../support/claims.ts';
import { EXECUTABLE } from '../../support/executable.ts';
import { isInstalled } from '../../support/is-installed.ts';
import { startLocalIam } from '../../support/local-iam.ts';
import { command } from '../../support/processes.ts';
import { makeHome } from '../../support/test-home.ts';

const deploy = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const SETTINGS = join(deploy, 'overlays/vpc/settings.json');
const BIN_DIR = '/usr/local/libexec/kubelet-credential-providers';
const PROGRAM = `${BIN_DIR}/icr-credential-provider`;
const CONFIG = '/etc/kubernetes/credential-providers/icr.yaml';
const DROP_INS = '/etc/systemd/system/kubelet.service.d';
const DROP_IN = `${DROP_INS}/zz-icr-credential-provider.conf`;
const OLD_DROP_IN = `${DROP_INS}/50-icr-credential-provider.conf`;
const EXTRA_ARGS = '/etc/default/kubelet';
const NOTE = `${BIN_DIR}/.icr-credential-provider.sha256`;
const FLAGS = `--image-credential-provider-config=${CONFIG} --image-credential-provider-bin-dir=${BIN_DIR}`;

/** kubeadm's packages: kubernetes/release, cmd/krel/templates/latest/kubeadm/10-kubeadm.conf. */
const KUBEADM = {
  '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet\n',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf':
    '[Service]\nEnvironment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\nEnvironmentFile=-/etc/default/kubelet\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS\n',
};

/** OpenShift's own unit: openshift/machine-config-operator, templates/worker/01-worker-kubelet; the RPM brings another. */
const OPENSHIFT = {
  '/etc/systemd/system/kubelet.service': `[Service]\nEnvironmentFile=/etc/os-release\nExecStart=/usr/local/bin/kubenswrapper \\\n    /usr/bin/kubelet \\\n      --config=/etc/kubernetes/kubelet.conf \\\n      --node-labels=node.openshift.io/os_id=\${ID} \\\n      --v=\${KUBELET_LOG_LEVEL}\n`,
  '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/hyperkube kubelet\n',
  '/etc/systemd/system/kubelet.service.d/20-logging.conf': '[Service]\nEnvironment="KUBELET_LOG_LEVEL=2"\n',
};

function makeNode(files: Record<string, string>) {
  const root = makeHome().folder;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const program = join(root, 'program');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  return {
    root,
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    has: (path: string) => existsSync(join(root, path)),
    run: (...args: string[]) =>
      command('/bin/sh', [join(deploy, 'node/install.sh'), '--root', root, ...args], {
        env: { PATH: '/usr/bin:/bin' },
      }),
    install(...more: string[]) {
      return this.run('--program', program, '--settings', SETTINGS, ...more);
    },
  };
}

const hasShellcheck = isInstalled('shellcheck', 'what it finds in deploy/node/install.sh');

it.runIf(hasShellcheck)('has nothing that shellcheck finds', () => {
  const { status, stdout } = spawnSync('shellcheck', [join(deploy, 'node/install.sh')], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

describe.each([
  ['kubeadm’s', KUBEADM],
  ['OpenShift’s', OPENSHIFT],
])('a node of %s kubelet', (_, files) => {
  it('gets program, configuration and settings, and the second time nothing', async () => {
    const node = makeNode(files);
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(decodeConfig(node.read(CONFIG))[0]?.name).toBe('icr-credential-provider');
    expect(statSync(join(node.root, PROGRAM)).mode & 0o777).toBe(0o755);
    expect(statSync(join(node.root, '/run/icr-credential-provider')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(node.read('/etc/docker-credential-icr/settings.json')).profiles.default).toHaveProperty(
      'computeIdentity',
    );
    expect((await node.install()).stdout).toBe('install.sh: nothing to change\n');
  });

  it('is as before when it is removed, but for the settings', async () => {
    const node = makeNode(files);
    await node.install();
    expect(await node.run('--remove')).toMatchObject({ code: 0 });
    for (const path of [PROGRAM, CONFIG, DROP_IN]) expect(node.has(path)).toBe(false);
    if (node.has('/etc/default/kubelet'))
      expect(node.read('/etc/default/kubelet')).not.toContain('credential');
    expect((await node.run('--remove')).stdout).toBe('install.sh: nothing to change\n');
  });
});

describe('what is on the node', () => {
  it('is for all to read and run, whoever calls', async () => {
    const node = makeNode(KUBEADM);
    const script = `umask 077; exec /bin/sh ${join(deploy, 'node/install.sh')} "$@"`;
    const args = ['--root', node.root, '--program', join(node.root, 'program'), '--settings', SETTINGS];
    await command('/bin/sh', ['-c', script, 'sh', ...args], { env: { PATH: '/usr/bin:/bin' } });
    const mode = (path: string) => statSync(join(node.root, path)).mode & 0o777;
    for (const folder of ['/usr/local/libexec', '/etc/tmpfiles.d', BIN_DIR]) expect(mode(folder)).toBe(0o755);
    expect(mode('/run/icr-credential-provider')).toBe(0o700);
  });

  it('can be run again when it could not', async () => {
    const node = makeNode(KUBEADM);
    await node.install();
    chmodSync(join(node.root, PROGRAM), 0o644);
    await node.install();
    expect(statSync(join(node.root, PROGRAM)).mode & 0o777).toBe(0o755);
  });

  it('keeps a copy of other settings', async () => {
    const settings = '/etc/docker-credential-icr/settings.json';
    const node = makeNode({ ...KUBEADM, [settings]: '{"profiles":{}}' });
    expect((await node.install()).stdout).toContain(`${settings}.old`);
    expect(node.read(`${settings}.old`)).toBe('{"profiles":{}}');
    expect(node.read(settings)).toContain('computeIdentity');
  });

  it('is without key and tokens when it is removed', async () => {
    const key = '/var/lib/icr-credential-provider/apikey';
    const token = '/run/icr-credential-provider/token';
    const node = makeNode({ ...KUBEADM, [key]: 'x', [token]: 'x' });
    await node.install();
    await node.run('--remove');
    expect([key, token, dirname(token)].map(node.has)).toEqual([false, false, false]);
  });
});

describe('the flags of the kubelet', () => {
  it.each([
    ['', `KUBELET_EXTRA_ARGS="${FLAGS}"\n`],
    ['KUBELET_EXTRA_ARGS=\n', `KUBELET_EXTRA_ARGS="${FLAGS}"\n`],
    ['A=b\nKUBELET_EXTRA_ARGS=--v=2 --x=y\n', `A=b\nKUBELET_EXTRA_ARGS="${FLAGS} --v=2 --x=y"\n`],
    ['KUBELET_EXTRA_ARGS="--v=2"\n', `KUBELET_EXTRA_ARGS="${FLAGS} --v=2"\n`],
    ["KUBELET_EXTRA_ARGS='--v=2'\n", `KUBELET_EXTRA_ARGS='${FLAGS} --v=2'\n`],
  ])('are added to %j', async (before, after) => {
    const node = makeNode({ ...KUBEADM, '/etc/default/kubelet': before });
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(node.read('/etc/default/kubelet')).toBe(after);
    expect(node.has(DROP_IN)).toBe(false);
    await node.run('--remove');
    const kept = node.read('/etc/default/kubelet');
    expect(kept).not.toContain('credential');
    if (before.includes('--v=2')) expect(kept).toContain('--v=2');
  });

  it('go into the file of the RPMs where that is named', async () => {
    const conf = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';
    const node = makeNode({ ...KUBEADM, [conf]: KUBEADM[conf].replace('/etc/default', '/etc/sysconfig') });
    await node.install();
    expect(node.read('/etc/sysconfig/kubelet')).toContain(FLAGS);
  });

  it('go behind the unit’s own command where there is no such place, and follow its updates', async () => {
    const node = makeNode(OPENSHIFT);
    await node.install();
    expect(node.read(DROP_IN)).toBe(
      `[Service]\nExecStart=\nExecStart=/usr/local/bin/kubenswrapper /usr/bin/kubelet --config=/etc/kubernetes/kubelet.conf --node-labels=node.openshift.io/os_id=\${ID} --v=\${KUBELET_LOG_LEVEL} ${FLAGS}\n`,
    );
    writeFileSync(
      join(node.root, '/etc/systemd/system/kubelet.service'),
      '[Service]\nExecStart=/usr/bin/new\n',
    );
    await node.install();
    expect(node.read(DROP_IN)).toContain(`ExecStart=/usr/bin/new ${FLAGS}\n`);
  });

  it('are refused where another provider has them, before anything is changed', async () => {
    const other = '--image-credential-provider-bin-dir=/usr/libexec/other';
    for (const files of [
      { ...KUBEADM, '/etc/default/kubelet': `KUBELET_EXTRA_ARGS=${other}\n` },
      { '/etc/systemd/system/kubelet.service': `[Service]\nExecStart=/usr/bin/kubelet ${other}\n` },
      { ...KUBEADM, '/var/lib/kubelet/kubeadm-flags.env': `KUBELET_KUBEADM_ARGS="--v=2 ${other}"\n` },
    ]) {
      const node = makeNode(files);
      const { code, stderr } = await node.install();
      expect({ code, stderr }).toMatchObject({ code: 1 });
      expect(stderr).toContain('another credential provider');
      expect(node.has(PROGRAM)).toBe(false);
    }
  });

  it.each([
    ['A=b', `A=b\nKUBELET_EXTRA_ARGS="${FLAGS}"\n`],
    ['  KUBELET_EXTRA_ARGS=--v=2', `  KUBELET_EXTRA_ARGS="${FLAGS} --v=2"`],
    ['KUBELET_EXTRA_ARGS=""\n', `KUBELET_EXTRA_ARGS="${FLAGS}"\n`],
    ['A="b"\nKUBELET_EXTRA_ARGS=--v=2\n', `A="b"\nKUBELET_EXTRA_ARGS="${FLAGS} --v=2"\n`],
  ])('leave alone what else %j says', async (before, after) => {
    const node = makeNode({ ...KUBEADM, [EXTRA_ARGS]: before });
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(node.read(EXTRA_ARGS).trimEnd()).toBe(after.trimEnd());
    expect((await node.install()).stdout).toBe('install.sh: nothing to change\n');
  });

  it.each([
    ['a continued line', { [EXTRA_ARGS]: 'KUBELET_EXTRA_ARGS=--v=2 \\\n  --x=y\n' }],
    ['a last line that goes on', { [EXTRA_ARGS]: 'A=b \\\n' }],
    ['quotes within', { [EXTRA_ARGS]: 'KUBELET_EXTRA_ARGS=--x="a b"\n' }],
    [
      'an Environment= of a drop-in',
      { [`${DROP_INS}/20-own.conf`]: '[Service]\nEnvironment="KUBELET_EXTRA_ARGS=--v=2"\n' },
    ],
    ['another EnvironmentFile=', { '/var/lib/kubelet/kubeadm-flags.env': 'KUBELET_EXTRA_ARGS=--v=2\n' }],
  ])('are named where they cannot be added without a loss: %s', async (_, files: Record<string, string>) => {
    const node = makeNode({ ...KUBEADM, ...files });
    const { code, stderr } = await node.install();
    expect(code).toBe(1);
    expect(stderr).toContain(`hint: add these flags to it yourself: ${FLAGS}`);
    expect(node.has(PROGRAM)).toBe(false);
    for (const [path, content] of Object.entries(files)) expect(node.read(path)).toBe(content);
  });

  it('stay where they were added by hand, and keep what they name from removal', async () => {
    const own = `[Service]\nEnvironment="KUBELET_EXTRA_ARGS=--v=2 ${FLAGS}"\n`;
    const node = makeNode({ ...KUBEADM, [`${DROP_INS}/20-own.conf`]: own });
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(node.has(EXTRA_ARGS)).toBe(false);
    const { code, stderr } = await node.run('--remove');
    expect(code).toBe(1);
    expect(stderr).toContain('added by hand');
    expect(node.has(PROGRAM)).toBe(true);
  });

  it('leave the file its mode, and a link a link', async () => {
    const node = makeNode({ ...KUBEADM, '/etc/kubelet.own': 'KUBELET_EXTRA_ARGS=--token=x\n' });
    chmodSync(join(node.root, '/etc/kubelet.own'), 0o600);
    mkdirSync(join(node.root, '/etc/default'), { recursive: true });
    symlinkSync('../kubelet.own', join(node.root, EXTRA_ARGS));
    for (const args of [[], ['--remove']]) {
      await (args.length > 0 ? node.run(...args) : node.install());
      expect(readlinkSync(join(node.root, EXTRA_ARGS))).toBe('../kubelet.own');
      expect(statSync(join(node.root, '/etc/kubelet.own')).mode & 0o777).toBe(0o600);
      expect(node.read('/etc/kubelet.own').includes(FLAGS)).toBe(args.length === 0);
    }
  });

  it('follow no link out of --root', async () => {
    const node = makeNode(KUBEADM);
    const outside = join(makeHome().folder, 'kubelet');
    writeFileSync(outside, '');
    mkdirSync(join(node.root, '/etc/default'), { recursive: true });
    symlinkSync(outside, join(node.root, EXTRA_ARGS));
    expect((await node.install()).stderr).toContain('leads out of');
    expect(readFileSync(outside, 'utf8')).toBe('');
  });

  it('take the command of the additions as systemd orders them: by name, of one name the first folder’s', async () => {
    const unit = (name: string) => `[Service]\nExecStart=\nExecStart = /usr/bin/${name}\n`;
    const node = makeNode({
      ...OPENSHIFT,
      '/usr/lib/systemd/system/kubelet.service.d/90-last.conf': unit('last'),
      '/usr/lib/systemd/system/kubelet.service.d/95-masked.conf': unit('masked'),
      [`${DROP_INS}/95-masked.conf`]: '',
      [`${DROP_INS}/10-early.conf`]: unit('early'),
      [OLD_DROP_IN]: unit('old'),
    });
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(node.read(DROP_IN)).toContain(`ExecStart=/usr/bin/last ${FLAGS}\n`);
    expect(node.has(OLD_DROP_IN)).toBe(false);
  });

  it('are named where a command comes behind them', async () => {
    const node = makeNode({
      ...OPENSHIFT,
      [`${DROP_INS}/zzz.conf`]: '[Service]\nExecStart=\nExecStart=/x\n',
    });
    const { code, stderr } = await node.install();
    expect(code).toBe(1);
    expect(stderr).toContain('the command of the kubelet is in zzz.conf');
    expect(node.has(PROGRAM)).toBe(false);
  });

  it('are named where there is no unit', async () => {
    const { code, stderr } = await makeNode({}).install();
    expect(code).toBe(1);
    expect(stderr).toContain(FLAGS);
  });
});

/** Its own /etc, /run, /usr/local and /var/lib, where a namespace can be had. */
const IN_NAMESPACE = [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount'];
const hasNamespaces = spawnSync('unshare', [...IN_NAMESPACE, 'mount', '--bind', '/run', '/run']).status === 0;
if (!hasNamespaces) console.warn('SKIPPED: a node that runs, without unshare');

describe.runIf(hasNamespaces)('a node that runs', () => {
  const UNIT = '/etc/systemd/system/kubelet.service';

  /** With a systemctl that notes what it is asked to do; what is at `broken` fails the restart. */
  function makeRunningNode(files: Record<string, string>, pid = 0) {
    const node = makeNode({ '/usr/local/kept': '', '/run/kept': '', '/var/lib/kept': '', ...files });
    const stub = (name: string, body: string) => {
      mkdirSync(join(node.root, 'bin'), { recursive: true });
      writeFileSync(join(node.root, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    };
    const { root } = node;
    stub(
      'systemctl',
      `case "$*" in
        *FragmentPath*) echo FragmentPath=${UNIT} ;;
        *DropInPaths*) echo "DropInPaths=${DROP_INS}/00-gone.conf $(echo ${DROP_INS}/*.conf)" ;;
        *MainPID*) echo MainPID=${pid} ;;
        *try-restart*) [ ! -e ${root}/broken ] && echo restart >>${root}/log ;;
      esac`,
    );
    stub('sleep', `echo "$@" >>${root}/slept`);
    const inside = `for folder in /etc /run /usr/local /var/lib; do mount --bind ${root}$folder $folder; done
      export PATH=${root}/bin:/usr/bin:/bin
      exec /bin/sh ${join(deploy, 'node/install.sh')} "$@"`;
    const args = ['--program', join(root, 'program'), '--settings', SETTINGS, '--restart'];
    return {
      ...node,
      install: (...more: string[]) =>
        command('unshare', [...IN_NAMESPACE, '/bin/sh', '-euc', inside, 'sh', ...args, ...more], {
          env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
        }),
    };
  }

  const OWN = {
    [UNIT]: '[Service]\nExecStart=/usr/bin/kubelet\n',
    [`${DROP_INS}/90-own.conf`]: '[Service]\nExecStart=\nExecStart=/usr/bin/own\n',
  };

  it('is restarted once, with the command that systemd names last', async () => {
    const node = makeRunningNode(OWN);
    expect(await node.install()).toMatchObject({ code: 0, stderr: '' });
    expect(node.read(DROP_IN)).toContain(`ExecStart=/usr/bin/own ${FLAGS}\n`);
    expect((await node.install()).stdout).toBe('install.sh: nothing to change\n');
    expect(node.read('log')).toBe('restart\n');
  });

  it('is restarted by the next run where the one before did not come to it', async () => {
    const node = makeRunningNode(OWN);
    writeFileSync(join(node.root, 'broken'), '');
    expect((await node.install()).code).not.toBe(0);
    rmSync(join(node.root, 'broken'));
    expect(await node.install()).toMatchObject({ code: 0 });
    expect(node.read('log')).toBe('restart\n');
    expect((await node.install()).stdout).toBe('install.sh: nothing to change\n');
  });

  it('waits a random time before that, where it is asked', async () => {
    const node = makeRunningNode(OWN);
    await node.install('--restart-within', '300');
    const seconds = Number(node.read('slept'));
    expect(Number.isInteger(seconds) && seconds >= 0 && seconds < 300).toBe(true);
    const { code, stderr } = await node.install('--restart-within', 'soon');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('no number of seconds') });
  });

  it('keeps the provider that only its command line names', async () => {
    const other = '--image-credential-provider-bin-dir=/usr/libexec/other';
    const kubelet = spawn('/bin/sh', ['-c', 'read _', 'kubelet', '--v=2', other]);
    try {
      const node = makeRunningNode(OWN, kubelet.pid);
      const { code, stderr } = await node.install();
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('another credential provider'),
      });
      expect(node.has(PROGRAM)).toBe(false);
    } finally {
      kubelet.kill();
    }
  });
});

describe('an archive', () => {
  /** A curl that fetches one file, whatever is asked. */
  async function withArchive() {
    const node = makeNode(KUBEADM);
    const bin = join(node.root, 'bin');
    mkdirSync(bin);
    const pack = join(node.root, 'docker-credential-icr');
    copyFileSync(join(node.root, 'program'), pack);
    const archive = join(node.root, 'archive.tar.gz');
    await command('tar', ['-czf', archive, '-C', node.root, 'docker-credential-icr'], {
      env: { PATH: '/usr/bin:/bin' },
    });
    const script = `#!/bin/sh\necho fetched >>${node.root}/log\nwhile [ "$1" != --output ]; do shift; done\ncp ${archive} "$2"\n`;
    writeFileSync(join(bin, 'curl'), script, { mode: 0o755 });
    const { stdout } = await command('sha256sum', [archive], { env: { PATH: '/usr/bin:/bin' } });
    const install = (sha256: string, url = 'https://example.com/x.tar.gz') => {
      const args = ['--root', node.root, '--url', url, '--sha256', sha256, '--settings', SETTINGS];
      return command('/bin/sh', [join(deploy, 'node/install.sh'), ...args], {
        env: { PATH: `${bin}:/usr/bin:/bin` },
      });
    };
    return { node, install, sha256: stdout.slice(0, 64) };
  }

  it('is fetched once, and verified', async () => {
    const { node, install, sha256 } = await withArchive();
    expect(await install(sha256)).toMatchObject({ code: 0, stderr: '' });
    expect((await install(sha256)).stdout).toBe('install.sh: nothing to change\n');
    expect(node.read('log')).toBe('fetched\n');
  });

  it('is fetched again when the program is not its own', async () => {
    const { node, install, sha256 } = await withArchive();
    await install(sha256);
    writeFileSync(join(node.root, 'program'), '#!/bin/sh\necho other\n');
    await node.install();
    expect(node.read(PROGRAM)).toContain('other');
    await install(sha256);
    expect(node.read(PROGRAM)).toBe('#!/bin/sh\n');
  });

  it('is noted after the program, so that an interrupted upgrade is completed', async () => {
    const { node, install, sha256 } = await withArchive();
    await node.install();
    writeFileSync(join(node.root, PROGRAM), 'before');
    // Nothing can be put in the program's place, as if the machine had failed there.
    mkdirSync(join(node.root, `${PROGRAM}.new`));
    mkdirSync(join(node.root, `${PROGRAM}.new/docker-credential-icr`));
    expect((await install(sha256)).code).not.toBe(0);
    expect(node.has(NOTE)).toBe(false);
    rmSync(join(node.root, `${PROGRAM}.new`), { recursive: true });
    await install(sha256);
    expect(node.read(PROGRAM)).toBe('#!/bin/sh\n');
    expect(node.read(NOTE)).toBe(`${sha256}\n`);
  });

  it.each([
    ['0'.repeat(64), 'https://example.com/x.tar.gz', 'is not what --sha256 says'],
    ['', 'https://example.com/x.tar.gz', '--sha256 is missing'],
    ['0'.repeat(64), 'http://example.com/x.tar.gz', 'is not https'],
  ])('is refused: %s %s', async (sha256, url, message) => {
    const { node, install } = await withArchive();
    const { code, stderr } = await install(sha256, url);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(node.has(PROGRAM)).toBe(false);
  });
});

it('what is installed answers a kubelet, with the environment of its configuration', async () => {
  const local = await startLocalIam();
  const node = makeNode(KUBEADM);
  const key = join(node.root, 'apikey');
  writeFileSync(key, local.apiKey, { mode: 0o600 });
  const settings = join(node.root, 'settings.json');
  writeFileSync(
    settings,
    JSON.stringify({ iamEndpoint: local.url, profiles: { default: { keyFile: key } } }),
  );
  await node.run('--program', EXECUTABLE, '--settings', settings);
  const [provider] = decodeConfig(node.read(CONFIG));
  if (!provider) throw new Error('no provider');
  // The folders of the node, below the test's own root.
  const env = provider.env?.map(({ name, value }) => ({ name, value: join(node.root, value) })) ?? [];
  const kubelet = createKubelet({
    config: { ...provider, env },
    binDir: join(node.root, BIN_DIR),
    env: { PATH: '/usr/bin:/bin', SSL_CERT_FILE: local.env['SSL_CERT_FILE'] ?? '' },
  });
  for (const image of ['private.us.icr.io/ns/app', 'icr.io/ns/app']) {
    const [credential] = await kubelet.pull(image);
    expect(claimsOf(credential?.password)).toMatchObject({ iam_id: 'IBMid-anna' });
  }
  expect(local.iam.tokenRequests()).toBe(1);
});

describe('the DaemonSet’s command', () => {
  const daemonSet = parseDocument(readFileSync(join(deploy, 'daemonset/daemonset.yaml'), 'utf8')).toJS();
  const { spec } = daemonSet.spec.template;
  const [container] = spec.containers;
  const [{ hostPath }] = spec.volumes;

  /** Runs it below a folder; `sleep` is what a minute brings, and ends the pod unless it succeeds. */
  function makePod() {
    const { folder } = makeHome();
    const place = (path: string, content: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: 0o755 });
    };
    for (const path of [
      'usr/local/bin/docker-credential-icr',
      'files/install.sh',
      'files/credential-provider-config.yaml',
      'settings/settings.json',
      'key/apikey',
    ])
      place(path, path);
    mkdirSync(join(folder, 'node'));
    place('stubs/nsenter', `#!/bin/sh\necho "$@" >${folder}/log\n`);
    const [shell, flags, script] = container.command as [string, string, string];
    const moved = script.replace(/(?<=[ >])(\/(?:usr|files|settings|key|node|ready)\b)/g, `${folder}$1`);
    const given = container.env.map(({ name, value }: { name: string; value: string }) => [name, value]);
    return {
      folder,
      place,
      read: (path: string) => readFileSync(join(folder, path), 'utf8'),
      has: (path: string) => existsSync(join(folder, path)),
      run(sleep: string, more: Record<string, string> = {}) {
        place('stubs/sleep', `#!/bin/sh\n${sleep}\n`);
        const env = { ...Object.fromEntries(given), ...more, PATH: `${folder}/stubs:/usr/bin:/bin` };
        return command(shell, [flags, moved], { env });
      },
    };
  }

  it('lays the node’s files down, closed to others, runs the installer there, and is ready then', async () => {
    const pod = makePod();
    expect(await pod.run('exit 1')).toMatchObject({ code: 0, stderr: '' });
    expect(pod.read('log')).toBe(
      `--target 1 --mount -- /bin/sh ${hostPath.path}/install.sh --program ${hostPath.path}/docker-credential-icr --restart --restart-within 300\n`,
    );
    const modes = ['install.sh', 'credential-provider-config.yaml', 'settings.json', 'apikey'].map(
      (name) => statSync(join(pod.folder, 'node', name)).mode & 0o077,
    );
    expect(modes).toEqual([0, 0, 0, 0]);
    expect(pod.has('ready')).toBe(true);
    expect(container.readinessProbe.exec.command.join(' ')).toContain('/ready');
  });

  it('is not ready where the installer fails', async () => {
    const pod = makePod();
    pod.place('stubs/nsenter', '#!/bin/sh\nexit 1\n');
    expect(await pod.run('exit 1')).toMatchObject({ code: 1 });
    expect(pod.has('ready')).toBe(false);
  });

  it('brings a key that changes to the node', async () => {
    const pod = makePod();
    await pod.run(
      `[ ! -e ${pod.folder}/once ] || exit 1; : >${pod.folder}/once; echo new >${pod.folder}/key/apikey`,
    );
    expect(pod.read('node/apikey')).toBe('new\n');
    expect(statSync(join(pod.folder, 'node/apikey')).mode & 0o077).toBe(0);
  });

  it('undoes it all where that is asked', async () => {
    const pod = makePod();
    await pod.run('exit 1');
    rmSync(join(pod.folder, 'ready'));
    expect(await pod.run('exit 0', { REMOVE: 'yes' })).toMatchObject({ code: 0, stderr: '' });
    expect(pod.read('log')).toContain('install.sh --remove --restart --restart-within 300\n');
    expect(readdirSync(join(pod.folder, 'node'))).toEqual([]);
    expect(pod.has('ready')).toBe(true);
  });
});

describe('the CronJob’s command', () => {
  const cronJob = parseDocument(readFileSync(join(deploy, 'pull-secret/cron-job.yaml'), 'utf8')).toJS();
  const [container] = cronJob.spec.jobTemplate.spec.template.spec.containers;

  /** Runs it with stand-ins that note how they were called; `program` in the place of the helper. */
  async function run(program: string, more: Record<string, string> = {}) {
    const { folder } = makeHome();
    const stub = (name: string, body: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    stub('sleep', 'exit 0');
    stub('kubectl', `echo "kubectl $*" >>${folder}/log; cat >${folder}/applied; [ -s ${folder}/applied ]`);
    stub('docker-credential-icr', program);
    const [shell, ...args] = container.command as [string, ...string[]];
    const result = await command(shell, args, {
      env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, ...more },
    });
    const applied = readFileSync(join(folder, 'applied'), 'utf8');
    return { ...result, applied, log: readFileSync(join(folder, 'log'), 'utf8') };
  }

  it('applies what is exported, and keeps no copy of the token in an annotation', async () => {
    const { code, applied, log } = await run('echo "$@"');
    expect(code).toBe(0);
    expect(applied).toBe(
      'export kubernetes --all-regions --private --kind iambearer --allow-expiring --name icr-pull-secret\n',
    );
    expect(log).toContain('apply --server-side');
  });

  it('makes a pull secret of the token of its service account, for every registry', async () => {
    const { iam, url, home, env } = await startLocalIam();
    const tokenFile = join(home.folder, 'sa-token');
    const puller = iam.addTrustedProfile({ name: 'puller' });
    writeFileSync(tokenFile, iam.addCrToken(puller));
    const identity = { computeIdentity: 'container', trustedProfile: puller.id, tokenFile };
    home.configure({ iamEndpoint: url, profiles: { default: identity } });
    const { SSL_CERT_FILE = '' } = env;
    const XDG_CONFIG_HOME = join(home.folder, '.config');
    const { code, applied } = await run(`exec ${EXECUTABLE} "$@"`, { SSL_CERT_FILE, XDG_CONFIG_HOME });
    expect(code).toBe(0);
    const secret = parseDocument(applied).toJS();
    expect(secret).toMatchObject({ kind: 'Secret', metadata: { name: 'icr-pull-secret' } });
    const encoded = secret.data['.dockerconfigjson'];
    const { auths } = JSON.parse(Buffer.from(encoded, 'base64').toString());
    expect(Object.keys(auths).sort()).toEqual([...ICR_HOSTS].sort());
    const [, token] = Buffer.from(auths['private.us.icr.io'].auth, 'base64').toString().split('iambearer:');
    expect(claimsOf(token)).toMatchObject({ iam_id: puller.iamId });
    expect(iam.tokenRequests()).toBe(1);
  });

  it('fails where nothing is exported', async () => {
    expect((await run('exit 1')).code).not.toBe(0);
  });
});
