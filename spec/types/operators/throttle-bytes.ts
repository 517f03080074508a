/** Types of `throttleBytes`: no faster than so many bytes a second. */
import { asyncScheduler, type Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, throttleBytes, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const texts$: Observable<string>;

expectTypeOf(() => bytes$.pipe(throttleBytes(5, asyncScheduler))).returns.toEqualTypeOf<ValueStream<Uint8Array>>();

// @ts-expect-error a rate is needed
export const none = (): unknown => bytes$.pipe(throttleBytes());
// @ts-expect-error a rate is a number
export const named = (): unknown => bytes$.pipe(throttleBytes('1 MiB'));
// @ts-expect-error text has no bytes
export const texts = (): unknown => texts$.pipe(throttleBytes(5));
