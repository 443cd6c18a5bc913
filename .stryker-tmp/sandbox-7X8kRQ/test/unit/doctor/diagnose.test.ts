import { describe, expect, it } from 'vitest';
import { type App, createApp } from '../../../src/app.ts';
import { type Check, failure, ok, warning } from '../../../src/doctor/check.ts';
import {
  createContext,
  diagnose,
  likelyHost,
  type Reported,
  summarize,
} from '../../../src/doctor/diagnose.ts';
import { HelperError } from '../../../src/errors.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const newApp = (env: Record<string, string> = {}): App =>
  createApp(testSystem({ env: { ...makeHome().env, ...env } }));

async function run(checks: Check[], offline = false) {
  const app = newApp();
  const context = createContext(app, likelyHost(app));
  const findings: Reported[] = [];
  for await (const finding of diagnose(context, { checks, offline, limitMs: 50 })) findings.push(finding);
  return findings;
}

const check = (name: string, work: Check['run'], more: Partial<Check> = {}): Check => ({
  name,
  run: work,
  ...more,
});

describe('diagnose', () => {
  it('runs every check to an end: findings, errors and what never ends', async () => {
    const findings = await run([
      check('fine', async () => [ok('all is well')]),
      check('thrown', async () => {
        throw new HelperError('settings', 'it is wrong', { hint: 'correct it' });
      }),
      check('unexpected', async () => {
        throw new TypeError('x is not a function');
      }),
      check('endless', () => new Promise(() => {}), { stuckHint: 'unlock it' }),
      check('last', async () => [warning('w'), failure('f')]),
    ]);
    expect(findings).toEqual([
      { check: 'fine', status: 'ok', title: 'all is well' },
      { check: 'thrown', status: 'failure', title: 'it is wrong', hint: 'correct it' },
      { check: 'unexpected', status: 'failure', title: 'x is not a function' },
      { check: 'endless', status: 'failure', title: 'no end after 0.05 s', hint: 'unlock it' },
      { check: 'last', status: 'warning', title: 'w' },
      { check: 'last', status: 'failure', title: 'f' },
    ]);
    expect(summarize(findings)).toEqual({ ok: 1, warning: 1, failure: 4, skipped: 0 });
  });

  it('offline: what asks a service is not run', async () => {
    const asked = check('net', async () => [failure('asked')], { network: true });
    expect(await run([asked], true)).toEqual([
      { check: 'net', status: 'skipped', title: 'not asked, because of --offline' },
    ]);
  });
});

describe('the likely host', () => {
  it('is us.icr.io where nothing is known', () => {
    expect(likelyHost(newApp()).name).toBe('us.icr.io');
  });
});
