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
const SERVER_URL = stryMutAct_9fa48("131") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([^a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("130") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]))?$/i : stryMutAct_9fa48("129") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))$/i : stryMutAct_9fa48("128") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("127") ? /^(?:https:\/\/)?([^a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("126") ? /^(?:https:\/\/)?([a-z0-9.-])(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("125") ? /^(?:https:\/\/)([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : stryMutAct_9fa48("124") ? /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?/i : stryMutAct_9fa48("123") ? /(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i : (stryCov_9fa48("123", "124", "125", "126", "127", "128", "129", "130", "131"), /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i);
const REGION = stryMutAct_9fa48("139") ? /^(?:private\.)?(?:[a-z]{2}\D?\.)?icr\.io$/ : stryMutAct_9fa48("138") ? /^(?:private\.)?(?:[a-z]{2}\d\.)?icr\.io$/ : stryMutAct_9fa48("137") ? /^(?:private\.)?(?:[^a-z]{2}\d?\.)?icr\.io$/ : stryMutAct_9fa48("136") ? /^(?:private\.)?(?:[a-z]\d?\.)?icr\.io$/ : stryMutAct_9fa48("135") ? /^(?:private\.)?(?:[a-z]{2}\d?\.)icr\.io$/ : stryMutAct_9fa48("134") ? /^(?:private\.)(?:[a-z]{2}\d?\.)?icr\.io$/ : stryMutAct_9fa48("133") ? /^(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io/ : stryMutAct_9fa48("132") ? /(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io$/ : (stryCov_9fa48("132", "133", "134", "135", "136", "137", "138", "139"), /^(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io$/);
const STAGING = stryMutAct_9fa48("142") ? /^(?:private\.)stg\.icr\.io$/ : stryMutAct_9fa48("141") ? /^(?:private\.)?stg\.icr\.io/ : stryMutAct_9fa48("140") ? /(?:private\.)?stg\.icr\.io$/ : (stryCov_9fa48("140", "141", "142"), /^(?:private\.)?stg\.icr\.io$/);
const LEGACY = stryMutAct_9fa48("145") ? /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)bluemix\.net$/ : stryMutAct_9fa48("144") ? /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net/ : stryMutAct_9fa48("143") ? /registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net$/ : (stryCov_9fa48("143", "144", "145"), /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net$/);
/** The entitled registry and the blob store: the region pattern fits, IAM does not serve them. */
const NOT_IAM = stryMutAct_9fa48("150") ? /^(?:private\.)?(?:cp|dd)\D?\.icr\.io$/ : stryMutAct_9fa48("149") ? /^(?:private\.)?(?:cp|dd)\d\.icr\.io$/ : stryMutAct_9fa48("148") ? /^(?:private\.)(?:cp|dd)\d?\.icr\.io$/ : stryMutAct_9fa48("147") ? /^(?:private\.)?(?:cp|dd)\d?\.icr\.io/ : stryMutAct_9fa48("146") ? /(?:private\.)?(?:cp|dd)\d?\.icr\.io$/ : (stryCov_9fa48("146", "147", "148", "149", "150"), /^(?:private\.)?(?:cp|dd)\d?\.icr\.io$/);

/** The ICR host that a server URL names, or null for everything else. Never throws. */
export function parseRegistryHost(serverURL: string): RegistryHost | null {
  if (stryMutAct_9fa48("151")) {
    {}
  } else {
    stryCov_9fa48("151");
    const match = SERVER_URL.exec(serverURL);
    if (stryMutAct_9fa48("154") ? false : stryMutAct_9fa48("153") ? true : stryMutAct_9fa48("152") ? match : (stryCov_9fa48("152", "153", "154"), !match)) return null;
    const name = stryMutAct_9fa48("155") ? (match[1] ?? '').toUpperCase() : (stryCov_9fa48("155"), (stryMutAct_9fa48("156") ? match[1] && '' : (stryCov_9fa48("156"), match[1] ?? (stryMutAct_9fa48("157") ? "Stryker was here!" : (stryCov_9fa48("157"), '')))).toLowerCase());
    const realm = realmOf(name);
    return stryMutAct_9fa48("160") ? realm || {
      name: name as RegistryHost['name'],
      path: match[2] ?? '',
      realm,
      isPrivate: name.startsWith('private.')
    } : stryMutAct_9fa48("159") ? false : stryMutAct_9fa48("158") ? true : (stryCov_9fa48("158", "159", "160"), realm && (stryMutAct_9fa48("161") ? {} : (stryCov_9fa48("161"), {
      name: name as RegistryHost['name'],
      path: stryMutAct_9fa48("162") ? match[2] && '' : (stryCov_9fa48("162"), match[2] ?? (stryMutAct_9fa48("163") ? "Stryker was here!" : (stryCov_9fa48("163"), ''))),
      realm,
      isPrivate: stryMutAct_9fa48("164") ? name.endsWith('private.') : (stryCov_9fa48("164"), name.startsWith(stryMutAct_9fa48("165") ? "" : (stryCov_9fa48("165"), 'private.')))
    })));
  }
}
function realmOf(name: string): Realm | null {
  if (stryMutAct_9fa48("166")) {
    {}
  } else {
    stryCov_9fa48("166");
    if (stryMutAct_9fa48("168") ? false : stryMutAct_9fa48("167") ? true : (stryCov_9fa48("167", "168"), NOT_IAM.test(name))) return null;
    if (stryMutAct_9fa48("170") ? false : stryMutAct_9fa48("169") ? true : (stryCov_9fa48("169", "170"), STAGING.test(name))) return stryMutAct_9fa48("171") ? "" : (stryCov_9fa48("171"), 'staging');
    return (stryMutAct_9fa48("174") ? REGION.test(name) && LEGACY.test(name) : stryMutAct_9fa48("173") ? false : stryMutAct_9fa48("172") ? true : (stryCov_9fa48("172", "173", "174"), REGION.test(name) || LEGACY.test(name))) ? stryMutAct_9fa48("175") ? "" : (stryCov_9fa48("175"), 'production') : null;
  }
}
const REGIONS = stryMutAct_9fa48("176") ? [] : (stryCov_9fa48("176"), [stryMutAct_9fa48("177") ? "" : (stryCov_9fa48("177"), 'us'), stryMutAct_9fa48("178") ? "" : (stryCov_9fa48("178"), 'uk'), stryMutAct_9fa48("179") ? "" : (stryCov_9fa48("179"), 'de'), stryMutAct_9fa48("180") ? "" : (stryCov_9fa48("180"), 'au'), stryMutAct_9fa48("181") ? "" : (stryCov_9fa48("181"), 'jp'), stryMutAct_9fa48("182") ? "" : (stryCov_9fa48("182"), 'jp2'), stryMutAct_9fa48("183") ? "" : (stryCov_9fa48("183"), 'ca'), stryMutAct_9fa48("184") ? "" : (stryCov_9fa48("184"), 'ca2'), stryMutAct_9fa48("185") ? "" : (stryCov_9fa48("185"), 'br'), stryMutAct_9fa48("186") ? "" : (stryCov_9fa48("186"), 'es'), stryMutAct_9fa48("187") ? "" : (stryCov_9fa48("187"), 'in'), stryMutAct_9fa48("188") ? "" : (stryCov_9fa48("188"), 'in2'), stryMutAct_9fa48("189") ? "" : (stryCov_9fa48("189"), 'fr2')]);

/** The production hosts that are known today, public and private; others may be served all the same. */
export const ICR_HOSTS: readonly string[] = (stryMutAct_9fa48("190") ? [] : (stryCov_9fa48("190"), [stryMutAct_9fa48("191") ? "Stryker was here!" : (stryCov_9fa48("191"), ''), ...REGIONS.map(stryMutAct_9fa48("192") ? () => undefined : (stryCov_9fa48("192"), region => stryMutAct_9fa48("193") ? `` : (stryCov_9fa48("193"), `${region}.`)))])).flatMap(stryMutAct_9fa48("194") ? () => undefined : (stryCov_9fa48("194"), prefix => stryMutAct_9fa48("195") ? [] : (stryCov_9fa48("195"), [stryMutAct_9fa48("196") ? `` : (stryCov_9fa48("196"), `${prefix}icr.io`), stryMutAct_9fa48("197") ? `` : (stryCov_9fa48("197"), `private.${prefix}icr.io`)])));

/** Namespaces have one part, repositories may have many; nobody logs in to more than these. */
const NAMED_PARTS = 2;

/** Under which something may be kept for it, the longest first: `us.icr.io/ns/app`, `us.icr.io/ns`, `us.icr.io`. */
export function namesOf({
  name,
  path
}: RegistryHost): string[] {
  if (stryMutAct_9fa48("198")) {
    {}
  } else {
    stryCov_9fa48("198");
    const parts = stryMutAct_9fa48("200") ? path.split('/').slice(0, NAMED_PARTS) : stryMutAct_9fa48("199") ? path.split('/').filter(part => part !== '') : (stryCov_9fa48("199", "200"), path.split(stryMutAct_9fa48("201") ? "" : (stryCov_9fa48("201"), '/')).filter(stryMutAct_9fa48("202") ? () => undefined : (stryCov_9fa48("202"), part => stryMutAct_9fa48("205") ? part === '' : stryMutAct_9fa48("204") ? false : stryMutAct_9fa48("203") ? true : (stryCov_9fa48("203", "204", "205"), part !== (stryMutAct_9fa48("206") ? "Stryker was here!" : (stryCov_9fa48("206"), ''))))).slice(0, NAMED_PARTS));
    return parts.map(stryMutAct_9fa48("207") ? () => undefined : (stryCov_9fa48("207"), (_, index) => (stryMutAct_9fa48("208") ? [] : (stryCov_9fa48("208"), [name, ...(stryMutAct_9fa48("209") ? parts : (stryCov_9fa48("209"), parts.slice(0, stryMutAct_9fa48("210") ? parts.length + index : (stryCov_9fa48("210"), parts.length - index))))])).join(stryMutAct_9fa48("211") ? "" : (stryCov_9fa48("211"), '/')))).concat(name);
  }
}