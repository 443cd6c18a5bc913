import { fileURLToPath } from 'node:url';
import { succeed } from './processes.ts';

const BUN = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url));
const PARSE = 'console.log(JSON.stringify(Bun.YAML.parse(await Bun.stdin.text())))';

/** The documents of a YAML file, as Bun's parser reads them. */
export async function parseYaml(text: string): Promise<unknown[]> {
  const { stdout } = await succeed(BUN, ['-e', PARSE], { env: { PATH: '/usr/bin:/bin' }, input: text });
  const value: unknown = JSON.parse(stdout);
  return Array.isArray(value) ? value : [value];
}
