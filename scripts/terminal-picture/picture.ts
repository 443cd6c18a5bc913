import { fileURLToPath } from 'node:url';
import { draw } from './draw.ts';
import { record } from './session.ts';

export const PICTURE = fileURLToPath(new URL('../../docs/terminal.svg', import.meta.url));

/** From a real run, inside scripts/namespace.sh. The same each time, as long as the program says the same. */
export async function makePicture(): Promise<string> {
  return draw(
    'docker-credential-icr in a terminal: login, pulls with docker and podman, status',
    await record(),
  );
}
