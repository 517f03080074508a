/** Types of `RemoveTreeOptions`: what fits, and what the compiler refuses. */
import type { RemoveTreeOptions } from '../../../lib/recipes/index.js';

export const good: readonly RemoveTreeOptions[] = [{}, { keepRoot: true }, { keepRoot: undefined, signal: undefined }];

export const bad: readonly unknown[] = [
  // @ts-expect-error it is always that
  { recursive: true } satisfies RemoveTreeOptions,
  // @ts-expect-error nothing is removed through a link
  { links: 'follow' } satisfies RemoveTreeOptions,
  // @ts-expect-error what cannot be removed is told
  { force: true } satisfies RemoveTreeOptions,
];
