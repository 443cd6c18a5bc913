import type { App } from '../app.ts';
import { explain } from '../explain.ts';
import type { Http } from '../http.ts';
import type { RegistryHost } from '../registry-host.ts';
import type { CredentialSource } from '../sources/source.ts';

/** One thing that doctor looks at, in a file of its own; checks.ts lists them. */
export interface Check {
  /** One word, for people and for --json. */
  name: string;
  /** Asks a service: left out by --offline, and given more time. */
  network?: true;
  /** In place of the usual limit, milliseconds. */
  limitMs?: number;
  /** What to do where it does not come to an end in time. */
  stuckHint?: string;
  /** May throw: that is a failure of this check. Leaves nothing behind. */
  run(context: DoctorContext): Promise<Finding[]>;
}

export type Status = 'ok' | 'warning' | 'failure' | 'skipped';

/** What a check found out. No secret may stand in it. */
export interface Finding {
  status: Status;
  /** One line, no full stop. */
  title: string;
  /** More about it; lines. */
  detail?: string;
  /** What to do, as an action. */
  hint?: string;
}

export interface DoctorContext {
  app: App;
  /** The registry that all is about; with a path where a repository was named. */
  host: RegistryHost;
  /** Loaded when something is asked. */
  http(): Promise<Http>;
  /** What earlier checks found out and later ones need not find out again. */
  known: { iamFails?: true; credentialFails?: true; lapsed?: CredentialSource[] };
}

type More = Pick<Finding, 'detail' | 'hint'>;

export const ok = (title: string, more: More = {}): Finding => ({ status: 'ok', title, ...more });
export const warning = (title: string, more: More = {}): Finding => ({ status: 'warning', title, ...more });
export const failure = (title: string, more: More = {}): Finding => ({ status: 'failure', title, ...more });
export const skipped = (title: string, more: More = {}): Finding => ({ status: 'skipped', title, ...more });

/** An error as a finding, with the hint that it brings or this one. */
export function failureBy(error: unknown, fallbackHint?: string): Finding {
  const { message, hint = fallbackHint } = explain(error);
  return failure(message, hint === undefined ? {} : { hint });
}
