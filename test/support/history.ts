/** One call on one registry, and when it ran, by this process's clock. */
export interface Event {
  registry: string;
  start: number;
  end: number;
  /** What a get, or a list, said; `null` for nothing. */
  saw?: string | null;
  /** What a store or an erase (`null`) made of it. */
  made?: string | null;
  /** It may have been done or not, or be done later still: it said so, or said nothing. */
  failed?: boolean;
}

/**
 * Answers that were right at no moment of their call: neither made by a change that had begun by
 * then, nor standing since another change that had ended before the call began. (A regular register,
 * Lamport 1986.) Nothing is stored in the beginning.
 */
export function wrongAnswers(events: readonly Event[]): string[] {
  return [...new Set(events.map(({ registry }) => registry))].flatMap((registry) => {
    const own = events.filter((event) => event.registry === registry);
    const changes = [START, ...own.filter(({ made }) => made !== undefined)];
    return own.filter((event) => event.saw !== undefined && !isRight(event, changes)).map(tell);
  });
}

const START: Event = { registry: '', start: -2, end: -2, made: null };

function isRight(read: Event, changes: readonly Event[]): boolean {
  return changes.some((change) => {
    if (change.made !== read.saw || change.start > read.end) return false;
    const isOverwritten = changes.some(
      (later) => !later.failed && later.end < read.start && !change.failed && later.start > change.end,
    );
    return !isOverwritten;
  });
}

function tell({ registry, saw, start, end }: Event): string {
  return `${registry}: saw ${saw} between ${Math.round(start)} and ${Math.round(end)} ms`;
}
