// The one time that stands in everything released: two builds of a commit are the same, byte for byte.
import { spawnSync } from 'node:child_process';
import { root } from '../install.mjs';

/** Seconds since 1970: SOURCE_DATE_EPOCH (reproducible-builds.org), else that of the commit. */
export function sourceDate() {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  if (/^\d+\n$/.test(stdout ?? '')) return Number(stdout);
  throw new Error('no date for the release: neither SOURCE_DATE_EPOCH nor a commit of git');
}
