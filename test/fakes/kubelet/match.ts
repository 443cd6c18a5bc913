/**
 * Whether a pattern fits an image: as many labels, each matched on its own, the same port, and the
 * path as a prefix (pkg/credentialprovider/keyring.go, URLsMatch).
 */
export function matches(pattern: string, image: string): boolean {
  const wanted = split(pattern);
  const given = split(image);
  return (
    wanted.port === given.port &&
    wanted.labels.length === given.labels.length &&
    given.path.startsWith(wanted.path) &&
    wanted.labels.every((label, index) => globOf(label).test(given.labels[index] ?? ''))
  );
}

function split(schemeless: string) {
  const slash = schemeless.indexOf('/');
  const authority = slash < 0 ? schemeless : schemeless.slice(0, slash);
  const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
  return { labels: host.split('.'), port, path: slash < 0 ? '' : schemeless.slice(slash) };
}

/** filepath.Match on one label: `*`, `?` and classes. */
function globOf(label: string): RegExp {
  const source = label
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

/** All that fit, the most specific first: the runtime tries them in this order (BasicDockerKeyring.Lookup). */
export function lookUp<T>(auth: Readonly<Record<string, T>>, image: string): T[] {
  const patterns = Object.keys(auth).sort().reverse();
  return patterns.filter((pattern) => matches(pattern, image)).map((pattern) => auth[pattern] as T);
}
