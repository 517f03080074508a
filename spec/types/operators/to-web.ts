/** Types of `toWeb`: a chain as a web ReadableStream. */
import { expectTypeOf } from 'vitest';
import { type ByteStream, lines, type ToWebOptions, toWeb } from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(toWeb())).returns.toEqualTypeOf<ReadableStream<Uint8Array>>();
expectTypeOf(() => bytes$.pipe(lines(), toWeb())).returns.toEqualTypeOf<ReadableStream<string>>();
expectTypeOf<ToWebOptions>().toEqualTypeOf<{ readonly highWaterMark?: number | undefined }>();

// @ts-expect-error it is the end of a chain
export const further = (): unknown => bytes$.pipe(toWeb(), lines());
// @ts-expect-error a web stream has no such mode
export const mode = (): unknown => bytes$.pipe(toWeb({ objectMode: true }));
