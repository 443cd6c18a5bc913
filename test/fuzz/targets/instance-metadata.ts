import { parseMetadataUrl, requestInstanceTokens } from '../../../src/iam/instance-metadata.ts';
import { parseTokens } from '../../../src/tokens.ts';
import { CANARY, jsonOf, must, mustEqual, orRefusal, orRefusalLater, type Target } from '../target.ts';

const NOW = 1_800_000_000_000;
const instance = { kind: 'vpc', url: 'http://169.254.169.254', profile: null } as const;
const message = `${'x'.repeat(286)}${CANARY}`;

/** The metadata service's answers: a JSON list of statuses and bodies, or the address of the service. */
export function instanceMetadata(): Target {
  return {
    files: ['iam/instance-metadata.ts'],
    isJson: true,
    seeds: [
      JSON.stringify([200, { access_token: CANARY }, 201, { access_token: 't', expires_in: 3600 }]),
      JSON.stringify([404, {}, 200, { access_token: CANARY }, 403, { errors: [{ code: 'c', message }] }]),
      JSON.stringify([404, {}, 404, {}]),
      JSON.stringify([200, { access_token: CANARY }, 500, { errors: [{ code: 1, message: CANARY }] }]),
      JSON.stringify([429, null]),
      'http://169.254.169.254',
      'https://api.metadata.cloud.ibm.com/',
      'http://127.0.0.1:8080',
    ],
    words: ['access_token', 'expires_in', 'errors', 'message', '127.0.0.1', '@', '#', CANARY],
    check: async (input) => {
      checkUrl(input);
      const replies = jsonOf(input);
      if (!Array.isArray(replies)) return;
      let asked = 0;
      const http = async () => {
        const [status, body] = [replies[2 * asked], replies[2 * asked + 1]];
        asked++;
        return { status: Number(status), header: () => null, body: JSON.stringify(body) ?? '' };
      };
      const request = () => requestInstanceTokens(instance, http, () => NOW);
      const token = replies[replies[0] === 404 ? 3 : 1]?.access_token;
      const read = await orRefusalLater(request, token === CANARY ? input : null);
      must(asked <= 3, `asked ${asked} times`);
      if (read !== null) mustEqual(parseTokens(JSON.stringify(read)), read, 'kept and read again');
    },
  };
}

function checkUrl(text: string): void {
  const base = orRefusal(() => parseMetadataUrl(text, 'metadataUrl'));
  if (base === null) return;
  const { hostname, protocol } = new URL(base);
  const isNear = hostname === '169.254.169.254' || hostname === '[::1]' || hostname.startsWith('127.');
  must(new URL(text).hostname === hostname, 'another host');
  must(isNear || (protocol === 'https:' && hostname.endsWith('.cloud.ibm.com')), `asks ${base}`);
}
