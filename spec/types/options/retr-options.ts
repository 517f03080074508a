/** Checks the types of `RetrOptions`: correct uses, and misuses that the compiler refuses. */

import { Subject } from 'rxjs';
import type { RetrOptions } from '../../../lib/index.js';

export const good: readonly RetrOptions[] = [
  {},
  { start: -1_000 },
  { start: 5, end: 10, size: 20 },
  { type: 'ascii' },
  { type: 'I', verify: 'hash' },
  { verify: false },
  { resume: true },
  { resume: { overlapBytes: 0, fromStart: true } },
  { pause$: new Subject<boolean>(), signal: AbortSignal.timeout(1) },
  { deadlineMs: 1_000 },
  { minRate: { bytesPerSecond: 1, overMs: 60_000 } },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error an offset is a number
  { start: '5' } satisfies RetrOptions,
  // @ts-expect-error there is no such type
  { type: 'text' } satisfies RetrOptions,
  // @ts-expect-error true does not say what is compared
  { verify: true } satisfies RetrOptions,
  // @ts-expect-error a pause is an Observable
  { pause$: true } satisfies RetrOptions,
  // @ts-expect-error a download leaves nothing on the server
  { deletePartial: true } satisfies RetrOptions,
  // @ts-expect-error a download emits bytes and no progress
  { progressIntervalMs: 5 } satisfies RetrOptions,
  // @ts-expect-error null is not undefined
  { size: null } satisfies RetrOptions,
];
