import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export type IdentityKind = 'user' | 'service-id' | 'profile';

/** Who a credential stands for. The shapes of the ids are those of real access tokens. */
export interface Identity {
  readonly kind: IdentityKind;
  /** Short and unique within a test: logs show it in place of the identity's secrets. */
  readonly name: string;
  /** `ServiceId-<uuid>`, `Profile-<uuid>`, or a user's IBMid number. */
  readonly id: string;
  /** `IBMid-…`, `iam-ServiceId-…`, `iam-Profile-…`: what IAM and ICR know everyone by. */
  readonly iamId: string;
  /** The `sub` of access tokens: a user's address, else the id. */
  readonly subject: string;
  readonly email: string | null;
  readonly account: string;
  /** Every account that the `account` field of a refresh may name. */
  readonly accounts: readonly string[];
  /** The classic infrastructure's number for users; nobody else has one. */
  readonly imsUserId: number | null;
  /** Trusted profiles only. */
  readonly crn: string | null;
  /** Who may assume this trusted profile. */
  readonly trusts: readonly Identity[];
}

export interface UserOptions {
  name?: string;
  email: string;
  iamId?: string;
  account?: string;
  otherAccounts?: readonly string[];
}

export interface ServiceIdOptions {
  name: string;
  uuid?: string;
  account?: string;
}

export interface TrustedProfileOptions extends ServiceIdOptions {
  trusts?: readonly Identity[];
}

/** Account ids are 32 hexadecimal digits. */
export function randomAccount(): string {
  return randomBytes(16).toString('hex');
}

export function newUser(options: UserOptions, defaultAccount: string): Identity {
  const { email, account = defaultAccount, otherAccounts = [] } = options;
  const iamId = options.iamId ?? `IBMid-${randomInt(1e9, 9e9)}`;
  return {
    kind: 'user',
    name: options.name ?? email,
    id: iamId.replace(/^IBMid-/, ''),
    iamId,
    subject: email,
    email,
    account,
    accounts: [account, ...otherAccounts],
    imsUserId: randomInt(1e7, 9e7),
    crn: null,
    trusts: [],
  };
}

export function newServiceId(options: ServiceIdOptions, defaultAccount: string): Identity {
  const { name, uuid = randomUUID(), account = defaultAccount } = options;
  return machine('service-id', { name, id: `ServiceId-${uuid}`, account, crn: null, trusts: [] });
}

export function newTrustedProfile(options: TrustedProfileOptions, defaultAccount: string): Identity {
  const { name, uuid = randomUUID(), account = defaultAccount, trusts = [] } = options;
  const id = `Profile-${uuid}`;
  const crn = `crn:v1:bluemix:public:iam-identity::a/${account}::profile:${id}`;
  return machine('profile', { name, id, account, crn, trusts });
}

type Particulars = Pick<Identity, 'name' | 'id' | 'account' | 'crn' | 'trusts'>;

function machine(kind: IdentityKind, own: Particulars): Identity {
  const derived = { iamId: `iam-${own.id}`, subject: own.id, accounts: [own.account] };
  return { kind, email: null, imsUserId: null, ...own, ...derived };
}
