export interface Challenge {
  /** Where tokens are to be had. */
  realm: string;
  service: string;
}

/** A Bearer challenge (RFC 6750; ICR puts blanks after the commas), or null for anything else. */
export function parseChallenge(header: string | null): Challenge | null {
  if (header === null || !/^bearer\s/i.test(header)) return null;
  const parameters = new Map(
    [...header.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value,
    ]),
  );
  const realm = parameters.get('realm') ?? '';
  return URL.canParse(realm) ? { realm, service: parameters.get('service') ?? 'registry' } : null;
}
