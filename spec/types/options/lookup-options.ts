/** Checks the types of `LookupOptions`: correct uses, and misuses that the compiler refuses. */
import type { LookupOptions } from '../../../lib/index.js';

export const good: readonly LookupOptions[] = [{}, { dialect: 'vms', timeZone: 0 }, { signal: AbortSignal.abort() }];

export const bad: readonly unknown[] = [
  // @ts-expect-error there is no such dialect
  { dialect: 'ls' } satisfies LookupOptions,
  // @ts-expect-error one entry is looked up, hidden or not
  { hidden: true } satisfies LookupOptions,
];
