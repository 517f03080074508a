/** Types of `collectBytes`: all bytes in one piece. */
import type { Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, collectBytes, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const texts$: Observable<string>;

expectTypeOf(() => bytes$.pipe(collectBytes())).returns.toEqualTypeOf<ValueStream<Uint8Array>>();

// @ts-expect-error text is no bytes
export const texts = (): unknown => texts$.pipe(collectBytes());
// @ts-expect-error it has no options
export const limited = (): unknown => bytes$.pipe(collectBytes(5));
