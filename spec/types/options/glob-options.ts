/** Types of `GlobOptions`: what fits, and what the compiler refuses. */
import type { GlobOptions } from '../../../lib/recipes/index.js';

export const good: readonly GlobOptions[] = [
  {},
  { dot: true, nocase: true },
  { depth: 2, concurrency: 2, links: 'follow', filter: ({ name }) => name !== 'x', signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a pattern that begins with ! takes out
  { ignore: ['*.log'] } satisfies GlobOptions,
  // @ts-expect-error the other options of picomatch are not taken
  { basename: true } satisfies GlobOptions,
  // @ts-expect-error true or false
  { dot: 'yes' } satisfies GlobOptions,
];
