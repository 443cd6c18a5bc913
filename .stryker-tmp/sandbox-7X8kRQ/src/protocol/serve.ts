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
import { explain } from '../explain.ts';
import { oneLine } from '../one-line.ts';
import type { CredentialHelper } from './helper.ts';
import { CREDENTIALS_NOT_FOUND, NO_SERVER_URL, NO_USERNAME } from './messages.ts';
import { readStdin } from './stdin.ts';
import { formatCredentials, parseCredentials, parseServerURL } from './wire.ts';
export const VERBS = ['get', 'store', 'erase', 'list'] as const;
export type Verb = (typeof VERBS)[number];

/** What one call of the program says: at most one line on each stream, and the exit code. */
export interface Reply {
  stdout: string;
  stderr: string;
  /** 0 or 1 for the protocol; the commands have more (commands/command.ts). */
  exitCode: number;
}
const DONE: Reply = stryMutAct_9fa48("518") ? {} : (stryCov_9fa48("518"), {
  stdout: stryMutAct_9fa48("519") ? "Stryker was here!" : (stryCov_9fa48("519"), ''),
  stderr: stryMutAct_9fa48("520") ? "Stryker was here!" : (stryCov_9fa48("520"), ''),
  exitCode: 0
});

/** One protocol call from stdin to its reply; never throws. */
export async function serve(verb: Verb, helper: () => Promise<CredentialHelper>): Promise<Reply> {
  if (stryMutAct_9fa48("521")) {
    {}
  } else {
    stryCov_9fa48("521");
    try {
      if (stryMutAct_9fa48("522")) {
        {}
      } else {
        stryCov_9fa48("522");
        return await run(verb, helper);
      }
    } catch (error) {
      if (stryMutAct_9fa48("523")) {
        {}
      } else {
        stryCov_9fa48("523");
        return failure(error);
      }
    }
  }
}
async function run(verb: Verb, helper: () => Promise<CredentialHelper>): Promise<Reply> {
  if (stryMutAct_9fa48("524")) {
    {}
  } else {
    stryCov_9fa48("524");
    switch (verb) {
      case stryMutAct_9fa48("526") ? "" : (stryCov_9fa48("526"), 'get'):
        if (stryMutAct_9fa48("525")) {} else {
          stryCov_9fa48("525");
          {
            if (stryMutAct_9fa48("527")) {
              {}
            } else {
              stryCov_9fa48("527");
              const serverURL = parseServerURL(await readStdin(stryMutAct_9fa48("528") ? "" : (stryCov_9fa48("528"), 'a registry (such as us.icr.io)')));
              const credentials = await (await helper()).get(serverURL);
              return credentials ? line(formatCredentials(credentials)) : NOT_FOUND;
            }
          }
        }
      case stryMutAct_9fa48("530") ? "" : (stryCov_9fa48("530"), 'store'):
        if (stryMutAct_9fa48("529")) {} else {
          stryCov_9fa48("529");
          await (await helper()).store(parseCredentials(await readStdin(stryMutAct_9fa48("531") ? "" : (stryCov_9fa48("531"), 'a JSON object with ServerURL, Username and Secret'))));
          return DONE;
        }
      case stryMutAct_9fa48("533") ? "" : (stryCov_9fa48("533"), 'erase'):
        if (stryMutAct_9fa48("532")) {} else {
          stryCov_9fa48("532");
          await (await helper()).erase(parseServerURL(await readStdin(stryMutAct_9fa48("534") ? "" : (stryCov_9fa48("534"), 'a registry (such as us.icr.io)'))));
          return DONE;
        }
      case stryMutAct_9fa48("536") ? "" : (stryCov_9fa48("536"), 'list'):
        if (stryMutAct_9fa48("535")) {} else {
          stryCov_9fa48("535");
          // Go clients send "unused", docker-py nothing at all: not worth waiting for.
          return line(JSON.stringify(await (await helper()).list()));
        }
    }
  }
}

/** Not a failure: clients go on anonymously, and only when stdout says exactly this. */
const NOT_FOUND: Reply = stryMutAct_9fa48("537") ? {} : (stryCov_9fa48("537"), {
  stdout: stryMutAct_9fa48("538") ? `` : (stryCov_9fa48("538"), `${CREDENTIALS_NOT_FOUND}\n`),
  stderr: stryMutAct_9fa48("539") ? "Stryker was here!" : (stryCov_9fa48("539"), ''),
  exitCode: 1
});
function line(text: string): Reply {
  if (stryMutAct_9fa48("540")) {
    {}
  } else {
    stryCov_9fa48("540");
    return stryMutAct_9fa48("541") ? {} : (stryCov_9fa48("541"), {
      ...DONE,
      stdout: stryMutAct_9fa48("542") ? `` : (stryCov_9fa48("542"), `${text}\n`)
    });
  }
}

/** Docker up to 28 shows only stderr, everybody else only stdout: a failure goes to both. */
function failure(error: unknown): Reply {
  if (stryMutAct_9fa48("543")) {
    {}
  } else {
    stryCov_9fa48("543");
    const text = stryMutAct_9fa48("544") ? `` : (stryCov_9fa48("544"), `${describe(error)}\n`);
    return stryMutAct_9fa48("545") ? {} : (stryCov_9fa48("545"), {
      stdout: text,
      stderr: text,
      exitCode: 1
    });
  }
}
const SENTENCES: readonly string[] = stryMutAct_9fa48("546") ? [] : (stryCov_9fa48("546"), [NO_SERVER_URL, NO_USERNAME]);
function describe(error: unknown): string {
  if (stryMutAct_9fa48("547")) {
    {}
  } else {
    stryCov_9fa48("547");
    const {
      message,
      hint
    } = explain(error);
    if (stryMutAct_9fa48("549") ? false : stryMutAct_9fa48("548") ? true : (stryCov_9fa48("548", "549"), SENTENCES.includes(message))) return message;
    return oneLine(stryMutAct_9fa48("550") ? `` : (stryCov_9fa48("550"), `docker-credential-icr: ${message}${hint ? stryMutAct_9fa48("551") ? `` : (stryCov_9fa48("551"), `; ${hint}`) : stryMutAct_9fa48("552") ? "Stryker was here!" : (stryCov_9fa48("552"), '')}`));
  }
}