const LIMIT = 1000;

/**
 * Text as one printable line. Messages quote what came from outside (servers, paths, clients): no
 * line break, no escape sequence, no change of writing direction may come out again (CVE-2024-50349).
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, LIMIT);
}
