import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { clients } from '../../../src/doctor/clients.ts';
import { createContext, likelyHost } from '../../../src/doctor/diagnose.ts';
import type { System } from '../../../src/system.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

async function examine(config: object | string, changes: Partial<System> = {}) {
  const { folder, env } = makeHome();
  mkdirSync(join(folder, '.docker'));
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, '.docker/config.json'), text);
  const app = createApp(testSystem({ env, ...changes }));
  const findings = await clients.run(createContext(app, likelyHost(app)));
  return {
    host: likelyHost(app).name,
    lines: findings.map(({ status, title }) => `${status}: ${title.replaceAll(folder, '~')}`),
  };
}

describe('the files of clients', () => {
  it('tell which registry a person means', async () => {
    expect(await examine({ credHelpers: { 'r.example': 'icr', 'de.icr.io': 'icr' } })).toEqual({
      host: 'de.icr.io',
      lines: ['ok: asked for de.icr.io by the clients that read ~/.docker/config.json'],
    });
  });

  it('may name the helper for every registry', async () => {
    expect((await examine({ credsStore: 'icr' })).lines).toEqual([
      'ok: asked for us.icr.io by the clients that read ~/.docker/config.json',
    ]);
  });

  it('may belong to somebody else (sudo -E)', async () => {
    const { lines } = await examine({ credsStore: 'icr' }, { euid: 54321 });
    expect(lines[0]).toMatch(
      /^warning: ~\/\.docker\/config\.json belongs to another user \(uid \d+, this is uid 54321\)/,
    );
  });

  it('may begin with a byte order mark', async () => {
    expect((await examine('\ufeff{"credsStore":"icr"}')).lines).toContain(
      'failure: ~/.docker/config.json begins with a byte order mark, which docker does not read',
    );
  });
});
