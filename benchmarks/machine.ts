import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { CURL, ECR_LOGIN, PASS, SECRETSERVICE } from './peers.ts';
import { isThere } from './world.ts';

/** Where figures come from. */
export interface Machine {
  processor: string;
  cores: number;
  /** 2^30 bytes. */
  memoryGiB: number;
  system: string;
  kernel: string;
  /** Of the minute before; what others do makes all figures larger and less certain. */
  load: number;
}

export function describeMachine(): Machine {
  const [first] = cpus();
  return {
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown',
    kernel: release(),
    load: loadavg()[0] ?? 0,
  };
}

/** A program that was measured. */
export interface Program {
  name: string;
  version: string;
  bytes: number;
}

/** Peers with the versions of their Debian packages. */
export function describePrograms(executable: string): (Program & { sha256?: string })[] {
  const ours = {
    ...programAt(executable, versionOf(executable, ['version'])),
    name: 'docker-credential-icr',
    sha256: createHash('sha256').update(readFileSync(executable)).digest('hex'),
  };
  return [
    ours,
    ...PEERS.filter(isHere).map(({ file, debian }) => programAt(file, debianVersion(debian))),
    ...(isThere([NODE]) ? [programAt(NODE, versionOf(NODE, ['--version']))] : []),
  ];
}

const NODE = process.env['ICR_BENCH_NODE'] ?? '';

const PEERS = [
  { file: ECR_LOGIN, debian: 'amazon-ecr-credential-helper' },
  { file: SECRETSERVICE, debian: 'golang-docker-credential-helpers' },
  { file: PASS, debian: 'golang-docker-credential-helpers' },
  { file: CURL, debian: 'curl' },
  { file: '/usr/bin/gnome-keyring-daemon', debian: 'gnome-keyring' },
  { file: '/usr/bin/skopeo', debian: 'skopeo' },
];

const isHere = ({ file }: { file: string }) => isThere([file]);

/** Paths of what the program is compared with, as far as it is here. */
export function peerPrograms(): string[] {
  return [...PEERS.map(({ file }) => file), NODE].filter((file) => isThere([file]));
}

function programAt(file: string, version: string): Program {
  return { name: file.replace(/^.*\//, ''), version, bytes: statSync(file).size };
}

function debianVersion(name: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own syntax
  return spawnSync('dpkg-query', ['-W', '-f=${Version}', name], { encoding: 'utf8' }).stdout ?? '';
}

function versionOf(program: string, args: string[]): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? 'unknown';
}
