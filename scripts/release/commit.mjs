// The commit that is released, and the one time that stands in everything: two builds of a commit are the
// same, byte for byte.
import { spawnSync } from 'node:child_process';
import { root } from '../install.mjs';

/** Its hash; null outside a checkout of git. */
export function commitHash() {
  const hash = git(['rev-parse', 'HEAD']);
  return /^[0-9a-f]{40}$/.test(hash) ? hash : null;
}

/** Whether files were changed since. */
export function isChanged() {
  return git(['status', '--porcelain', '--untracked-files=no']) !== '';
}

/** Seconds since 1970: SOURCE_DATE_EPOCH (reproducible-builds.org), else that of the commit. */
export function sourceDate() {
  const seconds = process.env['SOURCE_DATE_EPOCH'] ?? git(['log', '-1', '--format=%ct']);
  if (/^\d+$/.test(seconds)) return Number(seconds);
  throw new Error('no date for the release: neither SOURCE_DATE_EPOCH nor a commit of git');
}

/** @param {readonly string[]} args @returns {string} nothing where it fails, or is not there */
function git(args) {
  return spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
}
