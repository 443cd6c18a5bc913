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
  if (stryMutAct_9fa48("43")) {
    {}
  } else {
    stryCov_9fa48("43");
    try {
      if (stryMutAct_9fa48("44")) {
        {}
      } else {
        stryCov_9fa48("44");
        const claim = JSON.parse(text);
        return isClaim(claim) ? claim : null;
      }
    } catch {
      if (stryMutAct_9fa48("45")) {
        {}
      } else {
        stryCov_9fa48("45");
        return null;
      }
    }
  }
}
function isClaim(value: Partial<Claim> | null): value is Claim {
  if (stryMutAct_9fa48("46")) {
    {}
  } else {
    stryCov_9fa48("46");
    return stryMutAct_9fa48("49") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) && typeof value.deadline === 'number' && typeof value.free === 'boolean' || value.failure === undefined || isFailure(value.failure) : stryMutAct_9fa48("48") ? false : stryMutAct_9fa48("47") ? true : (stryCov_9fa48("47", "48", "49"), (stryMutAct_9fa48("51") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) && typeof value.deadline === 'number' || typeof value.free === 'boolean' : stryMutAct_9fa48("50") ? true : (stryCov_9fa48("50", "51"), (stryMutAct_9fa48("53") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) && isStringOrNull(value.scope) || typeof value.deadline === 'number' : stryMutAct_9fa48("52") ? true : (stryCov_9fa48("52", "53"), (stryMutAct_9fa48("55") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && isStringOrNull(value.start) || isStringOrNull(value.scope) : stryMutAct_9fa48("54") ? true : (stryCov_9fa48("54", "55"), (stryMutAct_9fa48("57") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) && Number(value.pid) > 0 || isStringOrNull(value.start) : stryMutAct_9fa48("56") ? true : (stryCov_9fa48("56", "57"), (stryMutAct_9fa48("59") ? typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) || Number(value.pid) > 0 : stryMutAct_9fa48("58") ? true : (stryCov_9fa48("58", "59"), (stryMutAct_9fa48("61") ? typeof value?.id === 'string' ||
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) : stryMutAct_9fa48("60") ? true : (stryCov_9fa48("60", "61"), (stryMutAct_9fa48("63") ? typeof value?.id !== 'string' : stryMutAct_9fa48("62") ? true : (stryCov_9fa48("62", "63"), typeof (stryMutAct_9fa48("64") ? value.id : (stryCov_9fa48("64"), value?.id)) === (stryMutAct_9fa48("65") ? "" : (stryCov_9fa48("65"), 'string')))) &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid))) && (stryMutAct_9fa48("68") ? Number(value.pid) <= 0 : stryMutAct_9fa48("67") ? Number(value.pid) >= 0 : stryMutAct_9fa48("66") ? true : (stryCov_9fa48("66", "67", "68"), Number(value.pid) > 0)))) && isStringOrNull(value.start))) && isStringOrNull(value.scope))) && (stryMutAct_9fa48("70") ? typeof value.deadline !== 'number' : stryMutAct_9fa48("69") ? true : (stryCov_9fa48("69", "70"), typeof value.deadline === (stryMutAct_9fa48("71") ? "" : (stryCov_9fa48("71"), 'number')))))) && (stryMutAct_9fa48("73") ? typeof value.free !== 'boolean' : stryMutAct_9fa48("72") ? true : (stryCov_9fa48("72", "73"), typeof value.free === (stryMutAct_9fa48("74") ? "" : (stryCov_9fa48("74"), 'boolean')))))) && (stryMutAct_9fa48("76") ? value.failure === undefined && isFailure(value.failure) : stryMutAct_9fa48("75") ? true : (stryCov_9fa48("75", "76"), (stryMutAct_9fa48("78") ? value.failure !== undefined : stryMutAct_9fa48("77") ? false : (stryCov_9fa48("77", "78"), value.failure === undefined)) || isFailure(value.failure))));
  }
}
function isStringOrNull(value: unknown): boolean {
  if (stryMutAct_9fa48("79")) {
    {}
  } else {
    stryCov_9fa48("79");
    return stryMutAct_9fa48("82") ? value === null && typeof value === 'string' : stryMutAct_9fa48("81") ? false : stryMutAct_9fa48("80") ? true : (stryCov_9fa48("80", "81", "82"), (stryMutAct_9fa48("84") ? value !== null : stryMutAct_9fa48("83") ? false : (stryCov_9fa48("83", "84"), value === null)) || (stryMutAct_9fa48("86") ? typeof value !== 'string' : stryMutAct_9fa48("85") ? false : (stryCov_9fa48("85", "86"), typeof value === (stryMutAct_9fa48("87") ? "" : (stryCov_9fa48("87"), 'string')))));
  }
}

/** Of the code only that it is one: callers compare it, and a later version may know more of them. */
function isFailure(value: Partial<PublishedFailure> | null): value is PublishedFailure {
  if (stryMutAct_9fa48("88")) {
    {}
  } else {
    stryCov_9fa48("88");
    return stryMutAct_9fa48("91") ? typeof value?.code === 'string' && typeof value.message === 'string' && (value.hint === undefined || typeof value.hint === 'string') || typeof value.endedAt === 'number' : stryMutAct_9fa48("90") ? false : stryMutAct_9fa48("89") ? true : (stryCov_9fa48("89", "90", "91"), (stryMutAct_9fa48("93") ? typeof value?.code === 'string' && typeof value.message === 'string' || value.hint === undefined || typeof value.hint === 'string' : stryMutAct_9fa48("92") ? true : (stryCov_9fa48("92", "93"), (stryMutAct_9fa48("95") ? typeof value?.code === 'string' || typeof value.message === 'string' : stryMutAct_9fa48("94") ? true : (stryCov_9fa48("94", "95"), (stryMutAct_9fa48("97") ? typeof value?.code !== 'string' : stryMutAct_9fa48("96") ? true : (stryCov_9fa48("96", "97"), typeof (stryMutAct_9fa48("98") ? value.code : (stryCov_9fa48("98"), value?.code)) === (stryMutAct_9fa48("99") ? "" : (stryCov_9fa48("99"), 'string')))) && (stryMutAct_9fa48("101") ? typeof value.message !== 'string' : stryMutAct_9fa48("100") ? true : (stryCov_9fa48("100", "101"), typeof value.message === (stryMutAct_9fa48("102") ? "" : (stryCov_9fa48("102"), 'string')))))) && (stryMutAct_9fa48("104") ? value.hint === undefined && typeof value.hint === 'string' : stryMutAct_9fa48("103") ? true : (stryCov_9fa48("103", "104"), (stryMutAct_9fa48("106") ? value.hint !== undefined : stryMutAct_9fa48("105") ? false : (stryCov_9fa48("105", "106"), value.hint === undefined)) || (stryMutAct_9fa48("108") ? typeof value.hint !== 'string' : stryMutAct_9fa48("107") ? false : (stryCov_9fa48("107", "108"), typeof value.hint === (stryMutAct_9fa48("109") ? "" : (stryCov_9fa48("109"), 'string')))))))) && (stryMutAct_9fa48("111") ? typeof value.endedAt !== 'number' : stryMutAct_9fa48("110") ? true : (stryCov_9fa48("110", "111"), typeof value.endedAt === (stryMutAct_9fa48("112") ? "" : (stryCov_9fa48("112"), 'number')))));
  }
}

/**
 * Whether somebody who began at `since` shares this failure. One from the future was written before
 * the clock was set back; to adopt it would repeat it until the clock is there again.
 */
export function isFailureSince(failure: PublishedFailure, since: number, now: number): boolean {
  if (stryMutAct_9fa48("113")) {
    {}
  } else {
    stryCov_9fa48("113");
    return stryMutAct_9fa48("116") ? failure.endedAt > since || failure.endedAt <= now : stryMutAct_9fa48("115") ? false : stryMutAct_9fa48("114") ? true : (stryCov_9fa48("114", "115", "116"), (stryMutAct_9fa48("119") ? failure.endedAt <= since : stryMutAct_9fa48("118") ? failure.endedAt >= since : stryMutAct_9fa48("117") ? true : (stryCov_9fa48("117", "118", "119"), failure.endedAt > since)) && (stryMutAct_9fa48("122") ? failure.endedAt > now : stryMutAct_9fa48("121") ? failure.endedAt < now : stryMutAct_9fa48("120") ? true : (stryCov_9fa48("120", "121", "122"), failure.endedAt <= now)));
  }
}