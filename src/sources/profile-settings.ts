import type { ProfileSettings } from '../config/settings.ts';
import { HelperError } from '../errors.ts';

/** Fails with `settings` for a path that means something else in each folder. */
export function requireAbsolute(path: string, where: string): void {
  if (/^(?:\/|[a-z]:[\\/]|\\\\)/i.test(path)) return;
  throw new HelperError('settings', `${where} is ${path}, which is not an absolute path`, {
    hint: 'write it out, ~ is not expanded',
  });
}

/**
 * What a pull could not work with, said when it is set and by doctor. Fails with `settings`.
 * Loads more than a pull needs.
 */
export async function checkProfileSetting(
  key: keyof ProfileSettings,
  value: string,
  where: string,
): Promise<void> {
  switch (key) {
    case 'keyFile':
    case 'tokenFile':
      return requireAbsolute(value, where);
    case 'metadataUrl':
      return void (await import('../iam/instance-metadata.ts')).parseMetadataUrl(value, where);
    case 'trustedProfile':
      return void (await import('../iam/trusted-profile.ts')).parseTrustedProfile(value, undefined, where);
    case 'account':
      return requireAccount(value, where);
    case 'credentialKind':
    case 'computeIdentity':
    // Words of a list, which the check of the file knows.
  }
}

/** IBM docs: 32 hexadecimal digits. */
function requireAccount(value: string, where: string): void {
  if (/^[0-9a-f]{32}$/.test(value)) return;
  throw new HelperError('settings', `${where} is not the id of an account`, {
    hint: 'take the 32 digits that ibmcloud account show prints as its ID',
  });
}
