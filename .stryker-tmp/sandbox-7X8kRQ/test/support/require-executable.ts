import { existsSync } from 'node:fs';
import { EXECUTABLE } from './executable.ts';

/** The suites start the built program: without it every one of them would fail in its own way. */
export default function setup(): void {
  if (!existsSync(EXECUTABLE))
    throw new Error('dist/docker-credential-icr is missing: run npm run build first');
}
