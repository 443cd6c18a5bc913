import { DEFAULT_PROFILE } from '../config/profiles.ts';
import type { StoredContext } from '../sources/stored.ts';

/** Whether any registry is answered by a profile. */
export function isProfileUsed(profile: string, { settings, system }: StoredContext): boolean {
  if (profile === DEFAULT_PROFILE || system.env['ICR_PROFILE'] === profile) return true;
  return Object.values(settings.registries ?? {}).some((registry) => registry.profile === profile);
}

/** Those with a login that no registry is answered by, in the order of their names. */
export function unusedProfiles(context: StoredContext): string[] {
  return context.store
    .records()
    .filter(({ kind, renewable, session }) => kind === 'profile' && (renewable || session))
    .map(({ name }) => name)
    .filter((name) => !isProfileUsed(name, context))
    .sort();
}
