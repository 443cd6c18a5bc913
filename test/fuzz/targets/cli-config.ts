import { parseCliConfig } from '../../../src/ibmcloud/config-file.ts';
import { CANARY, jsonOf, must, type Target } from '../target.ts';

/** config.json of the ibmcloud CLI. */
export function cliConfig(): Target {
  return {
    files: ['ibmcloud/config-file.ts'],
    isJson: true,
    seeds: [
      `{"IAMToken":"Bearer ${CANARY}","IAMRefreshToken":"r","Account":{"GUID":"a"},"IAMEndpoint":"https://iam.cloud.ibm.com"}`,
      '{"IAMRefreshToken":"r","Account":null,"IsPrivate":true,"IsAccessFromVPC":true,"IAMPrivateVPCEndpoint":"v"}',
      '{"IAMToken":"","IAMRefreshToken":""}',
      '[]',
      '',
    ],
    words: ['IAMToken', 'IAMRefreshToken', 'Account', 'GUID', 'IsPrivate', 'IAMPrivateEndpoint', 'bearer  '],
    check: (input) => {
      const config = parseCliConfig(input, '/config.json');
      if (config.state === 'damaged') must(!config.reason.includes(CANARY), 'the reason quotes a secret');
      if (config.state !== 'logged in') return;
      const { accessToken, fingerprint, endpoint } = config.login;
      must(
        [accessToken, fingerprint, endpoint].every((text) => typeof text === 'string'),
        'no text',
      );
      must(Array.isArray(jsonOf(fingerprint)), 'the fingerprint is not a list');
    },
  };
}
