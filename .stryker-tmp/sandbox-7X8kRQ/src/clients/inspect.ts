import { statSync } from 'node:fs';
import { parseRegistryHost } from '../registry-host.ts';
import { type ClearLogin, findClearLogins } from './clear-logins.ts';
import { type ClientDocument, readDocument } from './client-document.ts';
import type { ClientFile } from './client-files.ts';
import { readText } from './file-text.ts';
import { HELPER } from './helper-entries.ts';

/** What a client's file says about ICR; for configure, status and doctor. Never throws. */
export interface ClientReport {
  file: ClientFile;
  exists: boolean;
  /** Why the file cannot be read; what follows is empty then. */
  problem: Error | null;
  /** Registries that this helper serves, ICR or not. */
  hosts: readonly string[];
  /** ICR hosts that another helper serves. */
  otherHelpers: readonly { host: string; helper: string }[];
  /** Keys of this helper that no client ever looks for, such as https://us.icr.io. */
  uselessKeys: readonly string[];
  logins: readonly ReportedLogin[];
  /** The helper for every registry without an entry of its own. */
  credsStore: string | null;
  /** Others on this machine can read the file. */
  isReadableByOthers: boolean;
  hasByteOrderMark: boolean;
}

export interface ReportedLogin extends ClearLogin {
  /** Still answers, so that the helper is not asked. */
  shadows: boolean;
}

export function inspectClientFile(file: ClientFile): ClientReport {
  const report: ClientReport = {
    file,
    exists: true,
    problem: null,
    hosts: [],
    otherHelpers: [],
    uselessKeys: [],
    logins: [],
    credsStore: null,
    isReadableByOthers: false,
    hasByteOrderMark: false,
  };
  try {
    const stat = statSync(file.path, { throwIfNoEntry: false });
    if (!stat) return { ...report, exists: false };
    report.isReadableByOthers = isReadableByOthers(stat.mode, file);
    return { ...report, ...describe(readDocument(readText(file.path), file.path), file) };
  } catch (error) {
    return { ...report, problem: error as Error };
  }
}

/** Windows makes up the mode. */
function isReadableByOthers(mode: number, { path }: ClientFile): boolean {
  return path.startsWith('/') && (mode & 0o044) !== 0;
}

function describe(document: ClientDocument, file: ClientFile): Partial<ClientReport> {
  const helpers = [...document.credHelpers];
  return {
    hosts: helpers.filter(([, helper]) => helper === HELPER).map(([host]) => host),
    otherHelpers: helpers
      .filter(([host, helper]) => helper !== HELPER && parseRegistryHost(host))
      .map(([host, helper]) => ({ host, helper })),
    uselessKeys: helpers
      .filter(([host, helper]) => helper === HELPER && isUseless(host))
      .map(([host]) => host),
    logins: findClearLogins(document).map((login) => ({
      ...login,
      shadows: isShadowing(login, document, file),
    })),
    credsStore: document.credsStore,
    hasByteOrderMark: document.hasByteOrderMark,
  };
}

/** Clients look for `host` or `host:port`, in lower case; only some also for a repository. */
function isUseless(key: string): boolean {
  return /^https?:\/\/|[A-Z]|\/$/.test(key);
}

/**
 * Within one file the helper comes before `auths`, in docker and in containers/image, which looks
 * for the host's helper first, also for a namespace. So two ways past it remain: another name for
 * the host (docker looks for `us.icr.io:443` by itself), and auth.json, which podman reads before
 * docker's file.
 */
function isShadowing({ key, host }: ClearLogin, { credHelpers }: ClientDocument, file: ClientFile): boolean {
  if (key.endsWith(':443')) return !credHelpers.has(key);
  return file.client === 'containers' && credHelpers.get(host) !== HELPER;
}
