/** Checks the types of `UnparsedOptions`: correct uses, and misuses that the compiler refuses. */
import type { UnparsedOptions } from '../../../lib/index.js';

export const good: readonly UnparsedOptions[] = [{}, { unparsed: 'error' }, { unparsed: 'report' }];

export const bad: readonly unknown[] = [
  // @ts-expect-error rows are never left out silently
  { unparsed: 'ignore' } satisfies UnparsedOptions,
  // @ts-expect-error a choice is a word
  { unparsed: true } satisfies UnparsedOptions,
];
