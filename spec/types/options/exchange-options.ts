/** Checks the types of `ExchangeOptions`: correct uses, and misuses that the compiler refuses. */
import type { ExchangeOptions } from '../../../lib/index.js';

export const good: readonly ExchangeOptions[] = [
  { expect: 2 },
  { expect: [250, 35] },
  { expect: 2, signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error the good replies have to be named
  {} satisfies ExchangeOptions,
  // @ts-expect-error a reply is named by digits
  { expect: '2xx' } satisfies ExchangeOptions,
  // @ts-expect-error undefined names no reply
  { expect: undefined } satisfies ExchangeOptions,
];
