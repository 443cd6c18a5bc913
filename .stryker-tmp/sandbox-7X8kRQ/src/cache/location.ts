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
import { findPaths } from '../config/paths.ts';
import { findRuntimeFolder } from '../config/runtime-folder.ts';
import { isPrivateFolder } from '../files.ts';
import type { System } from '../system.ts';

/** Where sealed tokens and the key that opens them lie. */
export interface CacheLocation {
  folder: string;
  /** Null for the keychain: Windows has no modes to keep others out of a file with. */
  key: {
    folder: string;
    path: string;
  } | null;
}

/**
 * In RAM where the system has a runtime folder for the user: key and cache are gone at logout.
 * Elsewhere key and cache lie in two folders, so that a copy of one of them (a backup, a shared
 * cache) opens nothing; against who reads all our files they are worth no more than file permissions.
 */
export function locateCache(system: System): CacheLocation {
  if (stryMutAct_9fa48("0")) {
    {}
  } else {
    stryCov_9fa48("0");
    const runtime = findRuntimeFolder(system);
    if (stryMutAct_9fa48("3") ? runtime === null : stryMutAct_9fa48("2") ? false : stryMutAct_9fa48("1") ? true : (stryCov_9fa48("1", "2", "3"), runtime !== null)) {
      if (stryMutAct_9fa48("4")) {
        {}
      } else {
        stryCov_9fa48("4");
        const folder = stryMutAct_9fa48("5") ? `` : (stryCov_9fa48("5"), `${runtime}/docker-credential-icr`);
        return stryMutAct_9fa48("6") ? {} : (stryCov_9fa48("6"), {
          folder,
          key: stryMutAct_9fa48("7") ? {} : (stryCov_9fa48("7"), {
            folder,
            path: stryMutAct_9fa48("8") ? `` : (stryCov_9fa48("8"), `${folder}/key`)
          })
        });
      }
    }
    const {
      cacheFolder,
      stateFolder
    } = findPaths(system);
    if (stryMutAct_9fa48("11") ? system.platform !== 'win32' : stryMutAct_9fa48("10") ? false : stryMutAct_9fa48("9") ? true : (stryCov_9fa48("9", "10", "11"), system.platform === (stryMutAct_9fa48("12") ? "" : (stryCov_9fa48("12"), 'win32')))) return stryMutAct_9fa48("13") ? {} : (stryCov_9fa48("13"), {
      folder: cacheFolder,
      key: null
    });
    const keyFolder = stryMutAct_9fa48("14") ? macTemporaryFolder(system) && stateFolder : (stryCov_9fa48("14"), macTemporaryFolder(system) ?? stateFolder);
    return stryMutAct_9fa48("15") ? {} : (stryCov_9fa48("15"), {
      folder: cacheFolder,
      key: stryMutAct_9fa48("16") ? {} : (stryCov_9fa48("16"), {
        folder: keyFolder,
        path: stryMutAct_9fa48("17") ? `` : (stryCov_9fa48("17"), `${keyFolder}/cache-key`)
      })
    });
  }
}

/** macOS gives every user a 0700 temporary folder that is emptied at boot. */
function macTemporaryFolder(system: System): string | null {
  if (stryMutAct_9fa48("18")) {
    {}
  } else {
    stryCov_9fa48("18");
    const folder = stryMutAct_9fa48("19") ? system.env['TMPDIR'].replace(/\/$/, '') : (stryCov_9fa48("19"), system.env[stryMutAct_9fa48("20") ? "" : (stryCov_9fa48("20"), 'TMPDIR')]?.replace(stryMutAct_9fa48("21") ? /\// : (stryCov_9fa48("21"), /\/$/), stryMutAct_9fa48("22") ? "Stryker was here!" : (stryCov_9fa48("22"), '')));
    if (stryMutAct_9fa48("25") ? (system.platform !== 'darwin' || !folder?.startsWith('/')) && !isPrivateFolder(folder, system) : stryMutAct_9fa48("24") ? false : stryMutAct_9fa48("23") ? true : (stryCov_9fa48("23", "24", "25"), (stryMutAct_9fa48("27") ? system.platform !== 'darwin' && !folder?.startsWith('/') : stryMutAct_9fa48("26") ? false : (stryCov_9fa48("26", "27"), (stryMutAct_9fa48("29") ? system.platform === 'darwin' : stryMutAct_9fa48("28") ? false : (stryCov_9fa48("28", "29"), system.platform !== (stryMutAct_9fa48("30") ? "" : (stryCov_9fa48("30"), 'darwin')))) || (stryMutAct_9fa48("31") ? folder?.startsWith('/') : (stryCov_9fa48("31"), !(stryMutAct_9fa48("33") ? folder.startsWith('/') : stryMutAct_9fa48("32") ? folder?.endsWith('/') : (stryCov_9fa48("32", "33"), folder?.startsWith(stryMutAct_9fa48("34") ? "" : (stryCov_9fa48("34"), '/')))))))) || (stryMutAct_9fa48("35") ? isPrivateFolder(folder, system) : (stryCov_9fa48("35"), !isPrivateFolder(folder, system))))) return null;
    return stryMutAct_9fa48("36") ? `` : (stryCov_9fa48("36"), `${folder}/docker-credential-icr`);
  }
}