/** The closest of the known names, unless all of them are something quite different. */
export function nearestOf(name: string, known: readonly string[]): string | null {
  const ranked = known.map((candidate) => ({
    candidate,
    distance: distanceOf(name.toLowerCase(), candidate.toLowerCase()),
  }));
  ranked.sort((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best && best.distance <= limitFor(name) ? best.candidate : null;
}

/** Two letters of four are half of the word. */
function limitFor({ length }: string): number {
  return length <= 4 ? 1 : Math.max(2, length / 3);
}

/** How many letters have to change; two that changed places are one (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next[j] = Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
