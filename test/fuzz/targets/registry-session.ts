import { identifySession } from '../../../src/icr/session-identity.ts';
import { parseRegistryHost, type RegistryHost } from '../../../src/registry-host.ts';
import { Secret } from '../../../src/secret.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';
import { must, type Target } from '../target.ts';

const HOST = parseRegistryHost('us.icr.io') as RegistryHost;

/** ICR's answer to a session: whose it is. */
export function registrySession(): Target {
  return {
    files: ['icr/session-identity.ts'],
    isJson: true,
    seeds: [
      JSON.stringify({ token: unsignedToken({ iam_id: 'IBMid-1', sub: 'x' }) }),
      JSON.stringify({ access_token: unsignedToken({ sub: 'iam-ServiceId-1' }) }),
      JSON.stringify({ token: unsignedToken({}) }),
      '{"token":null}',
      'null',
    ],
    check: async (body) => {
      const http = async () => ({ status: 200, header: () => null, body });
      const whose = await identifySession(new Secret('s'), HOST, http);
      must(whose === null || /^(?:IBMid-|iam-)/.test(whose), `${whose} is no IAM id`);
    },
  };
}
