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
import { lstatSync, readdirSync } from 'node:fs';
import { makePrivateFolder, readSmallFile, removeFile, writePrivateFile } from '../files.ts';
import { readOrRemakeKeyFile } from '../key-file.ts';
import type { Lock } from '../lock/lock.ts';
import { importSealingKey, KEY_BYTES, type SealingKey, seal, unseal } from '../sealing.ts';
import type { System } from '../system.ts';
import { parseTokens, type Tokens } from '../tokens.ts';
import type { CacheLocation } from './location.ts';
import { NO_SLOT, type SlotIdentity, type TokenCache, type TokenSlot } from './token-slot.ts';
export interface SealedCacheOptions {
  location: CacheLocation;
  system: System;
  /** Loaded only when a token has to be made. */
  loadLock(folder: string, name: string): Promise<Lock>;
  /** Asked only where the key does not lie in a file. */
  keychainKey(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** No token lives for so long: what is older was left behind by a key that is gone. */
const STALE_MS = stryMutAct_9fa48("37") ? 24 * 60 * 60 / 1000 : (stryCov_9fa48("37"), (stryMutAct_9fa48("38") ? 24 * 60 / 60 : (stryCov_9fa48("38"), (stryMutAct_9fa48("39") ? 24 / 60 : (stryCov_9fa48("39"), 24 * 60)) * 60)) * 1000);

/** Tokens in sealed files, named by an HMAC that tells nobody else whose they are. */
export function createSealedCache(options: SealedCacheOptions): TokenCache {
  if (stryMutAct_9fa48("40")) {
    {}
  } else {
    stryCov_9fa48("40");
    return stryMutAct_9fa48("41") ? {} : (stryCov_9fa48("41"), {
      open: async identity => {
        if (stryMutAct_9fa48("42")) {
          {}
        } else {
          stryCov_9fa48("42");
          try {
            if (stryMutAct_9fa48("43")) {
              {}
            } else {
              stryCov_9fa48("43");
              return await openSlot(identity, options);
            }
          } catch {
            if (stryMutAct_9fa48("44")) {
              {}
            } else {
              stryCov_9fa48("44");
              // Read-only, full, another user's: the answer is worth more than the cache.
              return NO_SLOT;
            }
          }
        }
      }
    });
  }
}

/** First half: seals the entries. Second half: names them. */
const CACHE_KEY_BYTES = stryMutAct_9fa48("45") ? 2 / KEY_BYTES : (stryCov_9fa48("45"), 2 * KEY_BYTES);
async function findKey({
  location,
  system,
  keychainKey
}: SealedCacheOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (stryMutAct_9fa48("46")) {
    {}
  } else {
    stryCov_9fa48("46");
    if (stryMutAct_9fa48("49") ? false : stryMutAct_9fa48("48") ? true : stryMutAct_9fa48("47") ? location.key : (stryCov_9fa48("47", "48", "49"), !location.key)) return keychainKey(CACHE_KEY_BYTES);
    return readOrRemakeKeyFile(stryMutAct_9fa48("50") ? {} : (stryCov_9fa48("50"), {
      ...location.key,
      bytes: CACHE_KEY_BYTES
    }), system);
  }
}
async function openSlot(identity: SlotIdentity, options: SealedCacheOptions): Promise<TokenSlot> {
  if (stryMutAct_9fa48("51")) {
    {}
  } else {
    stryCov_9fa48("51");
    const {
      location,
      system
    } = options;
    const raw = await findKey(options);
    const key = await importSealingKey(stryMutAct_9fa48("52") ? raw : (stryCov_9fa48("52"), raw.slice(0, KEY_BYTES)));
    const name = await entryName(stryMutAct_9fa48("53") ? raw : (stryCov_9fa48("53"), raw.slice(KEY_BYTES)), identity);
    const file = stryMutAct_9fa48("54") ? `` : (stryCov_9fa48("54"), `${location.folder}/${name}.token`);
    return stryMutAct_9fa48("55") ? {} : (stryCov_9fa48("55"), {
      read: stryMutAct_9fa48("56") ? () => undefined : (stryCov_9fa48("56"), () => readEntry(file, name, key)),
      write: async tokens => {
        if (stryMutAct_9fa48("57")) {
          {}
        } else {
          stryCov_9fa48("57");
          try {
            if (stryMutAct_9fa48("58")) {
              {}
            } else {
              stryCov_9fa48("58");
              makePrivateFolder(location.folder, system);
              // Never a refresh token: it opens an account for days, and would outlive a logout here.
              const {
                refreshToken: _,
                ...rest
              } = tokens;
              writePrivateFile(file, await seal(key, name, JSON.stringify(rest)));
              removeStale(location.folder, system.now());
            }
          } catch {
            // As above: not cached.
          }
        }
      },
      remove: stryMutAct_9fa48("59") ? () => undefined : (stryCov_9fa48("59"), async () => void removeFile(file)),
      openLock: async () => {
        if (stryMutAct_9fa48("60")) {
          {}
        } else {
          stryCov_9fa48("60");
          try {
            if (stryMutAct_9fa48("61")) {
              {}
            } else {
              stryCov_9fa48("61");
              makePrivateFolder(location.folder, system);
              return await options.loadLock(location.folder, name);
            }
          } catch {
            if (stryMutAct_9fa48("62")) {
              {}
            } else {
              stryCov_9fa48("62");
              return null;
            }
          }
        }
      }
    });
  }
}
async function readEntry(file: string, name: string, key: SealingKey): Promise<Tokens | null> {
  if (stryMutAct_9fa48("63")) {
    {}
  } else {
    stryCov_9fa48("63");
    try {
      if (stryMutAct_9fa48("64")) {
        {}
      } else {
        stryCov_9fa48("64");
        const sealed = readSmallFile(file);
        const content = stryMutAct_9fa48("67") ? sealed || (await unseal(key, name, sealed)) : stryMutAct_9fa48("66") ? false : stryMutAct_9fa48("65") ? true : (stryCov_9fa48("65", "66", "67"), sealed && (await unseal(key, name, sealed)));
        return content ? parseTokens(content) : null;
      }
    } catch {
      if (stryMutAct_9fa48("68")) {
        {}
      } else {
        stryCov_9fa48("68");
        return null;
      }
    }
  }
}
async function entryName(raw: Uint8Array<ArrayBuffer>, identity: SlotIdentity): Promise<string> {
  if (stryMutAct_9fa48("69")) {
    {}
  } else {
    stryCov_9fa48("69");
    const key = await crypto.subtle.importKey(stryMutAct_9fa48("70") ? "" : (stryCov_9fa48("70"), 'raw'), raw, stryMutAct_9fa48("71") ? {} : (stryCov_9fa48("71"), {
      name: stryMutAct_9fa48("72") ? "" : (stryCov_9fa48("72"), 'HMAC'),
      hash: stryMutAct_9fa48("73") ? "" : (stryCov_9fa48("73"), 'SHA-256')
    }), stryMutAct_9fa48("74") ? true : (stryCov_9fa48("74"), false), stryMutAct_9fa48("75") ? [] : (stryCov_9fa48("75"), [stryMutAct_9fa48("76") ? "" : (stryCov_9fa48("76"), 'sign')]));
    const parts = JSON.stringify(stryMutAct_9fa48("77") ? [] : (stryCov_9fa48("77"), [identity.credential, identity.issuer, identity.grant]));
    const mac = await crypto.subtle.sign(stryMutAct_9fa48("78") ? "" : (stryCov_9fa48("78"), 'HMAC'), key, new TextEncoder().encode(parts));
    return Buffer.from(mac, 0, 16).toString(stryMutAct_9fa48("79") ? "" : (stryCov_9fa48("79"), 'hex'));
  }
}

/** After an exchange, off the hot path: entries and claims of credentials that are gone. */
function removeStale(folder: string, now: number): void {
  if (stryMutAct_9fa48("80")) {
    {}
  } else {
    stryCov_9fa48("80");
    for (const name of readdirSync(folder)) {
      if (stryMutAct_9fa48("81")) {
        {}
      } else {
        stryCov_9fa48("81");
        if (stryMutAct_9fa48("84") ? false : stryMutAct_9fa48("83") ? true : stryMutAct_9fa48("82") ? /^[0-9a-f]{32}\./.test(name) : (stryCov_9fa48("82", "83", "84"), !(stryMutAct_9fa48("87") ? /^[^0-9a-f]{32}\./ : stryMutAct_9fa48("86") ? /^[0-9a-f]\./ : stryMutAct_9fa48("85") ? /[0-9a-f]{32}\./ : (stryCov_9fa48("85", "86", "87"), /^[0-9a-f]{32}\./)).test(name))) continue;
        const path = stryMutAct_9fa48("88") ? `` : (stryCov_9fa48("88"), `${folder}/${name}`);
        if (stryMutAct_9fa48("92") ? now - lstatSync(path).mtimeMs <= STALE_MS : stryMutAct_9fa48("91") ? now - lstatSync(path).mtimeMs >= STALE_MS : stryMutAct_9fa48("90") ? false : stryMutAct_9fa48("89") ? true : (stryCov_9fa48("89", "90", "91", "92"), (stryMutAct_9fa48("93") ? now + lstatSync(path).mtimeMs : (stryCov_9fa48("93"), now - lstatSync(path).mtimeMs)) > STALE_MS)) removeFile(path);
      }
    }
  }
}