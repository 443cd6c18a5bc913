import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, logIn, single, storing, warmGet } from '../case.ts';
import type { Subject } from '../measure.ts';
import { type BenchHome, learn, type World } from '../world.ts';

const COUNTS = [1, 100, 10_000];

/** How much the number of stored registries matters. */
export const registries: Case = {
  name: 'registries',
  title: 'With many stored registries',
  prepare: async (world) => {
    const subjects = await Promise.all(COUNTS.map((count) => withStored(world, count)));
    return { beside: 'warm get of 1', subjects: subjects.flat() };
  },
};

async function withStored(world: World, count: number): Promise<Subject[]> {
  const home = await world.makeHome();
  await logIn(world, home);
  if (count > 1) await fill(home, count - 1);
  const list = await learn(home.call('list'));
  const label = count.toLocaleString('en-US');
  const subjects = [single(`warm get of ${label}`, await warmGet(home)), single(`list of ${label}`, list)];
  return subjects;
}

/** One is stored by the program; the others are copies of its record and its secret (src/stores/records.ts). */
async function fill(home: BenchHome, count: number): Promise<void> {
  const name = (number: number) => `registry-${number}.example`;
  await learn(home.call('store', storing(name(0), 'somebody', 'a-password')));
  const recordFile = (registry: string) =>
    join(home.dataFolder, 'registries', `other-${createHash('sha256').update(registry).digest('hex')}.json`);
  const record = JSON.parse(readFileSync(recordFile(name(0)), 'utf8'));
  const secret = readFileSync(join(home.dataFolder, 'secrets', record.renewable.id));
  for (let number = 1; number < count; number++) {
    const id = number.toString(16).padStart(32, '0');
    const renewable = { ...record.renewable, id };
    const copy = { ...record, name: name(number), renewable };
    writeFileSync(recordFile(name(number)), `${JSON.stringify(copy)}\n`, { mode: 0o600 });
    writeFileSync(join(home.dataFolder, 'secrets', id), secret, { mode: 0o600 });
  }
  const stored = readdirSync(join(home.dataFolder, 'registries')).length;
  if (stored !== count + 1) throw new Error(`${stored} records where there should be ${count + 1}`);
}
