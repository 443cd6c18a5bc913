import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/audit.mjs', import.meta.url));

/** With an npm that answers so. */
async function audit(npm: string) {
  const { folder, env } = makeHome();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  const PATH = `${bin}:${dirname(process.execPath)}:${env['PATH']}`;
  return command(process.execPath, [SCRIPT], { env: { ...env, PATH } });
}

describe('npm run audit', () => {
  it.each([
    [
      'a registry that says nothing is known',
      `echo '{"vulnerabilities":{}}'`,
      'known vulnerabilities, package-lock.json: 0',
    ],
    [
      'no network',
      `echo '{"message":"getaddrinfo EAI_AGAIN"}'; exit 1`,
      'NOT CHECKED, the registry gives no answer (getaddrinfo EAI_AGAIN)',
    ],
    ['an npm that does not work', 'echo broken; exit 1', 'NOT CHECKED, npm gives no answer'],
  ])(
    '%s: pins, hashes, licences, install scripts and docs/dependencies.md are right',
    async (_, npm, says) => {
      const { code, stdout, stderr } = await audit(npm);
      expect(stderr).toBe('');
      expect(stdout).toContain(says);
      expect(stdout).toContain('with install scripts: bun\n');
      expect(stdout).toMatch(/\d+ {2}MIT\n/);
      expect(code).toBe(0);
    },
  );

  it('a known vulnerability is a failure', async () => {
    const { code, stderr } = await audit(`echo '{"vulnerabilities":{"vitest":{"severity":"high"}}}'; exit 1`);
    expect(code).toBe(1);
    expect(stderr).toContain('vitest has a known vulnerability (high)');
  });

  it('so is one of what only a release needs', async () => {
    const { code, stdout, stderr } = await audit(`case "$PWD" in
      */scripts/release) echo '{"vulnerabilities":{"@yao-pkg/pkg":{"severity":"low"}}}'; exit 1;;
      *) echo '{"vulnerabilities":{}}';;
    esac`);
    expect(code).toBe(1);
    expect(stdout).toContain('known vulnerabilities, package-lock.json: 0\n');
    expect(stderr).toBe(
      'problem: @yao-pkg/pkg has a known vulnerability (low): see npm audit in scripts/release\n',
    );
  });
});
