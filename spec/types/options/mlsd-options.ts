/** Checks the types of `MlsdOptions`: correct uses, and misuses that the compiler refuses. */
import type { MlsdOptions } from '../../../lib/index.js';

export const good: readonly MlsdOptions[] = [{}, { facts: ['type', 'size'] }, { unparsed: 'report' }];

export const bad: readonly unknown[] = [
  // @ts-expect-error facts are several
  { facts: 'size' } satisfies MlsdOptions,
  // @ts-expect-error rows are never left out silently
  { unparsed: 'ignore' } satisfies MlsdOptions,
  // @ts-expect-error MLSD has no arguments
  { args: '-a' } satisfies MlsdOptions,
];
