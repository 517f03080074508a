/** Types of `listingLines`: the bytes of a listing to lines. */
import { expectTypeOf } from 'vitest';
import {
  type ByteStream,
  decodeText,
  type ListingLinesOptions,
  listingLines,
  type ValueStream,
} from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(listingLines())).returns.toEqualTypeOf<ValueStream<string>>();
export const options: ListingLinesOptions = { maxLineBytes: 5, decode: String, allowUnterminated: true };

// @ts-expect-error a line is cut before it is decoded
export const texts = (): unknown => bytes$.pipe(decodeText(), listingLines());
// @ts-expect-error it is a flag
export const allow = (): unknown => bytes$.pipe(listingLines({ allowUnterminated: 5 }));
