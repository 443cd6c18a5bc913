import type { HttpResponse } from '../http.ts';
import type { RegistryHost } from '../registry-host.ts';
import { type Finding, failure } from './check.ts';

export interface Asked {
  host: RegistryHost;
  username: string;
  /** `namespace/image`, where access to one was asked for. */
  repository: string | null;
}

/** ICR's no in words: codes of the distribution specification, sentences of IBM's docs. */
export function describeRefusal(response: HttpResponse, asked: Asked): Finding {
  const { host, username, repository } = asked;
  const error = parseError(response.body);
  if (!error) return notRegistry(response, host);
  const { code, message } = error;
  const said = `${message} (${code}, HTTP ${response.status})`;
  if (code === 'UNSUPPORTED') {
    return failure(`${host.name} does not take the user name ${username}: ${said}`, {
      hint: 'log in as iamapikey with an API key, or run docker-credential-icr login',
    });
  }
  if (/\bquota\b/i.test(message)) {
    return failure(`the quota of the account is used up: ${said}`, {
      hint: 'see ibmcloud cr quota; raise it with ibmcloud cr quota-set, change the plan, or wait for next month',
    });
  }
  if (/\bprivate\b/i.test(message)) {
    const hint = host.name.startsWith('private.')
      ? 'ask the owner of the account for access over this network'
      : `use private.${host.name} from within IBM Cloud, or let the account allow public connections`;
    return failure(`the account takes private connections only: ${said}`, { hint });
  }
  if (code === 'DENIED' || response.status === 403) return denied(said, host, repository);
  if (response.status === 401 || response.status === 400) {
    return failure(`${host.name} does not take the login: ${said}`, {
      hint: 'check that the account is active and the key is not disabled, then run docker-credential-icr login',
    });
  }
  return failure(`${host.name} refuses: ${said}`);
}

function denied(said: string, host: RegistryHost, repository: string | null): Finding {
  const where = repository === null ? host.name : `${host.name}/${repository}`;
  return failure(`no role gives access to ${where}: ${said}`, {
    hint: `ask for the role Reader (pull) or Writer (push) on Container Registry in IAM; a namespace is in one region only, see whether this one is in ibmcloud cr namespace-list for ${host.name}`,
  });
}

/** Of a gateway or a proxy: nothing of it is quoted. */
export function notRegistry({ status }: HttpResponse, { name }: RegistryHost): Finding {
  if (status === 429 || status >= 500) {
    return failure(`${name} fails with HTTP ${status}`, {
      hint: 'try again in a minute; see https://cloud.ibm.com/status',
    });
  }
  return failure(`${name} answers HTTP ${status}, but not as a registry does`, {
    hint: 'check for a proxy or captive portal in between',
  });
}

function parseError(body: string): { code: string; message: string } | null {
  try {
    const [error] = JSON.parse(body).errors;
    if (typeof error?.code !== 'string') return null;
    const message = typeof error.message === 'string' ? error.message.replace(/\.$/, '') : 'no message';
    return { code: error.code.slice(0, 40), message: message.slice(0, 300) };
  } catch {
    return null;
  }
}
