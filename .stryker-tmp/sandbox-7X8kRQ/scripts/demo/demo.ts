import type { Cloud } from './cloud.ts';
import type { DemoHome } from './home.ts';
import type { Narrator } from './narrator.ts';
import type { Shell } from './shell.ts';

/** What every step has at hand. */
export interface Demo {
  readonly cloud: Cloud;
  readonly home: DemoHome;
  readonly say: Narrator;
  readonly shell: Shell;
  /** Real clients that can be shown here, by name. */
  readonly clients: readonly string[];
  /** Why there are none; empty if there are. */
  readonly reason: string;
}

export interface Step {
  readonly title: string;
  /** Throws where something is not as it should be; the result is its line in the summary. */
  run(demo: Demo): Promise<string>;
}

export const REGISTRY = 'us.icr.io';
