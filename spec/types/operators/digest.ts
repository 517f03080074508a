/** Types of `digest`: the checksum in place of the bytes. */
import type { Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, digest, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const texts$: Observable<string>;

expectTypeOf(() => bytes$.pipe(digest('SHA-256'))).returns.toEqualTypeOf<ValueStream<string>>();

// @ts-expect-error an algorithm is needed
export const none = (): unknown => bytes$.pipe(digest());
// @ts-expect-error text has no checksum before it is encoded
export const texts = (): unknown => texts$.pipe(digest('SHA-256'));
