import { isPrivateFolder, readSmallFile, textOf } from '../read-file.ts';
import type { System } from '../system.ts';

/**
 * The user's runtime folder: in RAM, gone at logout, where podman keeps auth.json too. Null where
 * there is none that is a real folder, ours and 0700 (XDG Base Directory Specification).
 */
export function findRuntimeFolder(system: System): string | null {
  if (system.platform === 'win32' || system.platform === 'darwin') return null;
  const named = system.env['XDG_RUNTIME_DIR'];
  if (named?.startsWith('/') && isPrivateFolder(named, system)) return named;
  const usual = `/run/user/${outerUid(system)}`;
  return isPrivateFolder(usual, system) ? usual : null;
}

/** Rootless podman starts us as root of a user namespace; the folder bears the outer uid. */
function outerUid(system: System): number {
  try {
    const map = textOf(readSmallFile('/proc/self/uid_map') ?? new Uint8Array());
    for (const line of map.trim().split('\n')) {
      const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
      if (system.euid >= inside && system.euid < inside + count) return outside + system.euid - inside;
    }
  } catch {
    // No /proc, no user namespaces.
  }
  return system.euid;
}
