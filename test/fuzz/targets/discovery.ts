import { discoverPage } from '../../../src/iam/discovery.ts';
import { must, orRefusalLater, type Target } from '../target.ts';

const ISSUER = 'https://iam.cloud.ibm.com';

/** IAM's discovery document: a page that a person is sent to. */
export function discovery(): Target {
  return {
    files: ['iam/discovery.ts', 'iam/endpoint.ts'],
    isJson: true,
    seeds: [
      '{"passcode_endpoint":"https://identity-2.uk-south.iam.cloud.ibm.com/identity/passcode"}',
      '{"passcode_endpoint":"https://iam.cloud.ibm.com.attacker.example/"}',
      '{"passcode_endpoint":"https://user:pw@login.ibm.com:443/?a#b"}',
      '{"passcode_endpoint":"javascript:alert(1)"}',
      'null',
    ],
    words: ['passcode_endpoint', 'https://', 'http://', '@', '.ibm.com', 'cloud.ibm.com', '\\', '\t'],
    check: async (body) => {
      const http = async () => ({ status: 200, header: () => null, body });
      const page = await orRefusalLater(() => discoverPage('passcode_endpoint', ISSUER, http));
      if (page === null) return;
      const labels = page.hostname.split('.').slice(-2).join('.');
      must(page.protocol === 'https:' && labels === 'ibm.com', `a person is sent to ${page.href}`);
      must(page.username === '' && page.password === '', 'the page has a user name');
    },
  };
}
