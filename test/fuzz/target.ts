import { isHelperError } from '../../src/errors.ts';
import { explain } from '../../src/explain.ts';
import { oneLine } from '../../src/one-line.ts';

/** One parser, and what must hold for every input. */
export interface Target {
  /** Below src/: whose blocks count, and guide the choice of inputs. */
  files: readonly string[];
  /** What it usually gets, and inputs that once failed. */
  seeds: readonly string[];
  /** Half of the changes are made to the JSON values in the input, not to its letters. */
  isJson?: true;
  /** Worth trying, besides the string literals of the files. */
  words?: readonly string[];
  /** Throws where something does not hold. */
  check(input: string): void | Promise<void>;
}

/** Makes a target; the folder is its own. */
export type TargetMaker = (folder: string) => Target | Promise<Target>;

/** What a correct program never does. */
export class Failure extends Error {
  override name = 'Failure';
}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Failure(otherwise);
}

export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(sorted(actual)), JSON.stringify(sorted(expected))];
  must(one === other, `${what}: ${one} instead of ${other}`);
}

/** JSON values whose objects differ in the order of their members only become the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)]);
  return ['object', ...entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))];
}

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** No line break, no escape sequence. */
export function isOneLine(text: string): boolean {
  return text !== '' && !BREAKS.test(text);
}

/** Stands for a secret in seeds: no message may quote it. */
export const CANARY = 'cAnArY-key-0123456789';
/** Part of a secret is too much as well. */
const LEAK = CANARY.slice(0, 10);
/** What a part of it could be made from that was never a secret. */
const PIECES = /cAn|\\u/;

/** A HelperError with a message for people; whatever else was thrown is thrown again. */
function mustBeRefusal(error: unknown, secretIn: string | null): void {
  if (!isHelperError(error)) throw error;
  const { message, hint = '' } = explain(error);
  must(isOneLine(oneLine(message)), 'the message is empty or not one line');
  if (secretIn === null || PIECES.test(secretIn.replaceAll(CANARY, ''))) return;
  must(!`${message}${hint}`.includes(LEAK), 'the message quotes a secret');
}

/**
 * The result, or null where the input was refused as it should be. `secretIn`: a text in which the
 * canary stands for a secret.
 */
export function orRefusal<T>(work: () => T, secretIn: string | null = null): T | null {
  try {
    return work();
  } catch (error) {
    mustBeRefusal(error, secretIn);
    return null;
  }
}

export async function orRefusalLater<T>(
  work: () => Promise<T>,
  secretIn: string | null = null,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    mustBeRefusal(error, secretIn);
    return null;
  }
}

/** The value, or undefined where the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
