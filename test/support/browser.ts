import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

/** A desktop whose browser is a script: `xdg-open`, which fetches the page and follows where it leads. */
export interface StandIn {
  env: Record<string, string>;
  /** The page that it ended at, once there is one. */
  shown(): Promise<string>;
  /** Arguments and environment that it was started with; null if it never was. */
  startedWith(): string | null;
}

/** Follows redirects; the page is there when it is whole. */
const FETCH = `
import { renameSync, writeFileSync } from "node:fs";
const [url, file] = process.argv.slice(1);
writeFileSync(file + ".part", await (await fetch(url)).text());
renameSync(file + ".part", file);
`;

export function standInBrowser(folder: string, env: Record<string, string>): StandIn {
  const bin = join(folder, 'browser');
  mkdirSync(bin);
  const program = join(bin, 'xdg-open');
  const started = join(bin, 'started');
  const page = join(bin, 'page');
  writeFileSync(
    program,
    `#!/bin/sh
{ echo "$#: $*"; env; } > ${started}
export NODE_EXTRA_CA_CERTS='${env['SSL_CERT_FILE']}'
exec '${process.execPath}' --input-type=module --eval '${FETCH}' "$1" ${page}
`,
  );
  chmodSync(program, 0o755);
  return {
    env: { ...env, DISPLAY: ':0', PATH: `${bin}:${env['PATH']}` },
    shown: async () => {
      await until('the browser shows a page', () => existsSync(page));
      return readFileSync(page, 'utf8');
    },
    startedWith: () => (existsSync(started) ? readFileSync(started, 'utf8') : null),
  };
}
