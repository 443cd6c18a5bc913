import { ICR_HOSTS, namesOf, parseRegistryHost } from '../../../src/registry-host.ts';
import { LOOK_ALIKES } from '../../support/look-alikes.ts';
import { must, type Target } from '../target.ts';

const LEGACY = ['', 'ng.', 'eu-gb.', 'eu-de.', 'au-syd.'].map((region) => `registry.${region}bluemix.net`);

/** What becomes of a server URL, against what the URL standard makes of it. */
export function registryHost(): Target {
  return {
    files: ['registry-host.ts'],
    seeds: [
      ...ICR_HOSTS,
      ...LEGACY,
      ...LOOK_ALIKES,
      'stg.icr.io',
      'https://us.icr.io:443/v2/',
      'US.ICR.IO/ns/app:v1@sha256',
      'us.icr.io/a/../../b',
      `us.icr.io/${'a'.repeat(513)}`,
    ],
    words: [
      ':443',
      'https://',
      '@',
      '.icr.io',
      'icr',
      'private.',
      'cp.',
      'dd',
      '%2e',
      '\\',
      '.',
      '/',
      '//',
      ':',
      '#',
    ],
    check: (input) => {
      const host = parseRegistryHost(input);
      const url = urlOf(input);
      if (host === null) {
        must(!ICR_HOSTS.includes(input) && !LEGACY.includes(input), 'a host of ICR is not known');
        return;
      }
      must(url !== null, 'the URL standard does not take it');
      must(url.hostname === host.name, `the URL standard leads to ${url.hostname}`);
      must(isIcr(url.hostname), `${url.hostname} is no host of ICR`);
      must(url.protocol === 'https:' && url.port === '', `another service: ${url.protocol}, ${url.port}`);
      must(`${url.username}${url.password}${url.search}${url.hash}` === '', 'the URL has other parts');
      must(host.isPrivate === (url.hostname.split('.')[0] === 'private'), 'private or not');
      must((host.realm === 'staging') === url.hostname.split('.').includes('stg'), 'staging or not');
      const names = namesOf(host);
      must(names.at(-1) === host.name && names.length <= 3, 'other names than its own');
      must(
        names.every((name) => name === host.name || name.startsWith(`${host.name}/`)),
        'another host',
      );
    },
  };
}

function urlOf(text: string): URL | null {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(whole) ? new URL(whole) : null;
}

/** Label by label, not by a pattern: what parseRegistryHost does has to be right for another reason. */
function isIcr(hostname: string): boolean {
  if (LEGACY.includes(hostname)) return true;
  const labels = hostname.split('.');
  if (labels.pop() !== 'io' || labels.pop() !== 'icr') return false;
  if (labels[0] === 'private') labels.shift();
  const [region, ...more] = labels;
  if (more.length > 0) return false;
  if (region === undefined || region === 'stg') return true;
  if (region.startsWith('cp') || region.startsWith('dd')) return false;
  const letters = [...region].filter((letter) => letter >= 'a' && letter <= 'z').length;
  return letters === 2 && region.length <= 3 && !Number.isNaN(Number(`${region.slice(2)}0`));
}
