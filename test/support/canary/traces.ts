/** Characters that are enough to tell a secret from everything else: 64^10 texts of this length. */
const MARK = 10;
/** Marks of one form of a secret: any half of an API key holds one, and any third of what is longer. */
const MARKS = 5;

/** Secrets, and where they turn up. */
export interface Traces {
  add(secret: string, name: string): void;
  /** The names of those that stand in a text: as they are, in hex or base64 with whatever is around them, or in part. */
  findIn(text: string): string[];
}

export function createTraces(): Traces {
  const names = new Map<string, string>();
  return {
    add(secret, name) {
      for (const mark of marksOf(secret)) names.set(mark, name);
    },
    findIn(text) {
      const found = new Set<string>();
      for (const [word] of text.matchAll(/[\w+/-]{10,}/g)) {
        for (let at = 0; at + MARK <= word.length; at++) {
          const name = names.get(word.slice(at, at + MARK));
          if (name !== undefined) found.add(name);
        }
      }
      return [...found];
    },
  };
}

/** Of a JWT, and what looks like one, the signature: the rest is no secret, and much the same in all of them. */
function marksOf(secret: string): string[] {
  const signature = secret.startsWith('eyJ') ? secret.split('.')[2] : undefined;
  return formsOf(signature ?? secret).flatMap(piecesOf);
}

/** What URLs encode does not occur in secrets of IBM's. */
function formsOf(part: string): string[] {
  return [part, Buffer.from(part).toString('hex'), ...[0, 1, 2].map((before) => inBase64(part, before))];
}

/** As it looks behind so many other bytes, without what depends on these and on those that follow. */
function inBase64(part: string, before: number): string {
  const text = Buffer.from(' '.repeat(before) + part).toString('base64');
  return text.slice(before === 0 ? 0 : 4).replace(/.=*$/, '');
}

function piecesOf(form: string): string[] {
  const distance = (form.length - MARK) / (MARKS - 1);
  if (distance < 0) return [];
  const starts = Array.from({ length: MARKS }, (_, index) => Math.round(index * distance));
  return [...new Set(starts)].map((start) => form.slice(start, start + MARK));
}
