/** Checks the types of `TransferLimits`: correct uses, and misuses that the compiler refuses. */
import type { TransferLimits } from '../../../lib/index.js';

export const good: readonly TransferLimits[] = [
  { deadlineMs: 1_000 },
  { minRate: { bytesPerSecond: 1, overMs: 60_000 } },
  { minRate: false, deadlineMs: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error milliseconds are a number
  { deadlineMs: '1s' } satisfies TransferLimits,
  // @ts-expect-error no rate is false
  { minRate: true } satisfies TransferLimits,
];
