import { planAnswer } from '../answer.ts';
import { type Credential, type Exchangeable, secretKind } from '../credential.ts';
import { explain } from '../explain.ts';
import { kindFor, settingsProblem } from '../helper.ts';
import { fullName, type RegistryHost } from '../registry-host.ts';
import { type CredentialSource, nameOf, type SourceExplanation } from '../sources/source.ts';
import {
  type Check,
  type DoctorContext,
  type Finding,
  failure,
  failureBy,
  ok,
  skipped,
  warning,
} from './check.ts';
import { wayBack } from './logged-out.ts';

/** Who answers for the registry, and what every source in the order says. */
export const chain: Check = {
  name: 'chain',
  run: async (context) => {
    const { app, host } = context;
    if (settingsProblem(app.context)) return [skipped('nothing answers while the settings are wrong')];
    const steps = await trace(app.sources, host);
    const detail = steps.map((step) => describeStep(step, host)).join('\n');
    return [{ ...describe(steps, context), detail }];
  },
};

interface Step {
  source: CredentialSource;
  credential: Credential | null;
  error?: unknown;
  explanation?: SourceExplanation | undefined;
  /** Asked although another one answers already. */
  late: boolean;
}

async function trace(sources: readonly CredentialSource[], host: RegistryHost): Promise<Step[]> {
  const steps: Step[] = [];
  for (const source of sources) {
    const late = steps.some(decides);
    try {
      const credential = await source.find(host);
      steps.push({ source, credential, explanation: await source.explain?.(host), late });
    } catch (error) {
      steps.push({ source, credential: null, error, late });
    }
  }
  return steps;
}

function decides({ credential, error }: Step): boolean {
  return credential !== null || error !== undefined;
}

function describeStep({ source, credential, error, explanation, late }: Step, host: RegistryHost): string {
  const words = explanation?.words ?? wordsFor(credential, error);
  return `${nameOf(source, host)}: ${words}${late && (credential || error) ? ', comes later' : ''}`;
}

function wordsFor(credential: Credential | null, error: unknown): string {
  if (error !== undefined) return `broken, ${explain(error).message}`;
  switch (credential?.type) {
    case undefined:
      return 'nothing';
    case 'none':
      return 'logged out';
    case 'api-key':
      return 'an API key';
    case 'token':
      return credential.shows;
    case 'session':
      return 'a session (refresh token)';
    case 'ready':
      return `a password for user name ${credential.username}`;
  }
}

function describe(steps: readonly Step[], { app, host }: DoctorContext): Finding {
  const first = steps.find(decides);
  if (!first) {
    return failure(`nothing answers for ${fullName(host)}`, { hint: 'run docker-credential-icr login' });
  }
  const { source, credential, error, explanation } = first;
  const name = nameOf(source, host);
  if (error !== undefined) {
    const { message, hint } = explain(error);
    return failure(`${name} is broken: ${message}`, hint === undefined ? {} : { hint });
  }
  if (credential === null || credential.type === 'none') {
    return warning(`${fullName(host)} is logged out: clients get no login for it`, {
      hint: wayBack(host.name),
    });
  }
  if (explanation?.hint !== undefined) {
    return warning(`${name} is what there is for ${fullName(host)}: ${explanation.words}`, {
      hint: explanation.hint,
    });
  }
  if (credential.type !== 'ready') return describePlan(name, credential, explanation, { app, host });
  const { username } = credential;
  if (!['access-token', 'identity-token'].includes(secretKind(username)))
    return ok(`${name} answers for ${fullName(host)}, as ${username}`);
  return warning(`${name} answers for ${fullName(host)} as ${username}, and runs out`, {
    hint: 'run docker-credential-icr login to make it last',
  });
}

/** A key, a session or an identity, and what is made of it. */
function describePlan(
  name: string,
  credential: Exchangeable,
  explanation: SourceExplanation | undefined,
  { app, host }: Pick<DoctorContext, 'app' | 'host'>,
): Finding {
  const kind = kindFor(host, app.context);
  try {
    const { username } = planAnswer(credential, kind, app.provideTokens);
    if (credential.type === 'token') credential.checkOffline?.();
    const isAtHand = credential.type !== 'token' || credential.current !== undefined;
    if (explanation && !isAtHand)
      return ok(`${name} comes first for ${fullName(host)}: ${explanation.words}`);
    return ok(`${name} answers for ${fullName(host)}, as ${username}`);
  } catch (error) {
    return failureBy(error);
  }
}
