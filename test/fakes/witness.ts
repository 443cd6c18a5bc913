/**
 * What the doubles make known to whoever watches over them: nobody in the demo, the suites in
 * test/support/canary.
 */
import { channel } from 'node:diagnostics_channel';

export interface SecretMade {
  secret: string;
  /** The name of whom it stands for. */
  owner: string;
}

const secrets = channel('icr-doubles:secret');
const urls = channel('icr-doubles:url');

/** For every secret that a double hands out or takes. */
export function tellSecret(secret: string, owner: string): void {
  secrets.publish({ secret, owner } satisfies SecretMade);
}

/** For every URL that a double is asked for, whole. */
export function tellUrl(url: string): void {
  urls.publish(url);
}

export interface Witness {
  onSecret(made: SecretMade): void;
  onUrl(url: string): void;
}

/** From here on, to the end of this process. */
export function watchDoubles({ onSecret, onUrl }: Witness): void {
  secrets.subscribe((made) => onSecret(made as SecretMade));
  urls.subscribe((url) => onUrl(url as string));
}
