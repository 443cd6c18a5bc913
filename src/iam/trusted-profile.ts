import { HelperError } from '../errors.ts';

/** How IAM is told which trusted profile is meant (npm ibm-cloud-sdk-core: ContainerAuthenticator, IamAssumeAuthenticator). */
export type TrustedProfile = { id: string } | { crn: string } | { name: string; account?: string };

/** `Profile-<uuid>`, a CRN, or a name; `where` says in messages where it stands. */
export function parseTrustedProfile(
  text: string,
  account: string | undefined,
  where: string,
): TrustedProfile {
  if (/^Profile-[0-9a-f-]{36}$/i.test(text)) return { id: text };
  if (/^crn:[!-~]+$/.test(text)) return { crn: text };
  if (/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(text))
    return { name: text, ...(account !== undefined && { account }) };
  throw new HelperError('settings', `${where} is no id, CRN or name of a trusted profile`, {
    hint: 'find it with ibmcloud iam trusted-profiles',
  });
}

/** The fields of a form. */
export function profileFields(profile: TrustedProfile): Record<string, string> {
  if ('id' in profile) return { profile_id: profile.id };
  if ('crn' in profile) return { profile_crn: profile.crn };
  const { name, account } = profile;
  return { profile_name: name, ...(account !== undefined && { account }) };
}

/** `Profile-<uuid>`, which ICR takes as a user name; null for a profile that is known by its name alone. */
export function profileIdOf(profile: TrustedProfile): string | null {
  if ('id' in profile) return profile.id;
  return 'crn' in profile ? (/:(Profile-[0-9a-f-]{36})$/i.exec(profile.crn)?.[1] ?? null) : null;
}
