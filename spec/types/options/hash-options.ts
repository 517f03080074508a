/** Checks the types of `HashOptions`: correct uses, and misuses that the compiler refuses. */
import type { HashOptions } from '../../../lib/index.js';

export const good: readonly HashOptions[] = [{}, { algorithm: 'SHA-256', start: 0, end: 5 }, { algorithm: 'SHA3-256' }];

export const bad: readonly unknown[] = [
  // @ts-expect-error an algorithm is one name
  { algorithm: ['MD5'] } satisfies HashOptions,
  // @ts-expect-error an offset is a number
  { start: '0' } satisfies HashOptions,
];
