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
import { fstatSync, read } from 'node:fs';
import { HelperError } from '../errors.ts';

/** More than any client sends: the largest secrets (JSON keys of other clouds) have a few kB. */
const LIMIT_BYTES = stryMutAct_9fa48("553") ? 128 / 1024 : (stryCov_9fa48("553"), 128 * 1024);
/** No client pauses; whoever started us by hand gets an explanation instead of a hang. */
const IDLE_MS = 10_000;
const STDIN = 0;

/**
 * All of stdin as text. A terminal, ten seconds without a byte, more than 128 KiB and invalid
 * UTF-8 are `bad-input`; `expected` says in the message what should have come.
 */
export async function readStdin(expected: string, idleMs = IDLE_MS): Promise<string> {
  if (stryMutAct_9fa48("554")) {
    {}
  } else {
    stryCov_9fa48("554");
    const waiting = new HelperError(stryMutAct_9fa48("555") ? "" : (stryCov_9fa48("555"), 'bad-input'), stryMutAct_9fa48("556") ? `` : (stryCov_9fa48("556"), `no input: ${expected} is expected on standard input`), stryMutAct_9fa48("557") ? {} : (stryCov_9fa48("557"), {
      hint: stryMutAct_9fa48("558") ? "" : (stryCov_9fa48("558"), 'pipe it in; clients such as docker do that by themselves, see --help')
    }));
    if (stryMutAct_9fa48("560") ? false : stryMutAct_9fa48("559") ? true : (stryCov_9fa48("559", "560"), await isTerminal())) throw waiting;
    const chunks: Uint8Array[] = stryMutAct_9fa48("561") ? ["Stryker was here"] : (stryCov_9fa48("561"), []);
    let size = 0;
    if (stryMutAct_9fa48("562")) {
      for (; false;) {
        const chunk = await readChunk(idleMs, waiting);
        if (chunk.length === 0) return decode(chunks);
        size += chunk.length;
        if (size > LIMIT_BYTES) throw new HelperError('bad-input', `the input is larger than ${LIMIT_BYTES / 1024} KiB`);
        chunks.push(chunk);
      }
    } else {
      stryCov_9fa48("562");
      for (;;) {
        if (stryMutAct_9fa48("563")) {
          {}
        } else {
          stryCov_9fa48("563");
          const chunk = await readChunk(idleMs, waiting);
          if (stryMutAct_9fa48("566") ? chunk.length !== 0 : stryMutAct_9fa48("565") ? false : stryMutAct_9fa48("564") ? true : (stryCov_9fa48("564", "565", "566"), chunk.length === 0)) return decode(chunks);
          stryMutAct_9fa48("567") ? size -= chunk.length : (stryCov_9fa48("567"), size += chunk.length);
          if (stryMutAct_9fa48("571") ? size <= LIMIT_BYTES : stryMutAct_9fa48("570") ? size >= LIMIT_BYTES : stryMutAct_9fa48("569") ? false : stryMutAct_9fa48("568") ? true : (stryCov_9fa48("568", "569", "570", "571"), size > LIMIT_BYTES)) throw new HelperError(stryMutAct_9fa48("572") ? "" : (stryCov_9fa48("572"), 'bad-input'), stryMutAct_9fa48("573") ? `` : (stryCov_9fa48("573"), `the input is larger than ${stryMutAct_9fa48("574") ? LIMIT_BYTES * 1024 : (stryCov_9fa48("574"), LIMIT_BYTES / 1024)} KiB`));
          chunks.push(chunk);
        }
      }
    }
  }
}
async function isTerminal(): Promise<boolean> {
  if (stryMutAct_9fa48("575")) {
    {}
  } else {
    stryCov_9fa48("575");
    try {
      if (stryMutAct_9fa48("576")) {
        {}
      } else {
        stryCov_9fa48("576");
        if (stryMutAct_9fa48("579") ? false : stryMutAct_9fa48("578") ? true : stryMutAct_9fa48("577") ? fstatSync(STDIN).isCharacterDevice() : (stryCov_9fa48("577", "578", "579"), !fstatSync(STDIN).isCharacterDevice())) return stryMutAct_9fa48("580") ? true : (stryCov_9fa48("580"), false);
      }
    } catch {
      if (stryMutAct_9fa48("581")) {
        {}
      } else {
        stryCov_9fa48("581");
        return stryMutAct_9fa48("582") ? true : (stryCov_9fa48("582"), false);
      }
    }
    // Loaded only now: a client's pipe never comes here, /dev/null and a terminal do.
    const {
      isatty
    } = await import('node:tty');
    return isatty(STDIN);
  }
}
function readChunk(idleMs: number, waiting: HelperError): Promise<Uint8Array> {
  if (stryMutAct_9fa48("583")) {
    {}
  } else {
    stryCov_9fa48("583");
    const buffer = new Uint8Array(stryMutAct_9fa48("584") ? 64 / 1024 : (stryCov_9fa48("584"), 64 * 1024));
    return new Promise((resolve, reject) => {
      if (stryMutAct_9fa48("585")) {
        {}
      } else {
        stryCov_9fa48("585");
        const timer = setTimeout(stryMutAct_9fa48("586") ? () => undefined : (stryCov_9fa48("586"), () => reject(waiting)), idleMs);
        const attempt = stryMutAct_9fa48("587") ? () => undefined : (stryCov_9fa48("587"), (() => {
          const attempt = () => read(STDIN, buffer, 0, buffer.length, null, (error, count) => {
            if (stryMutAct_9fa48("588")) {
              {}
            } else {
              stryCov_9fa48("588");
              // Somebody made the pipe non-blocking: nothing there yet.
              if (stryMutAct_9fa48("591") ? error?.code !== 'EAGAIN' : stryMutAct_9fa48("590") ? false : stryMutAct_9fa48("589") ? true : (stryCov_9fa48("589", "590", "591"), (stryMutAct_9fa48("592") ? error.code : (stryCov_9fa48("592"), error?.code)) === (stryMutAct_9fa48("593") ? "" : (stryCov_9fa48("593"), 'EAGAIN')))) return void setTimeout(attempt, 5);
              clearTimeout(timer);
              // A closed stdin (EBADF) and the end of a Windows pipe (EOF) are an empty input.
              resolve(error ? buffer.subarray(0, 0) : buffer.subarray(0, count));
            }
          });
          return attempt;
        })());
        attempt();
      }
    });
  }
}
function decode(chunks: Uint8Array[]): string {
  if (stryMutAct_9fa48("594")) {
    {}
  } else {
    stryCov_9fa48("594");
    const all = new Uint8Array(chunks.reduce(stryMutAct_9fa48("595") ? () => undefined : (stryCov_9fa48("595"), (size, chunk) => stryMutAct_9fa48("596") ? size - chunk.length : (stryCov_9fa48("596"), size + chunk.length)), 0));
    let offset = 0;
    for (const chunk of chunks) {
      if (stryMutAct_9fa48("597")) {
        {}
      } else {
        stryCov_9fa48("597");
        all.set(chunk, offset);
        stryMutAct_9fa48("598") ? offset -= chunk.length : (stryCov_9fa48("598"), offset += chunk.length);
      }
    }
    try {
      if (stryMutAct_9fa48("599")) {
        {}
      } else {
        stryCov_9fa48("599");
        return new TextDecoder(stryMutAct_9fa48("600") ? "" : (stryCov_9fa48("600"), 'utf-8'), stryMutAct_9fa48("601") ? {} : (stryCov_9fa48("601"), {
          fatal: stryMutAct_9fa48("602") ? false : (stryCov_9fa48("602"), true),
          ignoreBOM: stryMutAct_9fa48("603") ? false : (stryCov_9fa48("603"), true)
        })).decode(all);
      }
    } catch {
      if (stryMutAct_9fa48("604")) {
        {}
      } else {
        stryCov_9fa48("604");
        throw new HelperError(stryMutAct_9fa48("605") ? "" : (stryCov_9fa48("605"), 'bad-input'), stryMutAct_9fa48("606") ? "" : (stryCov_9fa48("606"), 'the input is not UTF-8 text'));
      }
    }
  }
}