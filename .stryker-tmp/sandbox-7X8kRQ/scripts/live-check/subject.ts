import type { Http } from '../../src/http.ts';
import type { Secret } from '../../src/secret.ts';
import type { LiveIam } from './iam.ts';
import type { LiveIcr } from './icr.ts';

/** What lines about the registry are tried on. */
export interface Subject {
  readonly iam: LiveIam;
  readonly icr: LiveIcr;
  readonly secondIcr: LiveIcr;
  readonly apiKey: Secret;
  readonly namespace: string | null;
  /** For the program's own code. */
  readonly http: Http;
}
