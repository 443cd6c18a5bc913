/** What went wrong, as a closed set: callers decide by code, people read the message and the hint. */
export type ErrorCode =
  | 'bad-input' // what came in on stdin, by argument or by variable cannot be used
  | 'usage' // the command line of a person cannot be understood
  | 'settings' // the settings file is wrong
  | 'expired' // a session is over, and nothing here can renew it
  | 'rejected' // IAM answered and refused the credential
  | 'unreachable' // no usable answer from a service: network, timeout, 429, 5xx, nonsense
  | 'store-unreachable' // the keychain or file store that holds the secret gives no answer
  | 'store-damaged' // the record and the secret do not fit each other
  | 'busy'; // another process holds the lock for too long

export interface ErrorDetails {
  /** What the person can do about it, as an action, no full stop. */
  hint?: string;
  /** The same may work in a second: a connection that broke, as against a certificate that is wrong. */
  transient?: boolean;
  cause?: unknown;
}

/** The only error class that the program throws on purpose. No secret may stand in it. */
export class HelperError extends Error {
  override name = 'HelperError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly transient: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.transient = details.transient ?? false;
  }
}

export function isHelperError(error: unknown, code?: ErrorCode): error is HelperError {
  return error instanceof HelperError && (code === undefined || error.code === code);
}

/** The same result, or IAM's no with what to do about it where its code has not said so. */
export async function withHint<T>(work: Promise<T>, hint: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isHelperError(error, 'rejected') || error.hint !== undefined) throw error;
    throw new HelperError('rejected', error.message, { hint, cause: error });
  }
}
