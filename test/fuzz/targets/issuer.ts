import { issuerForEnvironment, issuerForStored, parseIssuer } from '../../../src/iam/endpoint.ts';
import { testSystem } from '../../support/test-system.ts';
import { must, orRefusal, type Target } from '../target.ts';

const IBM = 'https://iam.cloud.ibm.com';

/** Where an IAM is said to be: settings and IBMCLOUD_IAM_API_ENDPOINT. */
export function issuer(): Target {
  return {
    files: ['iam/endpoint.ts'],
    seeds: [
      'https://iam.cloud.ibm.com',
      'https://iam.test.cloud.ibm.com/identity/token',
      'https://private.us-south.iam.cloud.ibm.com/',
      'http://127.0.0.1:8080/identity',
      'http://[::1]/',
      'https://user:pw@iam.cloud.ibm.com?x#y',
      'http://localhost',
    ],
    words: ['//', '@', '127.0.0.1', 'http:', '/identity/token', '%2f', '..', '?', '#'],
    check: (input) => {
      checkPolicy(input);
      const base = orRefusal(() => parseIssuer(input, 'the variable'));
      if (base === null) return;
      const url = new URL(base);
      const loopback = url.hostname === '[::1]' || url.hostname.split('.')[0] === '127';
      must(url.protocol === 'https:' || (url.protocol === 'http:' && loopback), 'not encrypted');
      must(`${url.username}${url.password}${url.search}${url.hash}` === '', 'holds more than a place');
      must(url.host === new URL(input).host, 'another host');
      must(new URL(`${base}/identity/token`).host === url.host, 'the token URL leads elsewhere');
    },
  };
}

/** Where secrets go while the variable, or the settings, say this. */
function checkPolicy(text: string): void {
  const system = testSystem({ env: { IBMCLOUD_IAM_API_ENDPOINT: text } });
  for (const realm of ['production', 'staging'] as const) {
    for (const isPrivate of [false, true]) {
      const user = { realm, isPrivate };
      const verified = issuerForStored(user, { system, settings: {} }, IBM);
      must(verified === IBM || isIbm(verified, realm), `a verified secret goes to ${verified}`);
      const file = orRefusal(() => issuerForEnvironment(user, { system, settings: {} }, true));
      must(file === null || isIbm(file, realm), `a key file goes to ${file}`);
      const settings = { iamEndpoint: text, privateIamEndpoint: text };
      orRefusal(() => issuerForStored(user, { system: testSystem(), settings }));
    }
  }
}

function isIbm(issuer: string, realm: 'production' | 'staging'): boolean {
  const { hostname, protocol } = new URL(issuer);
  const isStaging = hostname.endsWith('iam.test.cloud.ibm.com');
  return (
    protocol === 'https:' &&
    hostname.endsWith(isStaging ? 'iam.test.cloud.ibm.com' : 'iam.cloud.ibm.com') &&
    isStaging === (realm === 'staging')
  );
}
