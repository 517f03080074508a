/** Checks the types of `MinRate`: correct uses, and misuses that the compiler refuses. */
import type { MinRate } from '../../../lib/index.js';

export const good: readonly MinRate[] = [{ bytesPerSecond: 1_000, overMs: 60_000 }];

export const bad: readonly unknown[] = [
  // @ts-expect-error a rate is over a time
  { bytesPerSecond: 1_000 } satisfies MinRate,
  // @ts-expect-error both are needed
  { overMs: 60_000 } satisfies MinRate,
  // @ts-expect-error both are numbers
  { bytesPerSecond: 1_000, overMs: undefined } satisfies MinRate,
];
