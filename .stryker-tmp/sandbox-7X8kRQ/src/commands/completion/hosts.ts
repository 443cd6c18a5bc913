// IBM Cloud docs, "Registry › Regions". New regions appear: a suggestion, and no limit.
const PUBLIC = ['', 'us.', 'uk.', 'de.', 'es.', 'au.', 'jp.', 'jp2.', 'ca.', 'ca2.', 'br.', 'in.', 'in2.'];

/** What is offered where a registry is asked for. */
export const HOSTS: readonly string[] = ['', 'private.'].flatMap((network) =>
  PUBLIC.map((region) => `${network}${region}icr.io`),
);
