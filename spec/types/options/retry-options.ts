/** Checks the types of `RetryOptions`: correct uses, and misuses that the compiler refuses. */
import type { RetryOptions } from '../../../lib/index.js';

export const good: readonly RetryOptions[] = [
  {},
  { attempts: 5, delayMs: 500, maxDelayMs: 30_000 },
  { when: (error, attempt) => error.transient && attempt < 3 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error rxjs calls them count
  { count: 5 } satisfies RetryOptions,
  // @ts-expect-error when answers at once
  { when: async () => true } satisfies RetryOptions,
  // @ts-expect-error a delay is a number
  { delayMs: () => 5 } satisfies RetryOptions,
];
