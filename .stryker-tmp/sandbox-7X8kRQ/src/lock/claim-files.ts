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
import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { createPrivateFile, isMissing, readSmallFile, removeFile } from '../files.ts';

/** Where the claims of one lock lie: `<folder>/<name>.claim.<number>`, among files of others. */
export interface ClaimPlace {
  folder: string;
  name: string;
}

/** A private temporary file this old was left by a process that died; if not, it makes another. */
const LEFTOVER_MS = 60_000;
export function claimPath(place: ClaimPlace, number: number): string {
  if (stryMutAct_9fa48("97")) {
    {}
  } else {
    stryCov_9fa48("97");
    return stryMutAct_9fa48("98") ? `` : (stryCov_9fa48("98"), `${place.folder}/${place.name}.claim.${number}`);
  }
}

/** All claims there are, in no order. Throws raw file system errors, ENOENT if the folder is missing. */
export function listClaims(place: ClaimPlace): number[] {
  if (stryMutAct_9fa48("99")) {
    {}
  } else {
    stryCov_9fa48("99");
    return stryMutAct_9fa48("100") ? listSuffixes(place).map(Number) : (stryCov_9fa48("100"), listSuffixes(place).filter(isNumber).map(Number));
  }
}

/** The highest claim's number, 0 if there is none. Throws as listClaims() does. */
export function highestClaim(place: ClaimPlace): number {
  if (stryMutAct_9fa48("101")) {
    {}
  } else {
    stryCov_9fa48("101");
    return stryMutAct_9fa48("102") ? Math.min(0, ...listClaims(place)) : (stryCov_9fa48("102"), Math.max(0, ...listClaims(place)));
  }
}
function listSuffixes(place: ClaimPlace): string[] {
  if (stryMutAct_9fa48("103")) {
    {}
  } else {
    stryCov_9fa48("103");
    const prefix = stryMutAct_9fa48("104") ? `` : (stryCov_9fa48("104"), `${place.name}.claim.`);
    const names = stryMutAct_9fa48("105") ? readdirSync(place.folder) : (stryCov_9fa48("105"), readdirSync(place.folder).filter(stryMutAct_9fa48("106") ? () => undefined : (stryCov_9fa48("106"), name => stryMutAct_9fa48("107") ? name.endsWith(prefix) : (stryCov_9fa48("107"), name.startsWith(prefix)))));
    return names.map(stryMutAct_9fa48("108") ? () => undefined : (stryCov_9fa48("108"), name => stryMutAct_9fa48("109") ? name : (stryCov_9fa48("109"), name.slice(prefix.length))));
  }
}
function isNumber(suffix: string): boolean {
  if (stryMutAct_9fa48("110")) {
    {}
  } else {
    stryCov_9fa48("110");
    return (stryMutAct_9fa48("115") ? /^[1-9]\D{0,14}$/ : stryMutAct_9fa48("114") ? /^[1-9]\d$/ : stryMutAct_9fa48("113") ? /^[^1-9]\d{0,14}$/ : stryMutAct_9fa48("112") ? /^[1-9]\d{0,14}/ : stryMutAct_9fa48("111") ? /[1-9]\d{0,14}$/ : (stryCov_9fa48("111", "112", "113", "114", "115"), /^[1-9]\d{0,14}$/)).test(suffix);
  }
}

/** The content; null if the file is gone, '' if it may not be read (root made it, under sudo). */
export function readClaimText(path: string): string | null {
  if (stryMutAct_9fa48("116")) {
    {}
  } else {
    stryCov_9fa48("116");
    try {
      if (stryMutAct_9fa48("117")) {
        {}
      } else {
        stryCov_9fa48("117");
        const bytes = readSmallFile(path);
        return (stryMutAct_9fa48("120") ? bytes !== null : stryMutAct_9fa48("119") ? false : stryMutAct_9fa48("118") ? true : (stryCov_9fa48("118", "119", "120"), bytes === null)) ? null : new TextDecoder().decode(bytes);
      }
    } catch {
      if (stryMutAct_9fa48("121")) {
        {}
      } else {
        stryCov_9fa48("121");
        return stryMutAct_9fa48("122") ? "Stryker was here!" : (stryCov_9fa48("122"), '');
      }
    }
  }
}

/** When a claim was last written, milliseconds since 1970; null if it is gone. */
export function claimWrittenAt(path: string): number | null {
  if (stryMutAct_9fa48("123")) {
    {}
  } else {
    stryCov_9fa48("123");
    return stryMutAct_9fa48("124") ? statSync(path, {
      throwIfNoEntry: false
    })?.mtimeMs && null : (stryCov_9fa48("124"), (stryMutAct_9fa48("125") ? statSync(path, {
      throwIfNoEntry: false
    }).mtimeMs : (stryCov_9fa48("125"), statSync(path, stryMutAct_9fa48("126") ? {} : (stryCov_9fa48("126"), {
      throwIfNoEntry: stryMutAct_9fa48("127") ? true : (stryCov_9fa48("127"), false)
    }))?.mtimeMs)) ?? null);
  }
}

/**
 * Makes a claim and says whether it is ours: whatever the calls say, it is if it holds our text (NFS
 * may answer EEXIST to the one who succeeded, when it asks twice). The text must be unique.
 *
 * By link() it appears whole, so that others see at any moment whether its maker lives. File systems
 * without hard links (FAT, some FUSE and SMB, Android) answer EPERM, ENOTSUP, ENOSYS, EACCES …; then
 * it is made by O_EXCL, just as exclusive, and written afterwards. Others who read it in between
 * cannot tell its maker and go by the file's time: nobody gets in too early, but if we are killed
 * exactly there, they wait for a claim's whole life. A folder that cannot be written at all answers
 * the O_EXCL in the same way, and that error is thrown.
 */
export function createClaim(path: string, text: string): boolean {
  if (stryMutAct_9fa48("128")) {
    {}
  } else {
    stryCov_9fa48("128");
    try {
      if (stryMutAct_9fa48("129")) {
        {}
      } else {
        stryCov_9fa48("129");
        createPrivateFile(path, text);
      }
    } catch (error) {
      if (stryMutAct_9fa48("130")) {
        {}
      } else {
        stryCov_9fa48("130");
        // ENOENT: we stood still for so long that our temporary file was cleared away as a leftover.
        if (stryMutAct_9fa48("133") ? (error as NodeJS.ErrnoException).syscall === 'link' || !isMissing(error) : stryMutAct_9fa48("132") ? false : stryMutAct_9fa48("131") ? true : (stryCov_9fa48("131", "132", "133"), (stryMutAct_9fa48("135") ? (error as NodeJS.ErrnoException).syscall !== 'link' : stryMutAct_9fa48("134") ? true : (stryCov_9fa48("134", "135"), (error as NodeJS.ErrnoException).syscall === (stryMutAct_9fa48("136") ? "" : (stryCov_9fa48("136"), 'link')))) && (stryMutAct_9fa48("137") ? isMissing(error) : (stryCov_9fa48("137"), !isMissing(error))))) createInPlace(path, text);else if (stryMutAct_9fa48("140") ? false : stryMutAct_9fa48("139") ? true : stryMutAct_9fa48("138") ? isMissing(error) : (stryCov_9fa48("138", "139", "140"), !isMissing(error))) throw error;
      }
    }
    return stryMutAct_9fa48("143") ? readClaimText(path) !== text : stryMutAct_9fa48("142") ? false : stryMutAct_9fa48("141") ? true : (stryCov_9fa48("141", "142", "143"), readClaimText(path) === text);
  }
}
function createInPlace(path: string, text: string): void {
  if (stryMutAct_9fa48("144")) {
    {}
  } else {
    stryCov_9fa48("144");
    let file: number;
    try {
      if (stryMutAct_9fa48("145")) {
        {}
      } else {
        stryCov_9fa48("145");
        file = openSync(path, stryMutAct_9fa48("146") ? "" : (stryCov_9fa48("146"), 'wx'), 0o600);
      }
    } catch (error) {
      if (stryMutAct_9fa48("147")) {
        {}
      } else {
        stryCov_9fa48("147");
        if (stryMutAct_9fa48("150") ? (error as NodeJS.ErrnoException).code !== 'EEXIST' : stryMutAct_9fa48("149") ? false : stryMutAct_9fa48("148") ? true : (stryCov_9fa48("148", "149", "150"), (error as NodeJS.ErrnoException).code === (stryMutAct_9fa48("151") ? "" : (stryCov_9fa48("151"), 'EEXIST')))) return;
        throw error;
      }
    }
    try {
      if (stryMutAct_9fa48("152")) {
        {}
      } else {
        stryCov_9fa48("152");
        writeSync(file, text);
      }
    } catch (error) {
      if (stryMutAct_9fa48("153")) {
        {}
      } else {
        stryCov_9fa48("153");
        removeFile(path);
        throw error;
      }
    } finally {
      if (stryMutAct_9fa48("154")) {
        {}
      } else {
        stryCov_9fa48("154");
        closeSync(file);
      }
    }
  }
}

/**
 * Removes the claims below `number`, and private temporary files that were left behind. Only for
 * the holder of `number`; what cannot be removed stays for the next one.
 */
export function removeLeftovers(place: ClaimPlace, number: number, now: number): void {
  if (stryMutAct_9fa48("155")) {
    {}
  } else {
    stryCov_9fa48("155");
    for (const suffix of listSuffixes(place)) {
      if (stryMutAct_9fa48("156")) {
        {}
      } else {
        stryCov_9fa48("156");
        const path = stryMutAct_9fa48("157") ? `` : (stryCov_9fa48("157"), `${place.folder}/${place.name}.claim.${suffix}`);
        try {
          if (stryMutAct_9fa48("158")) {
            {}
          } else {
            stryCov_9fa48("158");
            if (stryMutAct_9fa48("160") ? false : stryMutAct_9fa48("159") ? true : (stryCov_9fa48("159", "160"), isNumber(suffix) ? stryMutAct_9fa48("164") ? Number(suffix) >= number : stryMutAct_9fa48("163") ? Number(suffix) <= number : stryMutAct_9fa48("162") ? false : stryMutAct_9fa48("161") ? true : (stryCov_9fa48("161", "162", "163", "164"), Number(suffix) < number) : isLeftover(path, now))) removeFile(path);
          }
        } catch {
          // Another user's, or on a file system that has become read-only.
        }
      }
    }
  }
}
function isLeftover(path: string, now: number): boolean {
  if (stryMutAct_9fa48("165")) {
    {}
  } else {
    stryCov_9fa48("165");
    const writtenAt = (stryMutAct_9fa48("166") ? path.startsWith('.tmp') : (stryCov_9fa48("166"), path.endsWith(stryMutAct_9fa48("167") ? "" : (stryCov_9fa48("167"), '.tmp')))) ? claimWrittenAt(path) : null;
    return stryMutAct_9fa48("170") ? writtenAt !== null || Math.abs(now - writtenAt) > LEFTOVER_MS : stryMutAct_9fa48("169") ? false : stryMutAct_9fa48("168") ? true : (stryCov_9fa48("168", "169", "170"), (stryMutAct_9fa48("172") ? writtenAt === null : stryMutAct_9fa48("171") ? true : (stryCov_9fa48("171", "172"), writtenAt !== null)) && (stryMutAct_9fa48("175") ? Math.abs(now - writtenAt) <= LEFTOVER_MS : stryMutAct_9fa48("174") ? Math.abs(now - writtenAt) >= LEFTOVER_MS : stryMutAct_9fa48("173") ? true : (stryCov_9fa48("173", "174", "175"), Math.abs(stryMutAct_9fa48("176") ? now + writtenAt : (stryCov_9fa48("176"), now - writtenAt)) > LEFTOVER_MS)));
  }
}