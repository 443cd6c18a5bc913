import { spawn } from 'node:child_process';
import { win32 } from 'node:path';
import { childEnvironment } from '../child-environment.ts';
import { findProgram } from '../find-program.ts';
import type { System } from '../system.ts';

type Desktop = Pick<System, 'env' | 'platform'>;

/** How a program finds the desktop and the browser (xdg-open, WSL), and the way to the network. */
const PASSED_ON = [
  ...['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'BROWSER'],
  ...['XDG_RUNTIME_DIR', 'XDG_CURRENT_DESKTOP', 'XDG_SESSION_TYPE', 'XDG_DATA_DIRS', 'XDG_DATA_HOME'],
  ...['XDG_CONFIG_DIRS', 'XDG_CONFIG_HOME', 'DESKTOP_SESSION', 'KDE_FULL_SESSION', 'KDE_SESSION_VERSION'],
  ...['WSL_DISTRO_NAME', 'WSL_INTEROP', 'WSLENV', 'USER', 'LOGNAME', 'SHELL'],
  ...['https_proxy', 'http_proxy', 'no_proxy', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'],
];

/**
 * Shows a page in the browser of this desktop; false where there is none to be tried. Nobody waits
 * for it: whether it works the person sees. `page` is an http(s) URL without a secret, since other
 * users can see arguments.
 */
export function openBrowser(page: string, desktop: Desktop): boolean {
  const command = hasDesktop(desktop) ? opener(desktop) : null;
  if (!command) return false;
  const [program, ...args] = command;
  const env = childEnvironment(PASSED_ON, desktop.env);
  try {
    const child = spawn(program, [...args, page], {
      env,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    });
    child.on('error', () => {});
    child.unref();
    return true;
  } catch {
    return false;
  }
}

/** Somebody who came by ssh does not see this machine's screen. */
function hasDesktop({ env, platform }: Desktop): boolean {
  if (env['SSH_CONNECTION'] || env['SSH_CLIENT'] || env['SSH_TTY']) return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** The program with what goes before the page, by its absolute path. */
function opener(desktop: Desktop): [program: string, ...args: string[]] | null {
  switch (desktop.platform) {
    case 'darwin':
      return ['/usr/bin/open'];
    case 'win32': {
      // No shell in between: `start` would read the & of an address as its own.
      const system = win32.join(desktop.env['SystemRoot'] ?? 'C:\\Windows', 'System32');
      return [win32.join(system, 'rundll32.exe'), 'url.dll,FileProtocolHandler'];
    }
    default: {
      const program = findProgram('xdg-open', desktop);
      return program === null ? null : [program];
    }
  }
}
