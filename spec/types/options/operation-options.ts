/** Checks the types of `OperationOptions`: correct uses, and misuses that the compiler refuses. */
import type { OperationOptions } from '../../../lib/index.js';

export const good: readonly OperationOptions[] = [{}, { signal: AbortSignal.abort() }, { signal: undefined }];

export const bad: readonly unknown[] = [
  // @ts-expect-error the controller has the signal
  { signal: new AbortController() } satisfies OperationOptions,
  // @ts-expect-error time limits are options of the client
  { replyTimeoutMs: 5 } satisfies OperationOptions,
];
