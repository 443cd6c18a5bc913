import type { System } from '../../src/system.ts';
import { testSystem } from './test-system.ts';

/** The real process and clock; of the rest only what a lock never asks for. */
export function lockSystem(overrides: Partial<System> = {}): System {
  return testSystem({ platform: process.platform, startedAt: performance.timeOrigin, ...overrides });
}
