/** Types of `WalkOptions`: what fits, and what the compiler refuses. */
import type { TreeEntry, WalkOptions } from '../../../lib/recipes/index.js';

export const good: readonly WalkOptions[] = [
  {},
  { depth: 0, concurrency: 1, links: 'show' },
  { filter: (entry: TreeEntry) => entry.depth < 3, links: 'follow', signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a walk shows links: it has nothing to skip them from
  { links: 'skip' } satisfies WalkOptions,
  // @ts-expect-error a filter answers at once
  { filter: async () => true } satisfies WalkOptions,
  // @ts-expect-error patterns are those of glob$
  { dot: true } satisfies WalkOptions,
  // @ts-expect-error without depth there is no limit
  { depth: 'all' } satisfies WalkOptions,
];
