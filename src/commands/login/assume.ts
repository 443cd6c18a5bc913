import type { App } from '../../app.ts';
import type { Exchangeable, TokenCredential } from '../../credential.ts';
import { http } from '../../network.ts';
import { requireServiceId } from '../../sources/key-login.ts';
import { inTrustedProfile } from '../../sources/profile.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { Tokens } from '../../tokens.ts';

/** The trusted profile that the settings have a login of this profile assume; null for none. */
export function assumedBy(login: Exchangeable, profile: string, { context }: App): TokenCredential | null {
  const assumed = inTrustedProfile(login, profile, context.settings.profiles?.[profile] ?? {});
  return assumed.type === 'token' ? assumed : null;
}

/**
 * A token of the trusted profile, with those that the login was accepted with; null where there is none
 * to assume. Fails where no pull could work: IAM refuses it, or ICR would refuse the key.
 */
export async function tryToAssume(
  login: Exchangeable,
  profile: string,
  tokens: Tokens,
  { app, terminal }: { app: App; terminal: Terminal },
): Promise<Tokens | null> {
  const assumed = assumedBy(login, profile, app);
  if (!assumed) return null;
  const { settings } = app.context;
  const kind = settings.profiles?.[profile]?.credentialKind ?? settings.credentialKind;
  if (kind === 'iamapikey' && assumed.keyLogin) requireServiceId(tokens, assumed.keyLogin.username);
  const services = { exchange: app.exchange, base: tokens, http };
  return terminal.progress(`Asking ${new URL(assumed.issuer).host}`, assumed.obtain(services));
}
