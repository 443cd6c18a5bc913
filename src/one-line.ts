const LIMIT = 1000;

/**
 * Text as one printable line. Messages quote what came from outside (servers, paths, clients): no
 * line break, no escape sequence, no change of writing direction may come out again (CVE-2024-50349).
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, LIMIT);
}

const ESCAPE = String.fromCharCode(27);

/** Either bold, dim or a colour, as terminal/style.ts makes them, or something else that steers a terminal. */
const STEERING = new RegExp(`${ESCAPE}\\[\\d{1,2}m|(?![\\n\\t])[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`, 'gu');

/**
 * Text of several lines as it may be shown, whoever wrote it: what could steer a terminal is written
 * out as \uXXXX, which JSON takes for the same.
 */
export function printable(text: string): string {
  return text.replace(STEERING, (found) => (found.endsWith('m') ? found : escaped(found)));
}

/** By UTF-16 units. */
function escaped(text: string): string {
  const units = text.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}
