/** Types of `MoveOptions`: what fits, and what the compiler refuses. */
import type { MoveOptions } from '../../../lib/sinks/index.js';

export const good: readonly MoveOptions[] = [
  {},
  { path: 'a.iso', progressIntervalMs: 0 },
  { wanted: (bytes: number) => Math.min(bytes, 5), path: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error it tells how much of the bytes is wanted, at once
  { wanted: async (bytes: number) => bytes } satisfies MoveOptions,
  // @ts-expect-error a path is for the progress
  { path: new URL('file:///a') } satisfies MoveOptions,
  // @ts-expect-error the transfer has its own options
  { verify: 'size' } satisfies MoveOptions,
];
