import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectProgram } from '../../../src/doctor/program.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const NAME = 'docker-credential-icr';

function folders() {
  const { folder } = makeHome();
  const root = realpathSync(folder);
  const put = (place: string, name = NAME) => {
    mkdirSync(join(root, place), { recursive: true });
    writeFileSync(join(root, place, name), '', { mode: 0o755 });
    return join(root, place, name);
  };
  const inspect = (own: string, path: string[]) =>
    inspectProgram(
      testSystem({
        programPath: own,
        env: { HOME: root, PATH: path.map((place) => join(root, place)).join(':') },
      }),
    ).map(({ status, title }) => `${status}: ${title.replaceAll(root, '')}`);
  return { root, put, inspect };
}

describe('the program on PATH', () => {
  it('is found through a link and a linked folder, once', () => {
    const { root, put, inspect } = folders();
    const own = put('opt');
    mkdirSync(join(root, 'bin'));
    symlinkSync(own, join(root, 'bin', NAME));
    symlinkSync(join(root, 'bin'), join(root, 'linked'));
    expect(inspect(own, ['bin', 'linked', 'opt'])).toEqual([
      `ok: clients find it on PATH: /bin/${NAME}`,
      // ~/bin is where desktop programs look.
      'warning: services (systemd) and sudo do not find it with their usual PATH',
    ]);
  });

  it('may stand before another one, or behind one that cannot be started', () => {
    const { put, inspect } = folders();
    const own = put('one');
    put('two');
    chmodSync(put('zero'), 0o644);
    expect(inspect(own, ['zero', 'one', 'two']).slice(0, 3)).toEqual([
      `ok: clients find it on PATH: /one/${NAME}`,
      `warning: /zero/${NAME} is on PATH and not executable`,
      `warning: /two/${NAME} is another program of this name on PATH`,
    ]);
  });

  it('may have kept the name of its download', () => {
    const { put, inspect } = folders();
    const own = put('one', `${NAME}-linux-x64`);
    expect(inspect(own, ['one'])).toContainEqual(
      `warning: this program is called ${NAME}-linux-x64, and clients look for ${NAME}`,
    );
  });
});
