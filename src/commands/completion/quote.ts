/** One word for fish, where a backslash means something between single quotes too. */
export function fishQuote(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** One word for PowerShell, which takes typographic quotes for quotes. */
export function powershellQuote(text: string): string {
  return `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** A name for functions and variables: `docker_credential_icr`. */
export function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '_');
}
