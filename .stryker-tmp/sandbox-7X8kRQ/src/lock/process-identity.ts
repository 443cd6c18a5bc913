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
import { readlinkSync } from 'node:fs';
import { kill } from 'node:process';
import { bootId } from '../boot-id.ts';
import { readSmallFile } from '../files.ts';
import type { System } from '../system.ts';

/** A process as others can find it again. */
export interface ProcessIdentity {
  pid: number;
  /** Start time as /proc tells it, since pids are used again; null where it cannot be told. */
  start: string | null;
  /** Where a pid means something: this boot and this pid namespace. Null where that is unknown. */
  scope: string | null;
}

/** Who we are. Never throws: what cannot be found out is null, and then only deadlines count. */
export function readProcessIdentity(system: System): ProcessIdentity {
  if (stryMutAct_9fa48("427")) {
    {}
  } else {
    stryCov_9fa48("427");
    if (stryMutAct_9fa48("430") ? system.platform === 'linux' : stryMutAct_9fa48("429") ? false : stryMutAct_9fa48("428") ? true : (stryCov_9fa48("428", "429", "430"), system.platform !== (stryMutAct_9fa48("431") ? "" : (stryCov_9fa48("431"), 'linux')))) return stryMutAct_9fa48("432") ? {} : (stryCov_9fa48("432"), {
      pid: system.pid,
      start: null,
      scope: system.platform
    });
    const stat = readStat(stryMutAct_9fa48("433") ? "" : (stryCov_9fa48("433"), 'self'));
    // A /proc of another pid namespace (`unshare --pid` without --mount-proc) numbers us differently:
    // what it says of other pids is about other processes.
    const start = (stryMutAct_9fa48("436") ? stat?.pid !== system.pid : stryMutAct_9fa48("435") ? false : stryMutAct_9fa48("434") ? true : (stryCov_9fa48("434", "435", "436"), (stryMutAct_9fa48("437") ? stat.pid : (stryCov_9fa48("437"), stat?.pid)) === system.pid)) ? stat.start : null;
    return stryMutAct_9fa48("438") ? {} : (stryCov_9fa48("438"), {
      pid: system.pid,
      start,
      scope: readScope()
    });
  }
}

/**
 * Whether the owner of a claim is certainly dead. False is no proof of life: of a process in another
 * pid namespace, on another machine or of an earlier boot nothing can be said.
 */
export function isCertainlyDead(owner: ProcessIdentity, self: ProcessIdentity): boolean {
  if (stryMutAct_9fa48("439")) {
    {}
  } else {
    stryCov_9fa48("439");
    if (stryMutAct_9fa48("442") ? self.scope === null && owner.scope !== self.scope : stryMutAct_9fa48("441") ? false : stryMutAct_9fa48("440") ? true : (stryCov_9fa48("440", "441", "442"), (stryMutAct_9fa48("444") ? self.scope !== null : stryMutAct_9fa48("443") ? false : (stryCov_9fa48("443", "444"), self.scope === null)) || (stryMutAct_9fa48("446") ? owner.scope === self.scope : stryMutAct_9fa48("445") ? false : (stryCov_9fa48("445", "446"), owner.scope !== self.scope)))) return stryMutAct_9fa48("447") ? true : (stryCov_9fa48("447"), false);
    // kill() says EPERM in a user namespace (rootless podman), where /proc still answers: ask /proc first.
    const stat = (stryMutAct_9fa48("450") ? self.start !== null : stryMutAct_9fa48("449") ? false : stryMutAct_9fa48("448") ? true : (stryCov_9fa48("448", "449", "450"), self.start === null)) ? null : readStat(owner.pid);
    if (stryMutAct_9fa48("453") ? stat !== null : stryMutAct_9fa48("452") ? false : stryMutAct_9fa48("451") ? true : (stryCov_9fa48("451", "452", "453"), stat === null)) return stryMutAct_9fa48("454") ? canBeSignalled(owner.pid) : (stryCov_9fa48("454"), !canBeSignalled(owner.pid));
    return stryMutAct_9fa48("457") ? stat.isZombie && owner.start !== null && owner.start !== stat.start : stryMutAct_9fa48("456") ? false : stryMutAct_9fa48("455") ? true : (stryCov_9fa48("455", "456", "457"), stat.isZombie || (stryMutAct_9fa48("459") ? owner.start !== null || owner.start !== stat.start : stryMutAct_9fa48("458") ? false : (stryCov_9fa48("458", "459"), (stryMutAct_9fa48("461") ? owner.start === null : stryMutAct_9fa48("460") ? true : (stryCov_9fa48("460", "461"), owner.start !== null)) && (stryMutAct_9fa48("463") ? owner.start === stat.start : stryMutAct_9fa48("462") ? true : (stryCov_9fa48("462", "463"), owner.start !== stat.start)))));
  }
}
function readScope(): string | null {
  if (stryMutAct_9fa48("464")) {
    {}
  } else {
    stryCov_9fa48("464");
    try {
      if (stryMutAct_9fa48("465")) {
        {}
      } else {
        stryCov_9fa48("465");
        const boot = bootId();
        return (stryMutAct_9fa48("468") ? boot !== '' : stryMutAct_9fa48("467") ? false : stryMutAct_9fa48("466") ? true : (stryCov_9fa48("466", "467", "468"), boot === (stryMutAct_9fa48("469") ? "Stryker was here!" : (stryCov_9fa48("469"), '')))) ? null : stryMutAct_9fa48("470") ? `` : (stryCov_9fa48("470"), `${boot} ${readlinkSync(stryMutAct_9fa48("471") ? "" : (stryCov_9fa48("471"), '/proc/self/ns/pid'))}`);
      }
    } catch {
      if (stryMutAct_9fa48("472")) {
        {}
      } else {
        stryCov_9fa48("472");
        return null;
      }
    }
  }
}
interface ProcessStat {
  pid: number;
  start: string;
  /** Dead, but its parent has not asked for the exit code yet. */
  isZombie: boolean;
}
function readStat(pid: number | 'self'): ProcessStat | null {
  if (stryMutAct_9fa48("473")) {
    {}
  } else {
    stryCov_9fa48("473");
    try {
      if (stryMutAct_9fa48("474")) {
        {}
      } else {
        stryCov_9fa48("474");
        const text = readText(stryMutAct_9fa48("475") ? `` : (stryCov_9fa48("475"), `/proc/${pid}/stat`));
        return (stryMutAct_9fa48("478") ? text !== null : stryMutAct_9fa48("477") ? false : stryMutAct_9fa48("476") ? true : (stryCov_9fa48("476", "477", "478"), text === null)) ? null : parseStat(text);
      }
    } catch {
      if (stryMutAct_9fa48("479")) {
        {}
      } else {
        stryCov_9fa48("479");
        return null; // It died while we read.
      }
    }
  }
}

/** Without the quarter of a megabyte that Bun's readFileSync lays out for files of unknown size. */
function readText(path: string): string | null {
  if (stryMutAct_9fa48("480")) {
    {}
  } else {
    stryCov_9fa48("480");
    const bytes = readSmallFile(path);
    return stryMutAct_9fa48("483") ? bytes || new TextDecoder().decode(bytes) : stryMutAct_9fa48("482") ? false : stryMutAct_9fa48("481") ? true : (stryCov_9fa48("481", "482", "483"), bytes && new TextDecoder().decode(bytes));
  }
}

/** proc_pid_stat(5). The second field, the command, may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | null {
  if (stryMutAct_9fa48("484")) {
    {}
  } else {
    stryCov_9fa48("484");
    const afterCommand = stryMutAct_9fa48("485") ? text.split(' ') : (stryCov_9fa48("485"), text.slice(stryMutAct_9fa48("486") ? text.lastIndexOf(')') - 2 : (stryCov_9fa48("486"), text.lastIndexOf(stryMutAct_9fa48("487") ? "" : (stryCov_9fa48("487"), ')')) + 2)).split(stryMutAct_9fa48("488") ? "" : (stryCov_9fa48("488"), ' ')));
    const state = afterCommand[0];
    const start = afterCommand[stryMutAct_9fa48("489") ? 22 + 3 : (stryCov_9fa48("489"), 22 - 3)];
    if (stryMutAct_9fa48("492") ? state === undefined && start === undefined : stryMutAct_9fa48("491") ? false : stryMutAct_9fa48("490") ? true : (stryCov_9fa48("490", "491", "492"), (stryMutAct_9fa48("494") ? state !== undefined : stryMutAct_9fa48("493") ? false : (stryCov_9fa48("493", "494"), state === undefined)) || (stryMutAct_9fa48("496") ? start !== undefined : stryMutAct_9fa48("495") ? false : (stryCov_9fa48("495", "496"), start === undefined)))) return null;
    return stryMutAct_9fa48("497") ? {} : (stryCov_9fa48("497"), {
      pid: Number.parseInt(text, 10),
      start,
      isZombie: stryMutAct_9fa48("500") ? state === 'Z' && state === 'X' : stryMutAct_9fa48("499") ? false : stryMutAct_9fa48("498") ? true : (stryCov_9fa48("498", "499", "500"), (stryMutAct_9fa48("502") ? state !== 'Z' : stryMutAct_9fa48("501") ? false : (stryCov_9fa48("501", "502"), state === (stryMutAct_9fa48("503") ? "" : (stryCov_9fa48("503"), 'Z')))) || (stryMutAct_9fa48("505") ? state !== 'X' : stryMutAct_9fa48("504") ? false : (stryCov_9fa48("504", "505"), state === (stryMutAct_9fa48("506") ? "" : (stryCov_9fa48("506"), 'X')))))
    });
  }
}
function canBeSignalled(pid: number): boolean {
  if (stryMutAct_9fa48("507")) {
    {}
  } else {
    stryCov_9fa48("507");
    try {
      if (stryMutAct_9fa48("508")) {
        {}
      } else {
        stryCov_9fa48("508");
        kill(pid, 0);
        return stryMutAct_9fa48("509") ? false : (stryCov_9fa48("509"), true);
      }
    } catch (error) {
      if (stryMutAct_9fa48("510")) {
        {}
      } else {
        stryCov_9fa48("510");
        return stryMutAct_9fa48("513") ? (error as NodeJS.ErrnoException).code === 'ESRCH' : stryMutAct_9fa48("512") ? false : stryMutAct_9fa48("511") ? true : (stryCov_9fa48("511", "512", "513"), (error as NodeJS.ErrnoException).code !== (stryMutAct_9fa48("514") ? "" : (stryCov_9fa48("514"), 'ESRCH')));
      }
    }
  }
}