/** Checks the types of `StorLinesOptions`: correct uses, and misuses that the compiler refuses. */
import type { StorLinesOptions } from '../../../lib/index.js';

export const good: readonly StorLinesOptions[] = [
  {},
  { deletePartial: true, progressIntervalMs: 5 },
  { deadlineMs: 5, signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error lines have the type ascii
  { type: 'ascii' } satisfies StorLinesOptions,
  // @ts-expect-error converted bytes cannot be counted
  { verify: 'size' } satisfies StorLinesOptions,
  // @ts-expect-error lines have no offsets
  { start: 5 } satisfies StorLinesOptions,
];
