import type { Credential } from '../credential.ts';
import type { RegistryHost } from '../registry-host.ts';

/**
 * A place where a credential may be. Null means "not mine", an error means "mine, but broken" and
 * stops the chain.
 */
export interface CredentialSource {
  /** For people, as in "NAME answers". */
  readonly name: string;
  /** The same more exactly, where the registry makes a difference. */
  nameFor?(host: RegistryHost): string;
  /** Answers even where somebody logged out. */
  readonly overridesLogout?: true;
  find(host: RegistryHost): Promise<Credential | null>;
  /** What doctor says of it, where "nothing" or the kind of credential would say too little. */
  explain?(host: RegistryHost): Promise<SourceExplanation>;
  /** Where its credential turns out to have expired, the next source is asked. */
  readonly lapses?: true;
}

export interface SourceExplanation {
  words: string;
  /** What to do, as an action, where its credential is not going to serve. */
  hint?: string;
}

export interface Found {
  source: CredentialSource;
  credential: Credential;
}

export function nameOf(source: CredentialSource, host: RegistryHost): string {
  return source.nameFor?.(host) ?? source.name;
}

/** The first source that has something for the registry. */
export async function findFirst(
  sources: readonly CredentialSource[],
  host: RegistryHost,
): Promise<Found | null> {
  for (const source of sources) {
    const credential = await source.find(host);
    if (credential) return { source, credential };
  }
  return null;
}
