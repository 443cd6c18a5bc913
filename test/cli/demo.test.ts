import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { command } from '../support/processes.ts';

/** `npm run demo` as a test of its own: it verifies each step itself and fails if one does not hold. */
const SCRIPT = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));

async function runDemo(variables: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'icr-demo-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const places = {
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  };
  for (const place of Object.values(places)) mkdirSync(place, { mode: 0o700 });
  const env = { PATH: process.env['PATH'] ?? '', ...places, ...variables };
  const finished = await command(process.execPath, [SCRIPT], { env, cwd: places.HOME });
  return { ...finished, left: readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() };
}

it.each([
  ['the clients that are installed', {}],
  ['no client', { ICR_DEMO_CLIENTS: 'none' }],
])('shows every step with %s, prints no secret and leaves nothing behind', async (_, variables) => {
  const { code, stdout, stderr, left } = await runDemo(variables);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout.match(/^\d\. .+$/gm)).toHaveLength(6);
  expect(stdout).toMatch(/All 6 steps done, [0-9.]+ s from the start/);
  // No key (44 characters) and no token, and no escape sequence, since this is no terminal.
  expect((stdout + stderr).match(/[A-Za-z0-9_-]{40,}/g)).toBeNull();
  expect(stdout + stderr).not.toContain('\x1b');
  expect(left).toEqual(['home', 'run', 'tmp']);
});

it('without a client it uses its own, on loopback', async () => {
  const { stdout } = await runDemo({ ICR_DEMO_CLIENTS: 'none' });
  expect(stdout).toContain('With a small client of its own:');
  expect(stdout).toContain('IAM and the registry answer on loopback');
});

it('a variable with somebody’s real key has no part in it', async () => {
  const key = 'somebodys-real-api-key-0123456789-abcdefghijk';
  const variables = {
    ICR_DEMO_CLIENTS: 'none',
    ICR_API_KEY: key,
    IBMCLOUD_API_KEY: key,
    ICR_CREDENTIAL_KIND: 'iamapikey',
  };
  const { code, stdout, stderr } = await runDemo(variables);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain(key);
});
