import { parseTrustedProfile, profileFields } from '../../../src/iam/trusted-profile.ts';
import { isOneLine, must, orRefusal, type Target } from '../target.ts';

/** How settings name a trusted profile. */
export function trustedProfile(): Target {
  return {
    files: ['iam/trusted-profile.ts'],
    seeds: ['Profile-01234567-89ab-cdef-0123-456789abcdef', 'crn:v1:bluemix:public:iam', 'deployer', ''],
    check: (input) => {
      const profile = orRefusal(() => parseTrustedProfile(input, 'account', 'the setting'));
      if (profile === null) return;
      const values = Object.values(profileFields(profile));
      must(values.every(isOneLine) && values.includes(input), 'another profile');
    },
  };
}
