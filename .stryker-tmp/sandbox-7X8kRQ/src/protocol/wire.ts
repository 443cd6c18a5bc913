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
import { Secret } from '../secret.ts';
import { NO_SERVER_URL, NO_USERNAME } from './messages.ts';

/** What a client hands to `store` and gets from `get`. */
export interface Credentials {
  serverURL: string;
  username: string;
  secret: Secret;
}

// C0, DEL, C1 and the two line separators: nothing that a line-based reader or a terminal could
// take for more than text (CVE-2020-5260, CVE-2024-52006). Rejected, never stripped.
const CONTROL = stryMutAct_9fa48("610") ? /[\p{Cc}\p{Zl}\P{Zp}]/u : stryMutAct_9fa48("609") ? /[\p{Cc}\P{Zl}\p{Zp}]/u : stryMutAct_9fa48("608") ? /[\P{Cc}\p{Zl}\p{Zp}]/u : stryMutAct_9fa48("607") ? /[^\p{Cc}\p{Zl}\p{Zp}]/u : (stryCov_9fa48("607", "608", "609", "610"), /[\p{Cc}\p{Zl}\p{Zp}]/u);
const SERVER_URL_LENGTH = 2048;

/** Text of one line: a trailing newline (LF or CRLF) is the client's, everything else is content. */
export function parseServerURL(input: string): string {
  if (stryMutAct_9fa48("611")) {
    {}
  } else {
    stryCov_9fa48("611");
    return checkServerURL(input.replace(stryMutAct_9fa48("613") ? /\r\n$/ : stryMutAct_9fa48("612") ? /\r?\n/ : (stryCov_9fa48("612", "613"), /\r?\n$/), stryMutAct_9fa48("614") ? "Stryker was here!" : (stryCov_9fa48("614"), '')));
  }
}

/** The JSON that `store` gets: `{"ServerURL", "Username", "Secret"}`, unknown keys ignored. */
export function parseCredentials(input: string): Credentials {
  if (stryMutAct_9fa48("615")) {
    {}
  } else {
    stryCov_9fa48("615");
    const fields = parseObject(input);
    const serverURL = checkServerURL(text(fields, stryMutAct_9fa48("616") ? "" : (stryCov_9fa48("616"), 'ServerURL'), NO_SERVER_URL));
    const username = text(fields, stryMutAct_9fa48("617") ? "" : (stryCov_9fa48("617"), 'Username'), NO_USERNAME);
    if (stryMutAct_9fa48("620") ? username !== '' : stryMutAct_9fa48("619") ? false : stryMutAct_9fa48("618") ? true : (stryCov_9fa48("618", "619", "620"), username === (stryMutAct_9fa48("621") ? "Stryker was here!" : (stryCov_9fa48("621"), '')))) throw new HelperError(stryMutAct_9fa48("622") ? "" : (stryCov_9fa48("622"), 'bad-input'), NO_USERNAME);
    if (stryMutAct_9fa48("624") ? false : stryMutAct_9fa48("623") ? true : (stryCov_9fa48("623", "624"), CONTROL.test(username))) throw new HelperError(stryMutAct_9fa48("625") ? "" : (stryCov_9fa48("625"), 'bad-input'), stryMutAct_9fa48("626") ? "" : (stryCov_9fa48("626"), 'the username holds a control character'));
    return stryMutAct_9fa48("627") ? {} : (stryCov_9fa48("627"), {
      serverURL,
      username,
      secret: new Secret(text(fields, stryMutAct_9fa48("628") ? "" : (stryCov_9fa48("628"), 'Secret'), stryMutAct_9fa48("629") ? "" : (stryCov_9fa48("629"), 'no Secret in the input')))
    });
  }
}

/** `get`'s answer: exactly these keys in exactly this case (docker-py needs it). */
export function formatCredentials(credentials: Credentials): string {
  if (stryMutAct_9fa48("630")) {
    {}
  } else {
    stryCov_9fa48("630");
    return JSON.stringify(stryMutAct_9fa48("631") ? {} : (stryCov_9fa48("631"), {
      ServerURL: credentials.serverURL,
      Username: credentials.username,
      Secret: credentials.secret.reveal()
    }));
  }
}
function parseObject(input: string): Record<string, unknown> {
  if (stryMutAct_9fa48("632")) {
    {}
  } else {
    stryCov_9fa48("632");
    let value: unknown;
    try {
      if (stryMutAct_9fa48("633")) {
        {}
      } else {
        stryCov_9fa48("633");
        value = JSON.parse(input);
      }
    } catch {
      if (stryMutAct_9fa48("634")) {
        {}
      } else {
        stryCov_9fa48("634");
        // The parser's own message quotes the input, and with it the secret.
        throw new HelperError(stryMutAct_9fa48("635") ? "" : (stryCov_9fa48("635"), 'bad-input'), stryMutAct_9fa48("636") ? "" : (stryCov_9fa48("636"), 'the input is not JSON'), stryMutAct_9fa48("637") ? {} : (stryCov_9fa48("637"), {
          hint: EXPECTED
        }));
      }
    }
    if (stryMutAct_9fa48("640") ? (typeof value !== 'object' || value === null) && Array.isArray(value) : stryMutAct_9fa48("639") ? false : stryMutAct_9fa48("638") ? true : (stryCov_9fa48("638", "639", "640"), (stryMutAct_9fa48("642") ? typeof value !== 'object' && value === null : stryMutAct_9fa48("641") ? false : (stryCov_9fa48("641", "642"), (stryMutAct_9fa48("644") ? typeof value === 'object' : stryMutAct_9fa48("643") ? false : (stryCov_9fa48("643", "644"), typeof value !== (stryMutAct_9fa48("645") ? "" : (stryCov_9fa48("645"), 'object')))) || (stryMutAct_9fa48("647") ? value !== null : stryMutAct_9fa48("646") ? false : (stryCov_9fa48("646", "647"), value === null)))) || Array.isArray(value))) {
      if (stryMutAct_9fa48("648")) {
        {}
      } else {
        stryCov_9fa48("648");
        throw new HelperError(stryMutAct_9fa48("649") ? "" : (stryCov_9fa48("649"), 'bad-input'), stryMutAct_9fa48("650") ? "" : (stryCov_9fa48("650"), 'the input is not a JSON object'), stryMutAct_9fa48("651") ? {} : (stryCov_9fa48("651"), {
          hint: EXPECTED
        }));
      }
    }
    return value as Record<string, unknown>;
  }
}
const EXPECTED = stryMutAct_9fa48("652") ? "" : (stryCov_9fa48("652"), 'send {"ServerURL": "…", "Username": "…", "Secret": "…"}');
function text(fields: Record<string, unknown>, key: string, missing: string): string {
  if (stryMutAct_9fa48("653")) {
    {}
  } else {
    stryCov_9fa48("653");
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (stryMutAct_9fa48("656") ? value === undefined && value === null : stryMutAct_9fa48("655") ? false : stryMutAct_9fa48("654") ? true : (stryCov_9fa48("654", "655", "656"), (stryMutAct_9fa48("658") ? value !== undefined : stryMutAct_9fa48("657") ? false : (stryCov_9fa48("657", "658"), value === undefined)) || (stryMutAct_9fa48("660") ? value !== null : stryMutAct_9fa48("659") ? false : (stryCov_9fa48("659", "660"), value === null)))) throw new HelperError(stryMutAct_9fa48("661") ? "" : (stryCov_9fa48("661"), 'bad-input'), missing);
    if (stryMutAct_9fa48("664") ? typeof value === 'string' : stryMutAct_9fa48("663") ? false : stryMutAct_9fa48("662") ? true : (stryCov_9fa48("662", "663", "664"), typeof value !== (stryMutAct_9fa48("665") ? "" : (stryCov_9fa48("665"), 'string')))) throw new HelperError(stryMutAct_9fa48("666") ? "" : (stryCov_9fa48("666"), 'bad-input'), stryMutAct_9fa48("667") ? `` : (stryCov_9fa48("667"), `${key} is not a string`), stryMutAct_9fa48("668") ? {} : (stryCov_9fa48("668"), {
      hint: EXPECTED
    }));
    return value;
  }
}
function checkServerURL(serverURL: string): string {
  if (stryMutAct_9fa48("669")) {
    {}
  } else {
    stryCov_9fa48("669");
    if (stryMutAct_9fa48("672") ? serverURL.trim() !== '' : stryMutAct_9fa48("671") ? false : stryMutAct_9fa48("670") ? true : (stryCov_9fa48("670", "671", "672"), (stryMutAct_9fa48("673") ? serverURL : (stryCov_9fa48("673"), serverURL.trim())) === (stryMutAct_9fa48("674") ? "Stryker was here!" : (stryCov_9fa48("674"), '')))) throw new HelperError(stryMutAct_9fa48("675") ? "" : (stryCov_9fa48("675"), 'bad-input'), NO_SERVER_URL);
    if (stryMutAct_9fa48("677") ? false : stryMutAct_9fa48("676") ? true : (stryCov_9fa48("676", "677"), CONTROL.test(serverURL))) throw new HelperError(stryMutAct_9fa48("678") ? "" : (stryCov_9fa48("678"), 'bad-input'), stryMutAct_9fa48("679") ? "" : (stryCov_9fa48("679"), 'the server URL holds a control character'));
    if (stryMutAct_9fa48("683") ? serverURL.length <= SERVER_URL_LENGTH : stryMutAct_9fa48("682") ? serverURL.length >= SERVER_URL_LENGTH : stryMutAct_9fa48("681") ? false : stryMutAct_9fa48("680") ? true : (stryCov_9fa48("680", "681", "682", "683"), serverURL.length > SERVER_URL_LENGTH)) {
      if (stryMutAct_9fa48("684")) {
        {}
      } else {
        stryCov_9fa48("684");
        throw new HelperError(stryMutAct_9fa48("685") ? "" : (stryCov_9fa48("685"), 'bad-input'), stryMutAct_9fa48("686") ? `` : (stryCov_9fa48("686"), `the server URL is longer than ${SERVER_URL_LENGTH} characters`));
      }
    }
    return serverURL;
  }
}