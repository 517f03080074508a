/** Types of `tapDigest`: the checksum beside the bytes. */
import type { Subject } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, tapDigest, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const found: Subject<string>;

expectTypeOf(() => bytes$.pipe(tapDigest('md5', (value) => value.length))).returns.toEqualTypeOf<
  ValueStream<Uint8Array>
>();
expectTypeOf(() => bytes$.pipe(tapDigest('md5', found))).returns.toEqualTypeOf<ValueStream<Uint8Array>>();

// @ts-expect-error nobody would be told
export const untold = (): unknown => bytes$.pipe(tapDigest('md5'));
// @ts-expect-error a checksum is text
export const bytes = (): unknown => bytes$.pipe(tapDigest('md5', (value: Uint8Array) => value.length));
