import type { Credential } from '../credential.ts';
import { findFirst } from '../sources/source.ts';
import type { DoctorContext } from './check.ts';

/** The credential that answers for the registry; null where the check of the chain has said why there is none. */
export async function answering({
  app,
  host,
}: DoctorContext): Promise<Exclude<Credential, { type: 'none' }> | null> {
  try {
    const credential = (await findFirst(app.sources, host))?.credential;
    return credential && credential.type !== 'none' ? credential : null;
  } catch {
    return null;
  }
}
