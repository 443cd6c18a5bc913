export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Whether a script can be printed for it. */
export function isShell(name: string): name is Shell {
  return (SHELLS as readonly string[]).includes(name);
}
