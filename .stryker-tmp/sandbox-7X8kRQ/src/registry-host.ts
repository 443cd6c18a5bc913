/**
 * Which names belong to IBM Cloud Container Registry. Nothing but a `RegistryHost` made here may
 * lead to IAM, so this is the one place that decides who may get a token.
 *
 * Names: IBM Cloud docs, "Registry › Regions"; legacy names still resolve. New regions appear, so
 * regions are a pattern and not a list.
 */

/** The IAM that knows a registry's users: a production credential never serves staging. */function stryNS_9fa48() {
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
export type Realm = 'production' | 'staging';
export interface RegistryHost {
  /** Lower case, no port: `us.icr.io`. Only this file makes values of this type. */
  readonly name: string & {
    readonly brand: unique symbol;
  };
  /** Repository below the host, as some clients (crane, cosign) send it; '' for none. */
  readonly path: string;
  readonly realm: Realm;
  /** Reached over IBM Cloud's private network: `private.us.icr.io`. */
  readonly isPrivate: boolean;
}

// Anchored, ASCII only, and without the URL parser on purpose: what would need normalising
// (punycode, full-width letters, user:password@, percent signs, backslashes) is not ours.
const SERVER_URL = stryMutAct_9fa48("695") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([^a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("694") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]))?$/i : stryMutAct_9fa48("693") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))$/i : stryMutAct_9fa48("692") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("691") ? /^(?:https:\/\/)?([^a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("690") ? /^(?:https:\/\/)?([a-z0-9.-])(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("689") ? /^(?:https:\/\/)([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("688") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?/i : stryMutAct_9fa48("687") ? /(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : (stryCov_9fa48("687", "688", "689", "690", "691", "692", "693", "694", "695"), /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i);
const REGION = stryMutAct_9fa48("703") ? /^(?:private\.)?(?:[a-z]{2}\D?\.)?icr\.io$/ : stryMutAct_9fa48("702") ? /^(?:private\.)?(?:[a-z]{2}\d\.)?icr\.io$/ : stryMutAct_9fa48("701") ? /^(?:private\.)?(?:[^a-z]{2}\d?\.)?icr\.io$/ : stryMutAct_9fa48("700") ? /^(?:private\.)?(?:[a-z]\d?\.)?icr\.io$/ : stryMutAct_9fa48("699") ? /^(?:private\.)?(?:[a-z]{2}\d?\.)icr\.io$/ : stryMutAct_9fa48("698") ? /^(?:private\.)(?:[a-z]{2}\d?\.)?icr\.io$/ : stryMutAct_9fa48("697") ? /^(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io/ : stryMutAct_9fa48("696") ? /(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io$/ : (stryCov_9fa48("696", "697", "698", "699", "700", "701", "702", "703"), /^(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io$/);
const STAGING = stryMutAct_9fa48("706") ? /^(?:private\.)stg\.icr\.io$/ : stryMutAct_9fa48("705") ? /^(?:private\.)?stg\.icr\.io/ : stryMutAct_9fa48("704") ? /(?:private\.)?stg\.icr\.io$/ : (stryCov_9fa48("704", "705", "706"), /^(?:private\.)?stg\.icr\.io$/);
const LEGACY = stryMutAct_9fa48("709") ? /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)bluemix\.net$/ : stryMutAct_9fa48("708") ? /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net/ : stryMutAct_9fa48("707") ? /registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net$/ : (stryCov_9fa48("707", "708", "709"), /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net$/);
/** The entitled registry and the blob store: the region pattern fits, IAM does not serve them. */
const NOT_IAM = stryMutAct_9fa48("714") ? /^(?:private\.)?(?:cp|dd)\D?\.icr\.io$/ : stryMutAct_9fa48("713") ? /^(?:private\.)?(?:cp|dd)\d\.icr\.io$/ : stryMutAct_9fa48("712") ? /^(?:private\.)(?:cp|dd)\d?\.icr\.io$/ : stryMutAct_9fa48("711") ? /^(?:private\.)?(?:cp|dd)\d?\.icr\.io/ : stryMutAct_9fa48("710") ? /(?:private\.)?(?:cp|dd)\d?\.icr\.io$/ : (stryCov_9fa48("710", "711", "712", "713", "714"), /^(?:private\.)?(?:cp|dd)\d?\.icr\.io$/);

/** The ICR host that a server URL names, or null for everything else. Never throws. */
export function parseRegistryHost(serverURL: string): RegistryHost | null {
  if (stryMutAct_9fa48("715")) {
    {}
  } else {
    stryCov_9fa48("715");
    const match = SERVER_URL.exec(serverURL);
    if (stryMutAct_9fa48("718") ? false : stryMutAct_9fa48("717") ? true : stryMutAct_9fa48("716") ? match : (stryCov_9fa48("716", "717", "718"), !match)) return null;
    const name = stryMutAct_9fa48("719") ? (match[1] ?? '').toUpperCase() : (stryCov_9fa48("719"), (stryMutAct_9fa48("720") ? match[1] && '' : (stryCov_9fa48("720"), match[1] ?? (stryMutAct_9fa48("721") ? "Stryker was here!" : (stryCov_9fa48("721"), '')))).toLowerCase());
    const realm = realmOf(name);
    return stryMutAct_9fa48("724") ? realm || {
      name: name as RegistryHost['name'],
      path: match[2] ?? '',
      realm,
      isPrivate: name.startsWith('private.')
    } : stryMutAct_9fa48("723") ? false : stryMutAct_9fa48("722") ? true : (stryCov_9fa48("722", "723", "724"), realm && (stryMutAct_9fa48("725") ? {} : (stryCov_9fa48("725"), {
      name: name as RegistryHost['name'],
      path: stryMutAct_9fa48("726") ? match[2] && '' : (stryCov_9fa48("726"), match[2] ?? (stryMutAct_9fa48("727") ? "Stryker was here!" : (stryCov_9fa48("727"), ''))),
      realm,
      isPrivate: stryMutAct_9fa48("728") ? name.endsWith('private.') : (stryCov_9fa48("728"), name.startsWith(stryMutAct_9fa48("729") ? "" : (stryCov_9fa48("729"), 'private.')))
    })));
  }
}
function realmOf(name: string): Realm | null {
  if (stryMutAct_9fa48("730")) {
    {}
  } else {
    stryCov_9fa48("730");
    if (stryMutAct_9fa48("732") ? false : stryMutAct_9fa48("731") ? true : (stryCov_9fa48("731", "732"), NOT_IAM.test(name))) return null;
    if (stryMutAct_9fa48("734") ? false : stryMutAct_9fa48("733") ? true : (stryCov_9fa48("733", "734"), STAGING.test(name))) return stryMutAct_9fa48("735") ? "" : (stryCov_9fa48("735"), 'staging');
    return (stryMutAct_9fa48("738") ? REGION.test(name) && LEGACY.test(name) : stryMutAct_9fa48("737") ? false : stryMutAct_9fa48("736") ? true : (stryCov_9fa48("736", "737", "738"), REGION.test(name) || LEGACY.test(name))) ? stryMutAct_9fa48("739") ? "" : (stryCov_9fa48("739"), 'production') : null;
  }
}
const REGIONS = stryMutAct_9fa48("740") ? [] : (stryCov_9fa48("740"), [stryMutAct_9fa48("741") ? "" : (stryCov_9fa48("741"), 'us'), stryMutAct_9fa48("742") ? "" : (stryCov_9fa48("742"), 'uk'), stryMutAct_9fa48("743") ? "" : (stryCov_9fa48("743"), 'de'), stryMutAct_9fa48("744") ? "" : (stryCov_9fa48("744"), 'au'), stryMutAct_9fa48("745") ? "" : (stryCov_9fa48("745"), 'jp'), stryMutAct_9fa48("746") ? "" : (stryCov_9fa48("746"), 'jp2'), stryMutAct_9fa48("747") ? "" : (stryCov_9fa48("747"), 'ca'), stryMutAct_9fa48("748") ? "" : (stryCov_9fa48("748"), 'ca2'), stryMutAct_9fa48("749") ? "" : (stryCov_9fa48("749"), 'br'), stryMutAct_9fa48("750") ? "" : (stryCov_9fa48("750"), 'es'), stryMutAct_9fa48("751") ? "" : (stryCov_9fa48("751"), 'in'), stryMutAct_9fa48("752") ? "" : (stryCov_9fa48("752"), 'in2'), stryMutAct_9fa48("753") ? "" : (stryCov_9fa48("753"), 'fr2')]);

/** The production hosts that are known today, public and private; others may be served all the same. */
export const ICR_HOSTS: readonly string[] = (stryMutAct_9fa48("754") ? [] : (stryCov_9fa48("754"), [stryMutAct_9fa48("755") ? "Stryker was here!" : (stryCov_9fa48("755"), ''), ...REGIONS.map(stryMutAct_9fa48("756") ? () => undefined : (stryCov_9fa48("756"), region => stryMutAct_9fa48("757") ? `` : (stryCov_9fa48("757"), `${region}.`)))])).flatMap(stryMutAct_9fa48("758") ? () => undefined : (stryCov_9fa48("758"), prefix => stryMutAct_9fa48("759") ? [] : (stryCov_9fa48("759"), [stryMutAct_9fa48("760") ? `` : (stryCov_9fa48("760"), `${prefix}icr.io`), stryMutAct_9fa48("761") ? `` : (stryCov_9fa48("761"), `private.${prefix}icr.io`)])));

/** Namespaces have one part, repositories may have many; nobody logs in to more than these. */
const NAMED_PARTS = 2;

/** Under which something may be kept for it, the longest first: `us.icr.io/ns/app`, `us.icr.io/ns`, `us.icr.io`. */
export function namesOf({
  name,
  path
}: RegistryHost): string[] {
  if (stryMutAct_9fa48("762")) {
    {}
  } else {
    stryCov_9fa48("762");
    const parts = stryMutAct_9fa48("764") ? path.split('/').slice(0, NAMED_PARTS) : stryMutAct_9fa48("763") ? path.split('/').filter(part => part !== '') : (stryCov_9fa48("763", "764"), path.split(stryMutAct_9fa48("765") ? "" : (stryCov_9fa48("765"), '/')).filter(stryMutAct_9fa48("766") ? () => undefined : (stryCov_9fa48("766"), part => stryMutAct_9fa48("769") ? part === '' : stryMutAct_9fa48("768") ? false : stryMutAct_9fa48("767") ? true : (stryCov_9fa48("767", "768", "769"), part !== (stryMutAct_9fa48("770") ? "Stryker was here!" : (stryCov_9fa48("770"), ''))))).slice(0, NAMED_PARTS));
    return parts.map(stryMutAct_9fa48("771") ? () => undefined : (stryCov_9fa48("771"), (_, index) => (stryMutAct_9fa48("772") ? [] : (stryCov_9fa48("772"), [name, ...(stryMutAct_9fa48("773") ? parts : (stryCov_9fa48("773"), parts.slice(0, stryMutAct_9fa48("774") ? parts.length + index : (stryCov_9fa48("774"), parts.length - index))))])).join(stryMutAct_9fa48("775") ? "" : (stryCov_9fa48("775"), '/')))).concat(name);
  }
}