/** Checks the types of `AppeOptions`: correct uses, and misuses that the compiler refuses. */
import type { AppeOptions } from '../../../lib/index.js';

export const good: readonly AppeOptions[] = [
  {},
  { verify: 'size', deletePartial: true },
  { verify: 'hash', type: 'binary' },
  { progressIntervalMs: 0 },
  { deadlineMs: 1_000 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error what is known of an upload is its size
  { verify: 'known' } satisfies AppeOptions,
  // @ts-expect-error APPE begins at the end
  { start: 5 } satisfies AppeOptions,
  // @ts-expect-error APPE cannot be resumed
  { resume: true } satisfies AppeOptions,
  // @ts-expect-error an upload has no end but that of its source
  { end: 5 } satisfies AppeOptions,
];
