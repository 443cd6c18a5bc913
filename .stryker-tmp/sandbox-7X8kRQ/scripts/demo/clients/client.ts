import type { Demo } from '../demo.ts';
import type { Image } from '../image.ts';

/** A registry client that pushes an image and pulls it again. */
export interface Client {
  readonly name: string;
  /** What it pushes, and pulls again. */
  readonly reference: string;
  /** Throws unless what came back is what went in. */
  pushAndPull(demo: Demo, image: Image): Promise<void>;
  /** Whether it can still pull what it pushed. */
  canPull(demo: Demo): Promise<boolean>;
  stop?(): Promise<void>;
}
