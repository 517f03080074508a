/** Types of `ApplyOptions`: what fits, and what the compiler refuses. */
import type { ApplyOptions } from '../../../lib/recipes/index.js';

export const good: readonly ApplyOptions[] = [
  {},
  { concurrency: 8, onError: 'continue', maxErrors: 10 },
  { bytesPerSecond: 1_000_000, atomic: false, signal: AbortSignal.abort() },
  { concurrency: undefined, onError: undefined, signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a failed step is told in any case
  { onError: 'ignore' } satisfies ApplyOptions,
  // @ts-expect-error how files are compared is a matter of the plan
  { compare: 'size' } satisfies ApplyOptions,
  // @ts-expect-error a plan that is not to be done is not applied
  { dryRun: true } satisfies ApplyOptions,
  // @ts-expect-error a rate is a number of bytes
  { bytesPerSecond: '1M' } satisfies ApplyOptions,
];
