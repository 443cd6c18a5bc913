/** Everything that is said goes through here: no secret, and escape sequences only on a terminal. */
export interface Narrator {
  heading(text: string): void;
  /** What is about to happen, and why. */
  explain(text: string): void;
  /** A command as a person would type it. */
  command(line: string): void;
  /** What a program said: the last few lines. */
  output(text: string): void;
  /** What has been verified. */
  checked(text: string): void;
  /** The one line about what went wrong, for people and on its own. */
  failed(text: string): void;
  /** From now on this is shown by its first characters only. */
  hide(secret: string): void;
}

const OUTPUT_LINES = 4;

export interface Terminal {
  write(text: string): void;
  colours: boolean;
}

/** NO_COLOR as in no-color.org: any value but the empty one. */
export function terminalOf(stream: NodeJS.WriteStream, env = process.env): Terminal {
  const colours = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return { write: (text) => void stream.write(text), colours };
}

/** `complain` writes to standard error. */
export function createNarrator({ write, colours }: Terminal, complain: (text: string) => void): Narrator {
  const secrets = new Set<string>();
  const paint = (code: number, text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  const say = (indent: string, text: string, code = 0) => {
    const clean = withoutSecrets(text, secrets);
    write(`${indent}${code ? paint(code, clean) : clean}\n`);
  };
  return {
    heading: (text) => say('\n', text, BOLD),
    explain: (text) => say('   ', text),
    command: (line) => say('   ', `$ ${line}`, CYAN),
    output: (text) => {
      for (const line of lastLines(text)) say('     ', line, DIM);
    },
    checked: (text) => {
      write(`   ${paint(GREEN, 'ok')} ${withoutSecrets(text, secrets)}\n`);
    },
    failed: (text) => complain(`${withoutSecrets(text.replace(/\s+/g, ' ').trim(), secrets)}\n`),
    hide: (secret) => void secrets.add(secret),
  };
}

const BOLD = 1;
const DIM = 2;
const GREEN = 32;
const CYAN = 36;

/** `eyJraWQi… (1184 characters)` */
export function clip(secret: string): string {
  return `${secret.slice(0, 8)}… (${secret.length} characters)`;
}

/** `sha256:60e701ab06cc…` */
function shortDigests(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}

function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  return [...secrets].reduce((clean, secret) => clean.replaceAll(secret, clip(secret)), shortDigests(text));
}

/** What clients print for terminals goes: carriage returns and escape sequences. */
function lastLines(text: string): string[] {
  const lines = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48 control sequences
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-OUTPUT_LINES);
}
