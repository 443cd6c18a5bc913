import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findPaths } from '../../src/config/paths.ts';
import { createHostSystem } from '../../src/host-system.ts';
import type { Cloud } from './cloud.ts';
import { REGISTRY } from './demo.ts';
import { EXECUTABLE } from './preparation.mjs';

/** A home as a user of the helper has it, in the demonstration's own folder. */
export interface DemoHome {
  readonly folder: string;
  /** The whole environment of the helper and the clients. */
  readonly env: Record<string, string>;
  /** Docker's config.json, as text. */
  readonly clientConfig: string;
  /** Every file beneath, by path, with what is in it. */
  files(): { path: string; content: Buffer }[];
}

/** `base` is this process's own environment, made by scripts/demo/environment.mjs. */
export function makeHome(base: Record<string, string>, cloud: Cloud): DemoHome {
  const folder = base['HOME'] ?? '';
  const env = {
    ...base,
    PATH: `${dirname(EXECUTABLE)}${delimiter}${base['PATH']}`,
    XDG_RUNTIME_DIR: join(folder, 'run'),
    APPDATA: join(folder, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(folder, 'AppData', 'Local'),
    SSL_CERT_FILE: cloud.caFile,
    NODE_EXTRA_CA_CERTS: cloud.caFile,
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
  };
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  writeSettings(env, cloud);
  const clientConfig = JSON.stringify({ credHelpers: { [REGISTRY]: 'icr' } });
  write(join(folder, '.docker/config.json'), clientConfig);
  // Podman and skopeo read docker's file for credentials, and this one for everything.
  write(join(env.XDG_RUNTIME_DIR, 'containers/auth.json'), clientConfig);
  writeContainersConfig(folder, env);
  return { folder, env, clientConfig, files: () => filesIn(folder) };
}

/** Never the keychain, even where there is one: that belongs to the person at this machine. */
function writeSettings(env: Record<string, string>, { iamEndpoint }: Cloud): void {
  const { settingsFile } = findPaths({ ...createHostSystem(() => {}), env });
  write(settingsFile, JSON.stringify({ store: 'file', ...(iamEndpoint && { iamEndpoint }) }));
}

/** Plain folders: no overlay file system, no mounts and no system-wide policy, so that it works for everybody. */
function writeContainersConfig(folder: string, env: Record<string, string>): void {
  const storage = `driver = "vfs"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run/storage"`;
  write(
    env['CONTAINERS_STORAGE_CONF'] ?? '',
    `[storage]\n${storage}\n[storage.options.vfs]\nignore_chown_errors = "true"\n`,
  );
  write(env['CONTAINERS_CONF'] ?? '', '[engine]\nevents_logger = "file"\ncgroup_manager = "cgroupfs"\n');
  write(join(folder, '.config/containers/policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, content: readFileSync(path) }));
}
