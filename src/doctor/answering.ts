import type { Credential } from '../credential.ts';
import { type Found, findFirst } from '../sources/source.ts';
import type { DoctorContext } from './check.ts';

export type Answering = Found & { credential: Exclude<Credential, { type: 'none' }> };

/**
 * Who answers for the registry, without those that turned out to have lapsed; null where the check of the
 * chain has said why there is nobody.
 */
export async function answering({ app, host, known }: DoctorContext): Promise<Answering | null> {
  try {
    const sources = app.sources.filter((source) => !known.lapsed?.includes(source));
    const found = await findFirst(sources, host);
    return found && isAnswering(found) ? found : null;
  } catch {
    return null;
  }
}

function isAnswering(found: Found): found is Answering {
  return found.credential.type !== 'none';
}
