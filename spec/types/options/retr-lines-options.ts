/** Checks the types of `RetrLinesOptions`: correct uses, and misuses that the compiler refuses. */

import { Subject } from 'rxjs';
import type { RetrLinesOptions } from '../../../lib/index.js';

export const good: readonly RetrLinesOptions[] = [
  {},
  { pause$: new Subject<boolean>() },
  { signal: AbortSignal.abort(), deadlineMs: 5 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error lines have the type ascii
  { type: 'binary' } satisfies RetrLinesOptions,
  // @ts-expect-error lines have no offsets
  { start: 5 } satisfies RetrLinesOptions,
  // @ts-expect-error converted bytes cannot be counted
  { verify: 'size' } satisfies RetrLinesOptions,
  // @ts-expect-error converted bytes cannot be resumed
  { resume: true } satisfies RetrLinesOptions,
];
