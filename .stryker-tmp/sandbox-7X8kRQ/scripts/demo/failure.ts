/** Something did not do what the demonstration says it does. The message is for people, one line. */
export class DemoFailure extends Error {
  override name = 'DemoFailure';
}

export function verify(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new DemoFailure(otherwise);
}
