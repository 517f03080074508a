/** Types of `paced`: work for each value, which holds the transfer. */
import { of } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, paced, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const save: (chunk: Uint8Array, index: number) => Promise<string>;

expectTypeOf(() => bytes$.pipe(paced(save))).returns.toEqualTypeOf<ValueStream<string>>();
expectTypeOf(() => bytes$.pipe(paced((chunk) => of(chunk.length), 4))).returns.toEqualTypeOf<ValueStream<number>>();

// @ts-expect-error work gives an Observable or a Promise
export const sync = (): unknown => bytes$.pipe(paced((chunk) => chunk.length));
// @ts-expect-error work is needed
export const none = (): unknown => bytes$.pipe(paced());
// @ts-expect-error so many at a time is a number
export const many = (): unknown => bytes$.pipe(paced(save, 'all'));
