/** Types of `EmptyDirectoryOptions`: what fits, and what the compiler refuses. */
import type { EmptyDirectoryOptions } from '../../../lib/recipes/index.js';

export const good: readonly EmptyDirectoryOptions[] = [{}, { signal: undefined }, { signal: AbortSignal.abort() }];

export const bad: readonly unknown[] = [
  // @ts-expect-error the directory stays in any case
  { keepRoot: false } satisfies EmptyDirectoryOptions,
  // @ts-expect-error a signal comes from a controller
  { signal: new AbortController() } satisfies EmptyDirectoryOptions,
];
