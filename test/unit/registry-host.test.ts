import { describe, expect, it } from 'vitest';
import { parseRegistryHost } from '../../src/registry-host.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';

const REGIONS = ['us', 'uk', 'de', 'au', 'jp', 'jp2', 'ca', 'ca2', 'br', 'es', 'in', 'in2', 'fr2'];

describe('hosts of IBM Cloud Container Registry', () => {
  const hosts = [
    'icr.io',
    'private.icr.io',
    ...REGIONS.flatMap((region) => [`${region}.icr.io`, `private.${region}.icr.io`]),
  ];
  it.each(hosts)('%s', (host) => {
    const isPrivate = host.startsWith('private.');
    expect(parseRegistryHost(host)).toEqual({ name: host, path: '', realm: 'production', isPrivate });
  });

  it.each([
    'registry.bluemix.net',
    'registry.ng.bluemix.net',
    'registry.eu-gb.bluemix.net',
    'registry.eu-de.bluemix.net',
    'registry.au-syd.bluemix.net',
  ])('legacy %s', (host) => {
    expect(parseRegistryHost(host)?.name).toBe(host);
  });

  it('knows staging as another realm', () => {
    expect(parseRegistryHost('stg.icr.io')?.realm).toBe('staging');
  });

  it.each([
    ['https://us.icr.io', ''],
    ['https://us.icr.io/', ''],
    ['https://us.icr.io/v1/', 'v1/'],
    ['HTTPS://US.ICR.IO/v2/', 'v2/'],
    ['us.icr.io:443', ''],
    ['https://us.icr.io:443/v2', 'v2'],
    ['us.icr.io/namespace/app', 'namespace/app'],
    ['us.icr.io/namespace/app:v1', 'namespace/app:v1'],
    ['US.icr.io', ''],
  ])('%s is us.icr.io', (serverURL, path) => {
    const expected = { name: 'us.icr.io', path, realm: 'production', isPrivate: false };
    expect(parseRegistryHost(serverURL)).toEqual(expected);
  });
});

describe('everything else', () => {
  it.each(LOOK_ALIKES)('%j is no ICR host', (serverURL) => {
    expect(parseRegistryHost(serverURL)).toBeNull();
  });
});
