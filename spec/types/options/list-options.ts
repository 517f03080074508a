/** Checks the types of `ListOptions`: correct uses, and misuses that the compiler refuses. */
import type { ListOptions } from '../../../lib/index.js';

export const good: readonly ListOptions[] = [{}, { args: '-a' }, { signal: AbortSignal.abort(), minRate: false }];

export const bad: readonly unknown[] = [
  // @ts-expect-error arguments are one text
  { args: ['-a'] } satisfies ListOptions,
  // @ts-expect-error lines have no facts
  { facts: ['size'] } satisfies ListOptions,
];
