/** Certificates for tests, made while they run: no key stands in the repository. */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

// @peculiar/x509 has its parts put together by tsyringe, which refuses to load without decorator
// metadata (npm reflect-metadata) but does well without any being kept.
const metadata = Reflect as unknown as Record<string, unknown>;
metadata['getMetadata'] ??= () => undefined;
metadata['getOwnMetadata'] ??= () => undefined;
metadata['defineMetadata'] ??= () => {};
const x509 = await import('@peculiar/x509');
x509.cryptoProvider.set(webcrypto as never);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 3600 * 1000;

/** PEM, both. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

export interface IssueOptions {
  /** DNS names and IP addresses; the first is also the subject's common name. */
  readonly names: readonly [string, ...string[]];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface Authority {
  /** PEM: what clients have to trust. */
  readonly certificate: string;
  issue(options: IssueOptions): Promise<KeyAndCertificate>;
}

export async function createAuthority(
  commonName = 'docker-credential-icr test authority',
): Promise<Authority> {
  const keys = await newKeys();
  const { KeyUsageFlags } = x509;
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...identityOf(commonName),
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: root.toString('pem'),
    issue: (options) =>
      issue(options, { issuer: root.subject, signingKey: keys.privateKey, rootKey: keys.publicKey }),
  };
}

/** For registry tokens: docker-registry takes the certificate itself as `rootcertbundle`. */
export async function createTokenSigner(): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const usage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...identityOf('registry token signer'),
    keys,
    extensions: [usage],
  });
  return { key: await privateKeyPem(keys), certificate: certificate.toString('pem') };
}

interface Issuer {
  readonly issuer: string;
  readonly signingKey: webcrypto.CryptoKey;
  readonly rootKey: webcrypto.CryptoKey;
}

async function issue(options: IssueOptions, authority: Issuer): Promise<KeyAndCertificate> {
  const { names } = options;
  const keys = await newKeys();
  const { issuer, signingKey, rootKey } = authority;
  const leaf = await x509.X509CertificateGenerator.create({
    ...identityOf(names[0], options),
    issuer,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(rootKey),
    ],
  });
  return { key: await privateKeyPem(keys), certificate: leaf.toString('pem') };
}

/** Valid from a minute ago, for clocks that disagree, for 30 days. */
function identityOf(commonName: string, { notBefore, notAfter }: Partial<IssueOptions> = {}) {
  const serial = webcrypto.getRandomValues(new Uint8Array(8));
  serial[0] = 1; // positive, and no leading zero
  return {
    subject: `CN=${commonName}`,
    name: `CN=${commonName}`,
    serialNumber: Buffer.from(serial).toString('hex'),
    notBefore: notBefore ?? new Date(Date.now() - 60_000),
    notAfter: notAfter ?? new Date(Date.now() + 30 * DAY),
    signingAlgorithm: ALGORITHM,
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}
