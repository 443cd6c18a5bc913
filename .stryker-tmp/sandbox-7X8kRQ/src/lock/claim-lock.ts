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
import { isMissing, randomName, removeFile, writePrivateFile } from '../files.ts';
import type { System } from '../system.ts';
import { type Claim, isFailureSince, parseClaim } from './claim.ts';
import type { ClaimPlace } from './claim-files.ts';
import { claimPath, claimWrittenAt, createClaim, highestClaim, readClaimText, removeLeftovers } from './claim-files.ts';
import type { AcquireOptions, Acquisition, HeldLock, Lock, PublishedFailure } from './lock.ts';
import { isCertainlyDead, type ProcessIdentity, readProcessIdentity } from './process-identity.ts';

/** Longer than any exchange takes. The same in all versions, or they take over from each other. */
const CLAIM_LIFE_MS = 20_000;
const SHORTEST_SLEEP_MS = 10;
/** Recovery stays under a second; 200 waiters stay under half a core. */
const LONGEST_SLEEP_MS = 500;
export interface ClaimLockOptions extends ClaimPlace {
  system: System;
  /** Milliseconds; for tests. */
  claimLifeMs?: number;
  /** For several contenders in one process, as only tests have them. */
  sleep?: (ms: number) => Promise<void>;
}

/**
 * A lock between processes made of numbered files, in an existing private folder. The highest claim
 * counts. Only one that is free, or whose owner is dead or overdue, may be followed by the next
 * number, which link() gives to exactly one contender. The highest claim is never removed, not even
 * by its owner, so that a number once won is never won again: that is what pid files get wrong,
 * where the file that one contender found stale is deleted when it is already another's.
 * (Clearing away files older than a day is safe all the same: see isNextAfter.)
 */
export function createClaimLock(options: ClaimLockOptions): Lock {
  if (stryMutAct_9fa48("177")) {
    {}
  } else {
    stryCov_9fa48("177");
    return stryMutAct_9fa48("178") ? {} : (stryCov_9fa48("178"), {
      acquire: stryMutAct_9fa48("179") ? () => undefined : (stryCov_9fa48("179"), wanted => acquire(stryMutAct_9fa48("180") ? {} : (stryCov_9fa48("180"), {
        claimLifeMs: CLAIM_LIFE_MS,
        sleep: standStill,
        ...options
      }), wanted))
    });
  }
}
interface Contender extends Required<ClaimLockOptions> {
  self: ProcessIdentity;
}
async function acquire<T>(lock: Required<ClaimLockOptions>, wanted: AcquireOptions<T>): Promise<Acquisition<T>> {
  if (stryMutAct_9fa48("181")) {
    {}
  } else {
    stryCov_9fa48("181");
    const contender = stryMutAct_9fa48("182") ? {} : (stryCov_9fa48("182"), {
      ...lock,
      self: readProcessIdentity(lock.system)
    });
    const end = stryMutAct_9fa48("183") ? performance.now() - wanted.waitMs : (stryCov_9fa48("183"), performance.now() + wanted.waitMs);
    if (stryMutAct_9fa48("184")) {
      for (let attempt = 0; false; attempt++) {
        // In this order: if the next number is still to be had after poll(), nobody has held the lock since.
        const last = readLastClaim(contender);
        const value = await wanted.poll?.();
        if (value !== undefined) return {
          outcome: 'ready',
          value
        };
        const failure = last.failure;
        if (failure && isOurs(failure, wanted, contender)) return {
          outcome: 'failed',
          failure
        };
        const own = last.isOver ? claimNext(contender, last.number) : null;
        if (own !== null) return {
          outcome: 'held',
          lock: holdLock(contender, own)
        };
        const leftMs = end - performance.now();
        if (leftMs <= 0) return {
          outcome: 'timeout'
        };
        await contender.sleep(Math.min(leftMs, nextSleep(attempt)));
      }
    } else {
      stryCov_9fa48("184");
      for (let attempt = 0;; stryMutAct_9fa48("185") ? attempt-- : (stryCov_9fa48("185"), attempt++)) {
        if (stryMutAct_9fa48("186")) {
          {}
        } else {
          stryCov_9fa48("186");
          // In this order: if the next number is still to be had after poll(), nobody has held the lock since.
          const last = readLastClaim(contender);
          const value = await (stryMutAct_9fa48("187") ? wanted.poll() : (stryCov_9fa48("187"), wanted.poll?.()));
          if (stryMutAct_9fa48("190") ? value === undefined : stryMutAct_9fa48("189") ? false : stryMutAct_9fa48("188") ? true : (stryCov_9fa48("188", "189", "190"), value !== undefined)) return stryMutAct_9fa48("191") ? {} : (stryCov_9fa48("191"), {
            outcome: stryMutAct_9fa48("192") ? "" : (stryCov_9fa48("192"), 'ready'),
            value
          });
          const failure = last.failure;
          if (stryMutAct_9fa48("195") ? failure || isOurs(failure, wanted, contender) : stryMutAct_9fa48("194") ? false : stryMutAct_9fa48("193") ? true : (stryCov_9fa48("193", "194", "195"), failure && isOurs(failure, wanted, contender))) return stryMutAct_9fa48("196") ? {} : (stryCov_9fa48("196"), {
            outcome: stryMutAct_9fa48("197") ? "" : (stryCov_9fa48("197"), 'failed'),
            failure
          });
          const own = last.isOver ? claimNext(contender, last.number) : null;
          if (stryMutAct_9fa48("200") ? own === null : stryMutAct_9fa48("199") ? false : stryMutAct_9fa48("198") ? true : (stryCov_9fa48("198", "199", "200"), own !== null)) return stryMutAct_9fa48("201") ? {} : (stryCov_9fa48("201"), {
            outcome: stryMutAct_9fa48("202") ? "" : (stryCov_9fa48("202"), 'held'),
            lock: holdLock(contender, own)
          });
          const leftMs = stryMutAct_9fa48("203") ? end + performance.now() : (stryCov_9fa48("203"), end - performance.now());
          if (stryMutAct_9fa48("207") ? leftMs > 0 : stryMutAct_9fa48("206") ? leftMs < 0 : stryMutAct_9fa48("205") ? false : stryMutAct_9fa48("204") ? true : (stryCov_9fa48("204", "205", "206", "207"), leftMs <= 0)) return stryMutAct_9fa48("208") ? {} : (stryCov_9fa48("208"), {
            outcome: stryMutAct_9fa48("209") ? "" : (stryCov_9fa48("209"), 'timeout')
          });
          await contender.sleep(stryMutAct_9fa48("210") ? Math.max(leftMs, nextSleep(attempt)) : (stryCov_9fa48("210"), Math.min(leftMs, nextSleep(attempt))));
        }
      }
    }
  }
}

/**
 * Stops the whole process: nothing else goes on in it while it waits, and a timer costs eight times
 * the CPU (200 waiters: 0.2 against 0.025 of a core).
 */
async function standStill(ms: number): Promise<void> {
  if (stryMutAct_9fa48("211")) {
    {}
  } else {
    stryCov_9fa48("211");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }
}

/**
 * Longer each time, for the sake of the machine; each contender differently, so that they do not
 * come back all at once.
 */
function nextSleep(attempt: number): number {
  if (stryMutAct_9fa48("212")) {
    {}
  } else {
    stryCov_9fa48("212");
    const jitter = stryMutAct_9fa48("213") ? 1 + Math.random() / 3 : (stryCov_9fa48("213"), 1 - (stryMutAct_9fa48("214") ? Math.random() * 3 : (stryCov_9fa48("214"), Math.random() / 3)));
    return stryMutAct_9fa48("215") ? Math.min(SHORTEST_SLEEP_MS, jitter * Math.min(LONGEST_SLEEP_MS, SHORTEST_SLEEP_MS * 1.5 ** (attempt + 1))) : (stryCov_9fa48("215"), Math.max(SHORTEST_SLEEP_MS, stryMutAct_9fa48("216") ? jitter / Math.min(LONGEST_SLEEP_MS, SHORTEST_SLEEP_MS * 1.5 ** (attempt + 1)) : (stryCov_9fa48("216"), jitter * (stryMutAct_9fa48("217") ? Math.max(LONGEST_SLEEP_MS, SHORTEST_SLEEP_MS * 1.5 ** (attempt + 1)) : (stryCov_9fa48("217"), Math.min(LONGEST_SLEEP_MS, stryMutAct_9fa48("218") ? SHORTEST_SLEEP_MS / 1.5 ** (attempt + 1) : (stryCov_9fa48("218"), SHORTEST_SLEEP_MS * 1.5 ** (stryMutAct_9fa48("219") ? attempt - 1 : (stryCov_9fa48("219"), attempt + 1)))))))));
  }
}

/** The highest claim as a contender sees it. */
interface LastClaim {
  /** 0 if there is none yet. */
  number: number;
  /** Whether the next number may be tried for. */
  isOver: boolean;
  failure?: PublishedFailure | undefined;
}
function readLastClaim(contender: Contender): LastClaim {
  if (stryMutAct_9fa48("220")) {
    {}
  } else {
    stryCov_9fa48("220");
    const number = highestClaim(contender);
    if (stryMutAct_9fa48("223") ? number !== 0 : stryMutAct_9fa48("222") ? false : stryMutAct_9fa48("221") ? true : (stryCov_9fa48("221", "222", "223"), number === 0)) return stryMutAct_9fa48("224") ? {} : (stryCov_9fa48("224"), {
      number,
      isOver: stryMutAct_9fa48("225") ? false : (stryCov_9fa48("225"), true)
    });
    const path = claimPath(contender, number);
    const text = readClaimText(path);
    if (stryMutAct_9fa48("228") ? text !== null : stryMutAct_9fa48("227") ? false : stryMutAct_9fa48("226") ? true : (stryCov_9fa48("226", "227", "228"), text === null)) return stryMutAct_9fa48("229") ? {} : (stryCov_9fa48("229"), {
      number,
      isOver: stryMutAct_9fa48("230") ? true : (stryCov_9fa48("230"), false)
    }); // Another has followed and removed it just now.
    const claim = parseClaim(text);
    if (stryMutAct_9fa48("233") ? claim !== null : stryMutAct_9fa48("232") ? false : stryMutAct_9fa48("231") ? true : (stryCov_9fa48("231", "232", "233"), claim === null)) return stryMutAct_9fa48("234") ? {} : (stryCov_9fa48("234"), {
      number,
      isOver: isOldFile(path, contender)
    });
    return stryMutAct_9fa48("235") ? {} : (stryCov_9fa48("235"), {
      number,
      isOver: isOver(claim, contender),
      failure: claim.failure
    });
  }
}

/** For a claim that cannot be read: it may be one in the making, or of anybody. */
function isOldFile(path: string, contender: Contender): boolean {
  if (stryMutAct_9fa48("236")) {
    {}
  } else {
    stryCov_9fa48("236");
    const writtenAt = claimWrittenAt(path);
    return stryMutAct_9fa48("239") ? writtenAt !== null || isOverdue(writtenAt + contender.claimLifeMs, contender) : stryMutAct_9fa48("238") ? false : stryMutAct_9fa48("237") ? true : (stryCov_9fa48("237", "238", "239"), (stryMutAct_9fa48("241") ? writtenAt === null : stryMutAct_9fa48("240") ? true : (stryCov_9fa48("240", "241"), writtenAt !== null)) && isOverdue(stryMutAct_9fa48("242") ? writtenAt - contender.claimLifeMs : (stryCov_9fa48("242"), writtenAt + contender.claimLifeMs), contender));
  }
}

/** Ids of claims that this process could not mark as free. */
const abandoned = new Set<string>();
function isOver(claim: Claim, contender: Contender): boolean {
  if (stryMutAct_9fa48("243")) {
    {}
  } else {
    stryCov_9fa48("243");
    return stryMutAct_9fa48("246") ? (claim.free || abandoned.has(claim.id) || isOverdue(claim.deadline, contender)) && isCertainlyDead(claim, contender.self) : stryMutAct_9fa48("245") ? false : stryMutAct_9fa48("244") ? true : (stryCov_9fa48("244", "245", "246"), (stryMutAct_9fa48("248") ? (claim.free || abandoned.has(claim.id)) && isOverdue(claim.deadline, contender) : stryMutAct_9fa48("247") ? false : (stryCov_9fa48("247", "248"), (stryMutAct_9fa48("250") ? claim.free && abandoned.has(claim.id) : stryMutAct_9fa48("249") ? false : (stryCov_9fa48("249", "250"), claim.free || abandoned.has(claim.id))) || isOverdue(claim.deadline, contender))) || isCertainlyDead(claim, contender.self));
  }
}

/**
 * A deadline further ahead than any claim lives was written before the clock was set back. Twice as
 * far, so that a small correction, or a file server's clock, takes the lock from nobody.
 */
function isOverdue(deadline: number, contender: Contender): boolean {
  if (stryMutAct_9fa48("251")) {
    {}
  } else {
    stryCov_9fa48("251");
    const leftMs = stryMutAct_9fa48("252") ? deadline + contender.system.now() : (stryCov_9fa48("252"), deadline - contender.system.now());
    return stryMutAct_9fa48("255") ? leftMs <= 0 && leftMs > 2 * contender.claimLifeMs : stryMutAct_9fa48("254") ? false : stryMutAct_9fa48("253") ? true : (stryCov_9fa48("253", "254", "255"), (stryMutAct_9fa48("258") ? leftMs > 0 : stryMutAct_9fa48("257") ? leftMs < 0 : stryMutAct_9fa48("256") ? false : (stryCov_9fa48("256", "257", "258"), leftMs <= 0)) || (stryMutAct_9fa48("261") ? leftMs <= 2 * contender.claimLifeMs : stryMutAct_9fa48("260") ? leftMs >= 2 * contender.claimLifeMs : stryMutAct_9fa48("259") ? false : (stryCov_9fa48("259", "260", "261"), leftMs > (stryMutAct_9fa48("262") ? 2 / contender.claimLifeMs : (stryCov_9fa48("262"), 2 * contender.claimLifeMs)))));
  }
}
function isOurs(failure: PublishedFailure, wanted: AcquireOptions<unknown>, contender: Contender): boolean {
  if (stryMutAct_9fa48("263")) {
    {}
  } else {
    stryCov_9fa48("263");
    const since = wanted.adoptFailuresSince;
    return stryMutAct_9fa48("266") ? since !== undefined || isFailureSince(failure, since, contender.system.now()) : stryMutAct_9fa48("265") ? false : stryMutAct_9fa48("264") ? true : (stryCov_9fa48("264", "265", "266"), (stryMutAct_9fa48("268") ? since === undefined : stryMutAct_9fa48("267") ? true : (stryCov_9fa48("267", "268"), since !== undefined)) && isFailureSince(failure, since, contender.system.now()));
  }
}
interface OwnClaim {
  number: number;
  claim: Claim;
  text: string;
}

/** Our claim to the number after the last one, or null if another was faster. */
function claimNext(contender: Contender, last: number): OwnClaim | null {
  if (stryMutAct_9fa48("269")) {
    {}
  } else {
    stryCov_9fa48("269");
    const now = contender.system.now();
    const claim: Claim = stryMutAct_9fa48("270") ? {} : (stryCov_9fa48("270"), {
      ...contender.self,
      id: randomName(),
      deadline: stryMutAct_9fa48("271") ? now - contender.claimLifeMs : (stryCov_9fa48("271"), now + contender.claimLifeMs),
      free: stryMutAct_9fa48("272") ? true : (stryCov_9fa48("272"), false)
    });
    const own = stryMutAct_9fa48("273") ? {} : (stryCov_9fa48("273"), {
      number: stryMutAct_9fa48("274") ? last - 1 : (stryCov_9fa48("274"), last + 1),
      claim,
      text: JSON.stringify(claim)
    });
    const path = claimPath(contender, own.number);
    if (stryMutAct_9fa48("277") ? false : stryMutAct_9fa48("276") ? true : stryMutAct_9fa48("275") ? createClaim(path, own.text) : (stryCov_9fa48("275", "276", "277"), !createClaim(path, own.text))) return null;
    if (stryMutAct_9fa48("280") ? false : stryMutAct_9fa48("279") ? true : stryMutAct_9fa48("278") ? isNextAfter(contender, last) : (stryCov_9fa48("278", "279", "280"), !isNextAfter(contender, last))) {
      if (stryMutAct_9fa48("281")) {
        {}
      } else {
        stryCov_9fa48("281");
        removeFile(path);
        return null;
      }
    }
    removeLeftovers(contender, own.number, now);
    return own;
  }
}

/**
 * Between our look and our link() others may have come and gone and removed the claims up to ours:
 * then there is a higher one. The claim before ours must still be there too, for two cases in which
 * the list does not show it: a list that is not one moment's (large folders, file servers), and a
 * clearing away of old files after which the numbers began again at 1.
 */
function isNextAfter(contender: Contender, previous: number): boolean {
  if (stryMutAct_9fa48("282")) {
    {}
  } else {
    stryCov_9fa48("282");
    if (stryMutAct_9fa48("285") ? highestClaim(contender) === previous + 1 : stryMutAct_9fa48("284") ? false : stryMutAct_9fa48("283") ? true : (stryCov_9fa48("283", "284", "285"), highestClaim(contender) !== (stryMutAct_9fa48("286") ? previous - 1 : (stryCov_9fa48("286"), previous + 1)))) return stryMutAct_9fa48("287") ? true : (stryCov_9fa48("287"), false);
    return stryMutAct_9fa48("290") ? previous === 0 && claimWrittenAt(claimPath(contender, previous)) !== null : stryMutAct_9fa48("289") ? false : stryMutAct_9fa48("288") ? true : (stryCov_9fa48("288", "289", "290"), (stryMutAct_9fa48("292") ? previous !== 0 : stryMutAct_9fa48("291") ? false : (stryCov_9fa48("291", "292"), previous === 0)) || (stryMutAct_9fa48("294") ? claimWrittenAt(claimPath(contender, previous)) === null : stryMutAct_9fa48("293") ? false : (stryCov_9fa48("293", "294"), claimWrittenAt(claimPath(contender, previous)) !== null)));
  }
}
function holdLock(contender: Contender, won: OwnClaim): HeldLock {
  if (stryMutAct_9fa48("295")) {
    {}
  } else {
    stryCov_9fa48("295");
    let own: OwnClaim | null = won;
    return stryMutAct_9fa48("296") ? {} : (stryCov_9fa48("296"), {
      isStillHeld() {
        if (stryMutAct_9fa48("297")) {
          {}
        } else {
          stryCov_9fa48("297");
          if (stryMutAct_9fa48("300") ? own === null : stryMutAct_9fa48("299") ? false : stryMutAct_9fa48("298") ? true : (stryCov_9fa48("298", "299", "300"), own !== null)) own = keepClaim(contender, own);
          return stryMutAct_9fa48("303") ? own === null : stryMutAct_9fa48("302") ? false : stryMutAct_9fa48("301") ? true : (stryCov_9fa48("301", "302", "303"), own !== null);
        }
      },
      release(failure) {
        if (stryMutAct_9fa48("304")) {
          {}
        } else {
          stryCov_9fa48("304");
          if (stryMutAct_9fa48("307") ? own === null : stryMutAct_9fa48("306") ? false : stryMutAct_9fa48("305") ? true : (stryCov_9fa48("305", "306", "307"), own !== null)) freeClaim(contender, own, failure);
          own = null;
        }
      }
    });
  }
}

/** Our claim, or null if others have taken over. One with little time left is followed by our own next. */
function keepClaim(contender: Contender, own: OwnClaim): OwnClaim | null {
  if (stryMutAct_9fa48("308")) {
    {}
  } else {
    stryCov_9fa48("308");
    if (stryMutAct_9fa48("311") ? false : stryMutAct_9fa48("310") ? true : stryMutAct_9fa48("309") ? isHighest(contender, own) : (stryCov_9fa48("309", "310", "311"), !isHighest(contender, own))) return null;
    const leftMs = stryMutAct_9fa48("312") ? own.claim.deadline + contender.system.now() : (stryCov_9fa48("312"), own.claim.deadline - contender.system.now());
    const isComfortable = stryMutAct_9fa48("315") ? leftMs > contender.claimLifeMs / 4 || leftMs <= contender.claimLifeMs : stryMutAct_9fa48("314") ? false : stryMutAct_9fa48("313") ? true : (stryCov_9fa48("313", "314", "315"), (stryMutAct_9fa48("318") ? leftMs <= contender.claimLifeMs / 4 : stryMutAct_9fa48("317") ? leftMs >= contender.claimLifeMs / 4 : stryMutAct_9fa48("316") ? true : (stryCov_9fa48("316", "317", "318"), leftMs > (stryMutAct_9fa48("319") ? contender.claimLifeMs * 4 : (stryCov_9fa48("319"), contender.claimLifeMs / 4)))) && (stryMutAct_9fa48("322") ? leftMs > contender.claimLifeMs : stryMutAct_9fa48("321") ? leftMs < contender.claimLifeMs : stryMutAct_9fa48("320") ? true : (stryCov_9fa48("320", "321", "322"), leftMs <= contender.claimLifeMs)));
    return isComfortable ? own : claimNext(contender, own.number);
  }
}
function isHighest(contender: Contender, own: OwnClaim): boolean {
  if (stryMutAct_9fa48("323")) {
    {}
  } else {
    stryCov_9fa48("323");
    try {
      if (stryMutAct_9fa48("324")) {
        {}
      } else {
        stryCov_9fa48("324");
        return stryMutAct_9fa48("327") ? highestClaim(contender) === own.number || readClaimText(claimPath(contender, own.number)) === own.text : stryMutAct_9fa48("326") ? false : stryMutAct_9fa48("325") ? true : (stryCov_9fa48("325", "326", "327"), (stryMutAct_9fa48("329") ? highestClaim(contender) !== own.number : stryMutAct_9fa48("328") ? true : (stryCov_9fa48("328", "329"), highestClaim(contender) === own.number)) && (stryMutAct_9fa48("331") ? readClaimText(claimPath(contender, own.number)) !== own.text : stryMutAct_9fa48("330") ? true : (stryCov_9fa48("330", "331"), readClaimText(claimPath(contender, own.number)) === own.text)));
      }
    } catch (error) {
      if (stryMutAct_9fa48("332")) {
        {}
      } else {
        stryCov_9fa48("332");
        if (stryMutAct_9fa48("334") ? false : stryMutAct_9fa48("333") ? true : (stryCov_9fa48("333", "334"), isMissing(error))) return stryMutAct_9fa48("335") ? true : (stryCov_9fa48("335"), false);
        throw error;
      }
    }
  }
}
function freeClaim(contender: Contender, own: OwnClaim, failure: PublishedFailure | undefined): void {
  if (stryMutAct_9fa48("336")) {
    {}
  } else {
    stryCov_9fa48("336");
    const freed: Claim = stryMutAct_9fa48("337") ? {} : (stryCov_9fa48("337"), {
      ...own.claim,
      free: stryMutAct_9fa48("338") ? false : (stryCov_9fa48("338"), true),
      ...(stryMutAct_9fa48("341") ? failure || {
        failure
      } : stryMutAct_9fa48("340") ? false : stryMutAct_9fa48("339") ? true : (stryCov_9fa48("339", "340", "341"), failure && (stryMutAct_9fa48("342") ? {} : (stryCov_9fa48("342"), {
        failure
      }))))
    });
    try {
      if (stryMutAct_9fa48("343")) {
        {}
      } else {
        stryCov_9fa48("343");
        if (stryMutAct_9fa48("345") ? false : stryMutAct_9fa48("344") ? true : (stryCov_9fa48("344", "345"), isHighest(contender, own))) writePrivateFile(claimPath(contender, own.number), JSON.stringify(freed));
      }
    } catch {
      if (stryMutAct_9fa48("346")) {
        {}
      } else {
        stryCov_9fa48("346");
        // A full or read-only disk. For others the claim ends with this process, which is about to end.
        abandoned.add(own.claim.id);
      }
    }
  }
}