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
import type { PublishedFailure } from './lock.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What stands in a claim file, as JSON. */
export interface Claim extends ProcessIdentity {
  /** Random, so that no two claims are ever the same text. */
  id: string;
  /** Milliseconds since 1970; then others may take over. */
  deadline: number;
  /** The owner is done. */
  free: boolean;
  /** How the owner's work failed, if it did. */
  failure?: PublishedFailure;
}

/** The claim, or null if this is not one: torn, damaged, not ours. */
export function parseClaim(text: string): Claim | null {
  if (stryMutAct_9fa48("347")) {
    {}
  } else {
    stryCov_9fa48("347");
    try {
      if (stryMutAct_9fa48("348")) {
        {}
      } else {
        stryCov_9fa48("348");
        const claim = JSON.parse(text);
        return isClaim(claim) ? claim : null;
      }
    } catch {
      if (stryMutAct_9fa48("349")) {
        {}
      } else {
        stryCov_9fa48("349");
        return null;
      }
    }
  }
}
function isClaim(value: Partial<Claim> | null): value is Claim {
  if (stryMutAct_9fa48("350")) {
    {}
  } else {
    stryCov_9fa48("350");
    return stryMutAct_9fa48("353") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) && typeof value.deadline === 'number' && typeof value.free === 'boolean' || value.failure === undefined || isFailure(value.failure) : stryMutAct_9fa48("352") ? false : stryMutAct_9fa48("351") ? true : (stryCov_9fa48("351", "352", "353"), (stryMutAct_9fa48("355") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) && typeof value.deadline === 'number' || typeof value.free === 'boolean' : stryMutAct_9fa48("354") ? true : (stryCov_9fa48("354", "355"), (stryMutAct_9fa48("357") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) || typeof value.deadline === 'number' : stryMutAct_9fa48("356") ? true : (stryCov_9fa48("356", "357"), (stryMutAct_9fa48("359") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) || isStringOrNull(value.scope) : stryMutAct_9fa48("358") ? true : (stryCov_9fa48("358", "359"), (stryMutAct_9fa48("361") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 || isStringOrNull(value.start) : stryMutAct_9fa48("360") ? true : (stryCov_9fa48("360", "361"), (stryMutAct_9fa48("363") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) || Number(value.pid) > 0 : stryMutAct_9fa48("362") ? true : (stryCov_9fa48("362", "363"), (stryMutAct_9fa48("365") ? typeof value?.id === 'string' ||
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) : stryMutAct_9fa48("364") ? true : (stryCov_9fa48("364", "365"), (stryMutAct_9fa48("367") ? typeof value?.id !== 'string' : stryMutAct_9fa48("366") ? true : (stryCov_9fa48("366", "367"), typeof (stryMutAct_9fa48("368") ? value.id : (stryCov_9fa48("368"), value?.id)) === (stryMutAct_9fa48("369") ? "" : (stryCov_9fa48("369"), 'string')))) &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid))) && (stryMutAct_9fa48("372") ? Number(value.pid) <= 0 : stryMutAct_9fa48("371") ? Number(value.pid) >= 0 : stryMutAct_9fa48("370") ? true : (stryCov_9fa48("370", "371", "372"), Number(value.pid) > 0)))) && isStringOrNull(value.start))) && isStringOrNull(value.scope))) && (stryMutAct_9fa48("374") ? typeof value.deadline !== 'number' : stryMutAct_9fa48("373") ? true : (stryCov_9fa48("373", "374"), typeof value.deadline === (stryMutAct_9fa48("375") ? "" : (stryCov_9fa48("375"), 'number')))))) && (stryMutAct_9fa48("377") ? typeof value.free !== 'boolean' : stryMutAct_9fa48("376") ? true : (stryCov_9fa48("376", "377"), typeof value.free === (stryMutAct_9fa48("378") ? "" : (stryCov_9fa48("378"), 'boolean')))))) && (stryMutAct_9fa48("380") ? value.failure === undefined && isFailure(value.failure) : stryMutAct_9fa48("379") ? true : (stryCov_9fa48("379", "380"), (stryMutAct_9fa48("382") ? value.failure !== undefined : stryMutAct_9fa48("381") ? false : (stryCov_9fa48("381", "382"), value.failure === undefined)) || isFailure(value.failure))));
  }
}
function isStringOrNull(value: unknown): boolean {
  if (stryMutAct_9fa48("383")) {
    {}
  } else {
    stryCov_9fa48("383");
    return stryMutAct_9fa48("386") ? value === null && typeof value === 'string' : stryMutAct_9fa48("385") ? false : stryMutAct_9fa48("384") ? true : (stryCov_9fa48("384", "385", "386"), (stryMutAct_9fa48("388") ? value !== null : stryMutAct_9fa48("387") ? false : (stryCov_9fa48("387", "388"), value === null)) || (stryMutAct_9fa48("390") ? typeof value !== 'string' : stryMutAct_9fa48("389") ? false : (stryCov_9fa48("389", "390"), typeof value === (stryMutAct_9fa48("391") ? "" : (stryCov_9fa48("391"), 'string')))));
  }
}

/** Of the code only that it is one: callers compare it, and a later version may know more of them. */
function isFailure(value: Partial<PublishedFailure> | null): value is PublishedFailure {
  if (stryMutAct_9fa48("392")) {
    {}
  } else {
    stryCov_9fa48("392");
    return stryMutAct_9fa48("395") ? typeof value?.code === 'string' && typeof value.message === 'string' && (value.hint === undefined || typeof value.hint === 'string') || typeof value.endedAt === 'number' : stryMutAct_9fa48("394") ? false : stryMutAct_9fa48("393") ? true : (stryCov_9fa48("393", "394", "395"), (stryMutAct_9fa48("397") ? typeof value?.code === 'string' && typeof value.message === 'string' || value.hint === undefined || typeof value.hint === 'string' : stryMutAct_9fa48("396") ? true : (stryCov_9fa48("396", "397"), (stryMutAct_9fa48("399") ? typeof value?.code === 'string' || typeof value.message === 'string' : stryMutAct_9fa48("398") ? true : (stryCov_9fa48("398", "399"), (stryMutAct_9fa48("401") ? typeof value?.code !== 'string' : stryMutAct_9fa48("400") ? true : (stryCov_9fa48("400", "401"), typeof (stryMutAct_9fa48("402") ? value.code : (stryCov_9fa48("402"), value?.code)) === (stryMutAct_9fa48("403") ? "" : (stryCov_9fa48("403"), 'string')))) && (stryMutAct_9fa48("405") ? typeof value.message !== 'string' : stryMutAct_9fa48("404") ? true : (stryCov_9fa48("404", "405"), typeof value.message === (stryMutAct_9fa48("406") ? "" : (stryCov_9fa48("406"), 'string')))))) && (stryMutAct_9fa48("408") ? value.hint === undefined && typeof value.hint === 'string' : stryMutAct_9fa48("407") ? true : (stryCov_9fa48("407", "408"), (stryMutAct_9fa48("410") ? value.hint !== undefined : stryMutAct_9fa48("409") ? false : (stryCov_9fa48("409", "410"), value.hint === undefined)) || (stryMutAct_9fa48("412") ? typeof value.hint !== 'string' : stryMutAct_9fa48("411") ? false : (stryCov_9fa48("411", "412"), typeof value.hint === (stryMutAct_9fa48("413") ? "" : (stryCov_9fa48("413"), 'string')))))))) && (stryMutAct_9fa48("415") ? typeof value.endedAt !== 'number' : stryMutAct_9fa48("414") ? true : (stryCov_9fa48("414", "415"), typeof value.endedAt === (stryMutAct_9fa48("416") ? "" : (stryCov_9fa48("416"), 'number')))));
  }
}

/**
 * Whether somebody who began at `since` shares this failure. One from the future was written before
 * the clock was set back; to adopt it would repeat it until the clock is there again.
 */
export function isFailureSince(failure: PublishedFailure, since: number, now: number): boolean {
  if (stryMutAct_9fa48("417")) {
    {}
  } else {
    stryCov_9fa48("417");
    return stryMutAct_9fa48("420") ? failure.endedAt > since || failure.endedAt <= now : stryMutAct_9fa48("419") ? false : stryMutAct_9fa48("418") ? true : (stryCov_9fa48("418", "419", "420"), (stryMutAct_9fa48("423") ? failure.endedAt <= since : stryMutAct_9fa48("422") ? failure.endedAt >= since : stryMutAct_9fa48("421") ? true : (stryCov_9fa48("421", "422", "423"), failure.endedAt > since)) && (stryMutAct_9fa48("426") ? failure.endedAt > now : stryMutAct_9fa48("425") ? failure.endedAt < now : stryMutAct_9fa48("424") ? true : (stryCov_9fa48("424", "425", "426"), failure.endedAt <= now)));
  }
}