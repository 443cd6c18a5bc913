import type { Logins } from './consumer.ts';

export const USE_SERVICE_ID =
  'log in with the API key of a service ID (docker-credential-icr login --profile NAME) and add --profile NAME';

/**
 * A line for each API key that is, or may be, a person's: it is for everything that this person may do, and `keptIn`
 * is read by others.
 */
export function warningsAboutKeys(logins: Logins, keptIn: string): string[] {
  const keys = logins.filter(
    ({ username, owner }) => username === 'iamapikey' && owner?.kind !== 'service ID',
  );
  const whose = keys.map(({ owner }) =>
    owner
      ? `the API key of ${owner.name}: whoever can read it there can do all that this person may; better ${USE_SERVICE_ID}`
      : `an API key: whoever can read it there can do all that its owner may; if that is a person, ${USE_SERVICE_ID}`,
  );
  return [...new Set(whose)].map((words) => `${keptIn} holds ${words}`);
}
