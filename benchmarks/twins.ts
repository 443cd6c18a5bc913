import type { Subject } from './measure.ts';
import type { World } from './world.ts';

const TWIN = ', baseline';

export function isOurs({ steps }: Subject, { executable }: World): boolean {
  return steps.some(({ argv }) => argv[0] === executable);
}

/** Beside each run of the program one of the other build, if there is one. */
export function withTwins(subjects: readonly Subject[], world: World): Subject[] {
  const { baseline } = world;
  if (baseline === null) return [...subjects];
  const twinOf = (subject: Subject): Subject => ({
    ...subject,
    name: twinName(subject.name),
    before: (subject.before ?? []).map((action) => ('forget' in action ? { forget: baseline } : action)),
    steps: subject.steps.map((step) => ({ ...step, argv: [baseline, ...step.argv.slice(1)] })),
  });
  return subjects.flatMap((subject) => (isOurs(subject, world) ? [subject, twinOf(subject)] : [subject]));
}

/** Of a twin the subject that it stands beside. */
export function originalOf(name: string): string {
  return name.endsWith(TWIN) ? name.slice(0, -TWIN.length) : name;
}

export function twinName(name: string): string {
  return `${name}${TWIN}`;
}
