import { randomBytes } from 'node:crypto';
import { jsonResponse } from '../http.ts';

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * IAM's refusals. A wrong credential is 400, not 401. Codes marked with an asterisk were seen in
 * IBM's clients (ibm-cloud-cli-sdk) without their message or status: those are guesses.
 */
const REFUSALS = {
  BXNIM0060E: {
    status: 405,
    message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
  },
  BXNIM0108E: { status: 401, message: 'Client credentials are not valid.' }, // *
  BXNIM0109E: { status: 400, message: 'Property missing or empty.' },
  BXNIM0308E: { status: 401, message: 'No authorization header found' }, // * status
  BXNIM0407E: { status: 400, message: 'Provided token is not valid.' }, // *
  BXNIM0408E: { status: 400, message: 'Provided refresh token is expired' },
  BXNIM0410E: { status: 400, message: 'Provided user not found or active' },
  BXNIM0415E: { status: 400, message: 'Provided API key could not be found.' },
  BXNIM0436E: { status: 401, message: 'User is suspended in the requested account or invalid.' },
  BXNIM0439E: { status: 400, message: 'Session is invalidated due to inactivity.' },
  BXNIM0462E: { status: 400, message: 'Provided API key is disabled.' },
} as const satisfies Record<string, Refusal>;

export type RefusalCode = keyof typeof REFUSALS;

interface Particulars {
  /** In place of the usual message. */
  message?: string;
  /** `errorDetails`; IAM often leaves it out. */
  details?: string;
  /** In place of the usual status. */
  status?: number;
}

/** Thrown by whatever part of IAM says no; the endpoint makes an answer of it. */
export class IamRefusal extends Error {
  override name = 'IamRefusal';
  readonly code: RefusalCode;
  readonly particulars: Particulars;

  constructor(code: RefusalCode, particulars: Particulars = {}) {
    super(`${code}: ${particulars.message ?? REFUSALS[code].message}`);
    this.code = code;
    this.particulars = particulars;
  }
}

export function missing(property: string): IamRefusal {
  return new IamRefusal('BXNIM0109E', { details: `Property '${property}' either missing or empty.` });
}

/** The body of an error, field by field as published samples show it. */
export function refusalResponse(refusal: IamRefusal, request: Request, now: number): Response {
  const { code, particulars } = refusal;
  const { details, message = REFUSALS[code].message, status = REFUSALS[code].status } = particulars;
  const context = contextOf(request, now);
  const body = { errorCode: code, errorMessage: message, ...(details && { errorDetails: details }), context };
  return jsonResponse(status, body, { 'transaction-id': context.requestId });
}

const INSTANCE = 'iamid-11-5-5390-a968904-68bd454f74-bp87j';

function contextOf(request: Request, now: number) {
  const url = new URL(request.url);
  const operation = url.pathname.split('/').at(-1) ?? '';
  return {
    requestId: newRequestId(),
    requestType: `incoming.Identity_${operation.charAt(0).toUpperCase()}${operation.slice(1)}`,
    userAgent: request.headers.get('user-agent') ?? 'unknown',
    url: url.origin,
    instanceId: INSTANCE,
    threadId: '150e',
    host: INSTANCE,
    startTime: ibmTime(now),
    endTime: ibmTime(now + 85),
    elapsedTime: '85',
    locale: 'en_US',
    clusterName: 'iam-id-prod-eu-de-fra02',
  };
}

/** `YnA4N2o-238821a41f6f40c48ef98917a695fe7c`: also the transaction-id header of the answer. */
export function newRequestId(): string {
  return `${randomBytes(5).toString('base64url')}-${randomBytes(16).toString('hex')}`;
}

/** `10.06.2026 10:25:03:062 UTC` */
function ibmTime(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().replace('Z', '').split('T');
  return `${date.split('-').reverse().join('.')} ${time.replace('.', ':')} UTC`;
}
