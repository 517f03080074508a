/** Types of `FxpOptions`: what fits, and what the compiler refuses. */
import type { FxpOptions } from '../../../lib/recipes/index.js';

export const good: readonly FxpOptions[] = [
  {},
  { passive: 'source', listenAddress: '192.0.2.1', trustPasvHost: false },
  { verify: 'hash', sessionTimeoutMs: 1000, deadlineMs: 0, signal: undefined },
  { verify: false },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error one of the two listens
  { passive: true } satisfies FxpOptions,
  // @ts-expect-error nothing of the data is seen here
  { stallTimeoutMs: 1000 } satisfies FxpOptions,
  // @ts-expect-error whole files are copied
  { start: 5 } satisfies FxpOptions,
  // @ts-expect-error what both servers tell is a size or a checksum
  { verify: 'known' } satisfies FxpOptions,
];
