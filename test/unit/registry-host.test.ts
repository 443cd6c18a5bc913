import { describe, expect, it } from 'vitest';
import { fullName, ICR_HOSTS, namesOf, parseRegistryHost } from '../../src/registry-host.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';
import { hostOf } from '../support/registry-host.ts';

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

describe('the edges of a name', () => {
  it.each(['private.stg.icr.io', 'stg.icr.io'])('%s is staging', (name) => {
    const isPrivate = name.startsWith('private.');
    expect(parseRegistryHost(name)).toEqual({ name, path: '', realm: 'staging', isPrivate });
  });

  it.each([
    'xstg.icr.io',
    'x.private.us.icr.io',
    'us.icr.io.cp.icr.io',
    'registryxbluemix.net',
    'us.icrxio',
    'privatexus.icr.io',
  ])('%s is none', (name) => expect(parseRegistryHost(name)).toBeNull());

  it('a path has at most 512 letters', () => {
    expect(parseRegistryHost(`us.icr.io/${'x'.repeat(512)}`)?.path).toHaveLength(512);
    expect(parseRegistryHost(`us.icr.io/${'x'.repeat(513)}`)).toBeNull();
  });
});

it('the known hosts are ICR’s, public and private', () => {
  expect(ICR_HOSTS).toHaveLength(2 * (REGIONS.length + 1));
  for (const region of ['', ...REGIONS.map((name) => `${name}.`)])
    expect(ICR_HOSTS).toEqual(expect.arrayContaining([`${region}icr.io`, `private.${region}icr.io`]));
});

it.each([
  ['us.icr.io', ['us.icr.io']],
  ['us.icr.io/', ['us.icr.io']],
  ['us.icr.io/ns', ['us.icr.io/ns', 'us.icr.io']],
  ['us.icr.io//ns/', ['us.icr.io/ns', 'us.icr.io']],
  ['us.icr.io/ns/app', ['us.icr.io/ns/app', 'us.icr.io/ns', 'us.icr.io']],
  ['us.icr.io/ns/app/more', ['us.icr.io/ns/app', 'us.icr.io/ns', 'us.icr.io']],
])('what %s is looked for under', (serverURL, names) => {
  expect(namesOf(hostOf(serverURL))).toEqual(names);
});

it.each(['us.icr.io', 'us.icr.io/team/app'])('%s has its full name', (name) => {
  expect(fullName(hostOf(`https://${name}`))).toBe(name);
});
