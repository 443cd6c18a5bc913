/** One word for POSIX shells, bash and zsh, whatever is in it. */
export function posixQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same, but left as it is where no shell sees more in it than a word. */
export function posixWord(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : posixQuote(text);
}
