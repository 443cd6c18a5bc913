function stryNS_9fa48() {
  var g = typeof globalThis === 'object' && globalThis && globalThis.Math === Math && globalThis || new Function("return this")();
  var ns = g.__stryker__ || (g.__stryker__ = {});
  if (ns.activeMutant === undefined && g.process && g.process.env && g.process.env.__STRYKER_ACTIVE_MUTANT__) {
    ns.activeMutant = g.process.env.__STRYKER_ACTIVE_MUTANT__;
  }
  function retrieveNS() {
    return ns;
  }
  stryNS_9fa48 = retrieveNS;
  return retrieveNS();
}
stryNS_9fa48();
function stryCov_9fa48() {
  var ns = stryNS_9fa48();
  var cov = ns.mutantCoverage || (ns.mutantCoverage = {
    static: {},
    perTest: {}
  });
  function cover() {
    var c = cov.static;
    if (ns.currentTestId) {
      c = cov.perTest[ns.currentTestId] = cov.perTest[ns.currentTestId] || {};
    }
    var a = arguments;
    for (var i = 0; i < a.length; i++) {
      c[a[i]] = (c[a[i]] || 0) + 1;
    }
  }
  stryCov_9fa48 = cover;
  cover.apply(null, arguments);
}
function stryMutAct_9fa48(id) {
  var ns = stryNS_9fa48();
  function isActive(id) {
    if (ns.activeMutant === id) {
      if (ns.hitCount !== void 0 && ++ns.hitCount > ns.hitLimit) {
        throw new Error('Stryker: Hit count limit reached (' + ns.hitCount + ')');
      }
      return true;
    }
    return false;
  }
  stryMutAct_9fa48 = isActive;
  return isActive(id);
}
import type { Lock } from '../lock/lock.ts';
import type { Tokens } from '../tokens.ts';

/** What is asked for: an access token, or a session with its refresh token. */
export type GrantKind = 'access-token' | 'session';

/** What makes one token another: whoever changes any of these gets another slot. */
export interface SlotIdentity {
  /** Id of a stored credential, or what stands for one from the environment; may be secret. */
  credential: string;
  /** Base URL of the IAM that makes the tokens. */
  issuer: string;
  grant: GrantKind;
}

/** The place of one identity's tokens, shared by all processes of a user. */
export interface TokenSlot {
  /** Null for none, a damaged one, or one that cannot be read: a cache never fails. */
  read(): Promise<Tokens | null>;
  /** What cannot be written is not cached. */
  write(tokens: Tokens): Promise<void>;
  /** Forgets the tokens; what is not there is no error. */
  remove(): Promise<void>;
  /** Held while a new token is made; null where processes cannot agree. */
  openLock(): Promise<Lock | null>;
}
export interface TokenCache {
  open(identity: SlotIdentity): Promise<TokenSlot>;
}

/** Where there is no place for a cache. */
export const NO_SLOT: TokenSlot = stryMutAct_9fa48("94") ? {} : (stryCov_9fa48("94"), {
  read: stryMutAct_9fa48("95") ? () => undefined : (stryCov_9fa48("95"), async () => null),
  write: async () => {},
  remove: async () => {},
  openLock: stryMutAct_9fa48("96") ? () => undefined : (stryCov_9fa48("96"), async () => null)
});