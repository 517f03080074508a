/** Types of `EnsureDirectoryOptions`: what fits, and what the compiler refuses. */
import type { EnsureDirectoryOptions } from '../../../lib/recipes/index.js';

export const good: readonly EnsureDirectoryOptions[] = [{}, { signal: undefined }, { signal: AbortSignal.abort() }];

export const bad: readonly unknown[] = [
  // @ts-expect-error those above it are made in any case
  { recursive: true } satisfies EnsureDirectoryOptions,
  // @ts-expect-error MKD takes no permissions
  { mode: 0o755 } satisfies EnsureDirectoryOptions,
];
