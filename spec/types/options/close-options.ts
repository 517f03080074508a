/** Checks the types of `CloseOptions`: correct uses, and misuses that the compiler refuses. */
import type { CloseOptions } from '../../../lib/index.js';

export const good: readonly CloseOptions[] = [{}, { drain: true }, { drain: undefined }];

export const bad: readonly unknown[] = [
  // @ts-expect-error drain is no time
  { drain: 5_000 } satisfies CloseOptions,
  // @ts-expect-error a close cannot be cancelled
  { signal: AbortSignal.abort() } satisfies CloseOptions,
];
