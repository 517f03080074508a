/** Types of `toReadable`: a chain as a Node Readable. */
import type { Readable } from 'node:stream';
import { expectTypeOf } from 'vitest';
import { type ByteStream, lines, type ToReadableOptions, toReadable } from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(toReadable())).returns.toEqualTypeOf<Readable>();
expectTypeOf(() => bytes$.pipe(lines(), toReadable({ objectMode: true }))).returns.toEqualTypeOf<Readable>();
export const options: ToReadableOptions = { objectMode: false, highWaterMark: 5 };

// @ts-expect-error it is the end of a chain
export const further = (): unknown => bytes$.pipe(toReadable(), lines());
// @ts-expect-error bytes are not decoded here
export const encoding = (): unknown => bytes$.pipe(toReadable({ encoding: 'utf8' }));
