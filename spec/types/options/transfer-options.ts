/** Checks the types of `TransferOptions`: correct uses, and misuses that the compiler refuses. */
import type { TransferOptions } from '../../../lib/index.js';

export const good: readonly TransferOptions[] = [
  {},
  { start: 5 },
  { source: 'text' },
  { source: new Uint8Array(1), deadlineMs: 5 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error numbers are no bytes
  { source: 5 } satisfies TransferOptions,
  // @ts-expect-error the type is set by `type$`
  { type: 'A' } satisfies TransferOptions,
  // @ts-expect-error the caller compares the sizes
  { verify: 'size' } satisfies TransferOptions,
];
