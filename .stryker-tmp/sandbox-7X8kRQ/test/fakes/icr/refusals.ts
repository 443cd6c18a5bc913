import { jsonResponse } from '../http.ts';

/** The codes of the distribution specification that ICR uses, with their usual statuses. */
const STATUS = {
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_UNKNOWN: 404,
} as const;

export type RegistryCode = keyof typeof STATUS;

/** Sentences of IBM's docs ("Why can't I push or pull a Docker image") and of clients' output. */
export const BAD_CREDENTIALS =
  'The login credentials are not valid, or your IBM Cloud account is not active.';
export const NOT_AUTHORIZED = 'You are not authorized to access the specified resource.';
export const OVER_QUOTA =
  'You have exceeded your pull traffic quota for the current month. Review your pull traffic quota and pricing plan.';
/** The wording of this one is not published. */
export const PRIVATE_ONLY = 'Your account is configured to use private connections only.';
/** The wording of this one is not published; the code is. */
export const UNSUPPORTED_USER = 'The requested authentication method is not supported.';

/** Clients show this as `denied: You are not authorized …`. */
export class RegistryRefusal extends Error {
  override name = 'RegistryRefusal';
  readonly code: RegistryCode;
  readonly status: number;

  constructor(code: RegistryCode, message: string, status: number = STATUS[code]) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function registryError({ code, message, status }: RegistryRefusal): Response {
  return jsonResponse(status, { errors: [{ code, message, detail: null }] });
}
