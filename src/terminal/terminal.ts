/** What a command for people says and asks. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** A line of the result. */
  print(line: string): void;
  /** A line about what is going on. */
  note(line: string): void;
  /** A line about something that may need attention. */
  warn(line: string): void;
  /** Whether results go to a screen, where no secret should appear unasked. */
  readonly showsResults: boolean;
  /** Whether there is somebody to ask. */
  readonly isInteractive: boolean;
  /**
   * Asks at the terminal itself, whatever stdin is, without showing what is typed. `otherwise` says,
   * where there is none, how the answer can be given.
   */
  askHidden(question: string, otherwise: string): Promise<string>;
  /** A question with yes or no; Enter means yes. False where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Shows a page in the browser of this desktop; false where there is none to be tried. */
  openBrowser(page: string): boolean;
  /** Everything on stdin, for secrets that are piped in. */
  readInput(expected: string): Promise<string>;
  /** Shows what is going on if it takes longer than half a second. */
  progress<T>(label: string, work: Promise<T>): Promise<T>;
  readonly style: Style;
}

/** Marks for a terminal that shows colours; elsewhere they give back the text. */
export interface Style {
  bold(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  attention(text: string): string;
  dim(text: string): string;
}

/** Thrown by a prompt on Ctrl-C, and on Ctrl-D in place of an answer. */
export class Interrupted extends Error {}
