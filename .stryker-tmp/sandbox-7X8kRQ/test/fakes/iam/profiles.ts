import type { Directory } from './directory.ts';
import type { Form } from './form.ts';
import type { Identity } from './identities.ts';
import { IamRefusal, missing } from './refusals.ts';

/** How a request names a trusted profile; one of the first three. */
export interface ProfileNames {
  readonly id?: string | undefined;
  readonly crn?: string | undefined;
  readonly name?: string | undefined;
  /** Narrows a name, which is unique only within an account. */
  readonly account?: string | undefined;
}

/** The trusted profile that a request names by id, CRN or name. */
export function requestedProfile(form: Form, directory: Directory): Identity {
  const { profile_id: id, profile_crn: crn, profile_name: name, account } = form;
  if (!id && !crn && !name) throw missing('profile_id');
  const profile = findProfile({ id, crn, name, account }, directory);
  if (profile) return profile;
  throw new IamRefusal('BXNIM0407E', { message: 'Provided trusted profile could not be found.' });
}

export function findProfile({ id, crn, name, account }: ProfileNames, directory: Directory): Identity | null {
  return directory.find((identity) => {
    if (identity.kind !== 'profile') return false;
    if (id) return identity.id === id;
    if (crn) return identity.crn === crn;
    return identity.name === name && (!account || identity.account === account);
  });
}
