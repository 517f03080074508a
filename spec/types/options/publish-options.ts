/** Types of `PublishOptions`: what fits, and what the compiler refuses. */
import type { PublishOptions, TreeEntry } from '../../../lib/recipes/index.js';

export const good: readonly PublishOptions[] = [
  {},
  { keep: 0, concurrency: 2, verify: 'hash', links: 'follow' },
  { filter: ({ path, kind }: TreeEntry) => kind === 'file' && path !== 'x', signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a tree that nothing has verified is not swapped in
  { verify: false } satisfies PublishOptions,
  // @ts-expect-error how many old trees are kept is a number
  { keep: true } satisfies PublishOptions,
  // @ts-expect-error an uploaded tree replaces the old one as a whole
  { delete: true } satisfies PublishOptions,
  // @ts-expect-error a filter answers at once
  { filter: async () => true } satisfies PublishOptions,
];
