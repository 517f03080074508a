/** Checks the types of `StorOptions`: correct uses, and misuses that the compiler refuses. */
import type { StorOptions } from '../../../lib/index.js';

export const good: readonly StorOptions[] = [
  {},
  { start: 5 },
  { resume: true },
  { verify: 'size', deletePartial: true, type: 'I' },
  { verify: undefined, signal: AbortSignal.abort() },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error what is known of an upload is its size
  { verify: 'known' } satisfies StorOptions,
  // @ts-expect-error an upload compares no overlap
  { resume: { overlapBytes: 5 } } satisfies StorOptions,
  // @ts-expect-error there is no such type
  { type: 'utf8' } satisfies StorOptions,
  // @ts-expect-error an upload has no end but that of its source
  { end: 5 } satisfies StorOptions,
];
