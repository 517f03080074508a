/** Types of `listing`: the rows of LIST to entries. */
import { expectTypeOf } from 'vitest';
import {
  type ByteStream,
  type FileEntry,
  type ListingOptions,
  listing,
  listingLines,
  type ValueStream,
} from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(listing())).returns.toEqualTypeOf<ValueStream<FileEntry>>();
expectTypeOf(() => bytes$.pipe(listingLines(), listing())).returns.toEqualTypeOf<ValueStream<FileEntry>>();
export const options: ListingOptions = {
  now: new Date(),
  timeZone: 'Europe/Berlin',
  dialect: 'vms',
  unparsed: 'error',
};

// @ts-expect-error a time is a Date
export const now = (): unknown => bytes$.pipe(listing({ now: 5 }));
// @ts-expect-error there is no such dialect
export const dialect = (): unknown => bytes$.pipe(listing({ dialect: 'windows' }));
// @ts-expect-error an operator sends no command
export const hidden = (): unknown => bytes$.pipe(listing({ hidden: true }));
