/** Checks the types of `EntriesOptions`: correct uses, and misuses that the compiler refuses. */
import type { EntriesOptions } from '../../../lib/index.js';

export const good: readonly EntriesOptions[] = [
  {},
  { hidden: true, precise: true },
  { dialect: 'dos', timeZone: 'Europe/Berlin' },
  { timeZone: 120, via: 'stat' },
  { unparsed: 'report', signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error there is no such dialect
  { dialect: 'windows' } satisfies EntriesOptions,
  // @ts-expect-error MLSD and LIST are chosen by the client
  { via: 'mlsd' } satisfies EntriesOptions,
  // @ts-expect-error rows are never left out silently
  { unparsed: false } satisfies EntriesOptions,
  // @ts-expect-error hidden files are listed or not
  { hidden: '-a' } satisfies EntriesOptions,
];
