/** Types of `PatternOptions`: what fits, and what the compiler refuses. */
import type { PatternOptions } from '../../../lib/recipes/index.js';

export const good: readonly PatternOptions[] = [{}, { dot: true }, { nocase: false, dot: undefined }];

export const bad: readonly unknown[] = [
  // @ts-expect-error true or false
  { nocase: 1 } satisfies PatternOptions,
  // @ts-expect-error the name is that of picomatch
  { ignoreCase: true } satisfies PatternOptions,
];
