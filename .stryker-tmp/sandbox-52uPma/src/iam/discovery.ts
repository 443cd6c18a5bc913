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
import { HelperError } from '../errors.ts';
import type { Http, HttpResponse } from '../http.ts';
import { NAME, VERSION } from '../version.ts';
import { isTrustedPage } from './endpoint.ts';
const TIMEOUT_MS = 12_000;

/** Pages for people, as IAM's discovery document names them (OpenID Connect Discovery, and IBM's own). */
export type PageName = 'passcode_endpoint' | 'authorization_endpoint';

/**
 * Asks the IAM at `issuer` where a page is. Fails with `unreachable` where it does not say, or names
 * a host that is neither IBM's nor its own: a person would type a password there.
 */
export async function discoverPage(name: PageName, issuer: string, http: Http): Promise<URL> {
  if (stryMutAct_9fa48("0")) {
    {}
  } else {
    stryCov_9fa48("0");
    const {
      host
    } = new URL(issuer);
    const response = await http(stryMutAct_9fa48("1") ? {} : (stryCov_9fa48("1"), {
      method: stryMutAct_9fa48("2") ? "" : (stryCov_9fa48("2"), 'GET'),
      url: stryMutAct_9fa48("3") ? `` : (stryCov_9fa48("3"), `${issuer}/identity/.well-known/openid-configuration`),
      headers: stryMutAct_9fa48("4") ? {} : (stryCov_9fa48("4"), {
        Accept: stryMutAct_9fa48("5") ? "" : (stryCov_9fa48("5"), 'application/json'),
        'User-Agent': stryMutAct_9fa48("6") ? `` : (stryCov_9fa48("6"), `${NAME}/${VERSION}`)
      }),
      timeoutMs: TIMEOUT_MS
    }));
    const document = parseDocument(response);
    if (stryMutAct_9fa48("9") ? false : stryMutAct_9fa48("8") ? true : stryMutAct_9fa48("7") ? document : (stryCov_9fa48("7", "8", "9"), !document)) {
      if (stryMutAct_9fa48("10")) {
        {}
      } else {
        stryCov_9fa48("10");
        throw new HelperError(stryMutAct_9fa48("11") ? "" : (stryCov_9fa48("11"), 'unreachable'), stryMutAct_9fa48("12") ? `` : (stryCov_9fa48("12"), `${host} answered HTTP ${response.status}, but not as IAM does`), stryMutAct_9fa48("13") ? {} : (stryCov_9fa48("13"), {
          hint: stryMutAct_9fa48("14") ? "" : (stryCov_9fa48("14"), 'check for a proxy or captive portal in between, or try again in a minute')
        }));
      }
    }
    const address = document[name];
    if (stryMutAct_9fa48("17") ? typeof address !== 'string' && !URL.canParse(address) : stryMutAct_9fa48("16") ? false : stryMutAct_9fa48("15") ? true : (stryCov_9fa48("15", "16", "17"), (stryMutAct_9fa48("19") ? typeof address === 'string' : stryMutAct_9fa48("18") ? false : (stryCov_9fa48("18", "19"), typeof address !== (stryMutAct_9fa48("20") ? "" : (stryCov_9fa48("20"), 'string')))) || (stryMutAct_9fa48("21") ? URL.canParse(address) : (stryCov_9fa48("21"), !URL.canParse(address))))) {
      if (stryMutAct_9fa48("22")) {
        {}
      } else {
        stryCov_9fa48("22");
        throw new HelperError(stryMutAct_9fa48("23") ? "" : (stryCov_9fa48("23"), 'unreachable'), stryMutAct_9fa48("24") ? `` : (stryCov_9fa48("24"), `IAM at ${host} names no ${name}`), stryMutAct_9fa48("25") ? {} : (stryCov_9fa48("25"), {
          hint: stryMutAct_9fa48("26") ? "" : (stryCov_9fa48("26"), 'log in with an API key')
        }));
      }
    }
    const page = new URL(address);
    if (stryMutAct_9fa48("28") ? false : stryMutAct_9fa48("27") ? true : (stryCov_9fa48("27", "28"), isTrustedPage(page, issuer))) return page;
    throw new HelperError(stryMutAct_9fa48("29") ? "" : (stryCov_9fa48("29"), 'unreachable'), stryMutAct_9fa48("30") ? `` : (stryCov_9fa48("30"), `IAM at ${host} names ${page.protocol}//${page.host} as its ${name}, which is neither IBM's nor its own: not used`), stryMutAct_9fa48("31") ? {} : (stryCov_9fa48("31"), {
      hint: stryMutAct_9fa48("32") ? "" : (stryCov_9fa48("32"), 'check for a proxy in between and iamEndpoint in the settings, or log in with an API key')
    }));
  }
}
function parseDocument({
  status,
  body
}: HttpResponse): Record<string, unknown> | null {
  if (stryMutAct_9fa48("33")) {
    {}
  } else {
    stryCov_9fa48("33");
    if (stryMutAct_9fa48("36") ? status === 200 : stryMutAct_9fa48("35") ? false : stryMutAct_9fa48("34") ? true : (stryCov_9fa48("34", "35", "36"), status !== 200)) return null;
    try {
      if (stryMutAct_9fa48("37")) {
        {}
      } else {
        stryCov_9fa48("37");
        const value = JSON.parse(body);
        return (stryMutAct_9fa48("40") ? typeof value !== 'object' : stryMutAct_9fa48("39") ? false : stryMutAct_9fa48("38") ? true : (stryCov_9fa48("38", "39", "40"), typeof value === (stryMutAct_9fa48("41") ? "" : (stryCov_9fa48("41"), 'object')))) ? value : null;
      }
    } catch {
      if (stryMutAct_9fa48("42")) {
        {}
      } else {
        stryCov_9fa48("42");
        return null;
      }
    }
  }
}