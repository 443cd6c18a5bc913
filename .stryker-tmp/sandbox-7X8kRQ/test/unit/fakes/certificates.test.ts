import { createPublicKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAuthority, createTokenSigner } from '../../support/certificates.ts';

it('issues certificates for names and addresses, for the time that is asked', async () => {
  const authority = await createAuthority();
  const root = new X509Certificate(authority.certificate);
  const notBefore = new Date('2020-01-01T00:00:00Z');
  const notAfter = new Date('2020-02-01T00:00:00Z');
  const names = ['us.icr.io', '*.icr.io', '127.0.0.1', '::1'] as const;
  const issued = await authority.issue({ names: [...names], notBefore, notAfter });
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.verify(root.publicKey)).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect([root.ca, certificate.ca]).toEqual([true, false]);
  expect(certificate.subjectAltName).toBe(
    'DNS:us.icr.io, DNS:*.icr.io, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  expect([new Date(certificate.validFrom), new Date(certificate.validTo)]).toEqual([notBefore, notAfter]);
});

it('makes a key that fits the certificate', async () => {
  const { key, certificate } = await createTokenSigner();
  const spki = { type: 'spki', format: 'pem' } as const;
  expect(new X509Certificate(certificate).publicKey.export(spki)).toBe(createPublicKey(key).export(spki));
});
