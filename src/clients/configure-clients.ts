import { HelperError } from '../errors.ts';
import type { System } from '../system.ts';
import { type ClientDocument, readDocument } from './client-document.ts';
import type { ClientFile } from './client-files.ts';
import { checkWritable, readText, removeText, targetOf, writeText } from './file-text.ts';
import { addHelpers, type FileText, HELPER, removeHelpers, removeLogins } from './helper-entries.ts';

export interface ConfigureRequest {
  files: readonly ClientFile[];
  hosts: readonly string[];
  system: System;
  /** Takes the place of other helpers. */
  force?: boolean;
  /** Entries of `auths` that go, because the helper has taken them over. */
  dropLogins?: (file: ClientFile, key: string) => boolean;
}

/** What is to happen to one file. */
export interface FileChange {
  file: ClientFile;
  /** The file behind symbolic links. */
  target: string;
  before: FileText;
  /** The same text as before if nothing is to be done. */
  after: FileText;
  /** Whose helper changes. */
  hosts: readonly string[];
}

/** Checks everything and changes nothing; what it returns is for applyChanges. */
export function planConfigure(request: ConfigureRequest): FileChange[] {
  const { hosts, system, force = false, dropLogins = () => false } = request;
  return request.files.map((file) => {
    const { target, before, document } = open(file);
    if (!force) refuseDisplacing(file, hosts, document);
    const missing = hosts.filter((host) => document.credHelpers.get(host) !== HELPER);
    const configured = missing.length === 0 ? before : addHelpers(before, hosts);
    const after = removeLogins(configured, (key) => dropLogins(file, key));
    return checked({ file, target, before, after, hosts: missing }, system);
  });
}

/** Undoes planConfigure; other helpers are left alone. Without hosts: for every host. */
export function planUnconfigure(request: Omit<ConfigureRequest, 'force' | 'dropLogins'>): FileChange[] {
  const { hosts, system } = request;
  return request.files.map((file) => {
    const { target, before, document } = open(file);
    const isMeant = (host: string) => hosts.length === 0 || hosts.includes(host);
    const ours = [...document.credHelpers].filter(([host, helper]) => helper === HELPER && isMeant(host));
    const after = removeHelpers(before, isMeant);
    return checked({ file, target, before, after, hosts: ours.map(([host]) => host) }, system);
  });
}

export function applyChanges(changes: readonly FileChange[], system: System): void {
  const due = changes.filter(isChange);
  for (const { target, before } of due) refuseStale(target, before);
  for (const { file, target, after } of due) {
    if (after === null) removeText(target, file.variable === null);
    else writeText(target, after, system);
  }
}

export function isChange({ before, after }: FileChange): boolean {
  return before !== after;
}

function open(file: ClientFile): { target: string; before: FileText; document: ClientDocument } {
  const target = targetOf(file.path);
  const before = readText(target);
  return { target, before, document: readDocument(before, file.path) };
}

function checked(change: FileChange, system: System): FileChange {
  if (isChange(change)) checkWritable(change.target, system);
  return change;
}

function refuseDisplacing(file: ClientFile, hosts: readonly string[], { credHelpers }: ClientDocument): void {
  const others = hosts.flatMap((host) => {
    const helper = credHelpers.get(host) ?? HELPER;
    return helper === HELPER ? [] : [`${host} (${helper})`];
  });
  if (others.length === 0) return;
  throw new HelperError('bad-input', `${file.path} names another helper for ${others.join(', ')}`, {
    hint: 'use --force to put this one in its place',
  });
}

/** A client may have logged in while a question was being answered. */
function refuseStale(target: string, before: FileText): void {
  if (readText(target) === before) return;
  throw new HelperError('busy', `${target} has been changed by another program`, { hint: 'run this again' });
}
