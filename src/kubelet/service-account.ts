import { profileFor } from '../config/profiles.ts';
import type { TokenCredential } from '../credential.ts';
import { parseComputeToken } from '../iam/compute-token.ts';
import { issuerForStored, requireIssuerForFiles } from '../iam/endpoint.ts';
import { parseTrustedProfile, type TrustedProfile } from '../iam/trusted-profile.ts';
import type { RegistryHost } from '../registry-host.ts';
import type { Secret } from '../secret.ts';
import { containerCredential } from '../sources/compute-identity.ts';
import type { StoredContext } from '../sources/stored.ts';
import type { KubeletRequest } from './request.ts';

/** On a service account: the trusted profile that its pods pull with. */
export const ANNOTATION = 'docker-credential-icr/trusted-profile';

/**
 * The identity of the pod's service account, where the kubelet sent its token and somebody says
 * which trusted profile it may become: its annotation, or the settings. Null for neither: the node's
 * own identity answers.
 *
 * To IAM the token is a compute resource token (IBM docs: Kubernetes Service, "Authorizing pods …
 * with IAM trusted profiles": a service account token for the audience `iam` that lives for an hour
 * at most).
 */
export function serviceAccountCredential(
  { serviceAccountToken: token, serviceAccountAnnotations }: KubeletRequest,
  host: RegistryHost,
  context: StoredContext,
): TokenCredential | null {
  // IBM's clusters belong to the production IAM.
  if (!token || host.realm !== 'production') return null;
  const profile = trustedProfileOf(serviceAccountAnnotations, host, context);
  if (!profile) return null;
  const issuer = issuerForStored(host, context);
  requireIssuerForFiles(issuer);
  const checked = parseComputeToken(token.reveal(), 'serviceAccountToken');
  return containerCredential({
    token: () => checked,
    fingerprint: `service-account:${JSON.stringify(subjectOf(checked))}`,
    issuer,
    profile,
  });
}

function trustedProfileOf(
  annotations: KubeletRequest['serviceAccountAnnotations'],
  host: RegistryHost,
  { settings, system }: StoredContext,
): TrustedProfile | null {
  const annotation = Object.hasOwn(annotations, ANNOTATION) ? annotations[ANNOTATION] : undefined;
  if (annotation) return parseTrustedProfile(annotation, undefined, `the annotation ${ANNOTATION}`);
  const { name } = profileFor(host, settings, system.env);
  const { computeIdentity, trustedProfile, account } = settings.profiles?.[name] ?? {};
  if (computeIdentity !== 'container' || trustedProfile === undefined) return null;
  return parseTrustedProfile(trustedProfile, account, `profiles.${name}.trustedProfile`);
}

/**
 * Whose token it is, so that the pods of one service account share an access token: each pod gets a
 * token of its own. Not verified: it comes from the kubelet, and whoever else can reach this cache
 * is root as well. What cannot be read stands for itself.
 */
function subjectOf(token: Secret): unknown {
  try {
    const claims = JSON.parse(Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString('utf8'));
    const uid = claims['kubernetes.io']?.serviceaccount?.uid;
    if ([claims.iss, claims.sub, uid].every((claim) => typeof claim === 'string' && claim !== ''))
      return [claims.iss, claims.sub, uid];
  } catch {
    // No JWT.
  }
  return token.reveal();
}
