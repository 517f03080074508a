/** Types of `toWritable`: a chain into a Node Writable. */
import type { Readable, Writable } from 'node:stream';
import { expectTypeOf } from 'vitest';
import { type ByteStream, lines, toWritable, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const file: Writable;
declare const readable: Readable;

expectTypeOf(() => bytes$.pipe(toWritable(file))).returns.toEqualTypeOf<ValueStream<never>>();

// @ts-expect-error a Readable cannot be written to
export const wrong = (): unknown => bytes$.pipe(toWritable(readable));
// @ts-expect-error lines are no bytes
export const texts = (): unknown => bytes$.pipe(lines(), toWritable(file));
// @ts-expect-error a path is no stream
export const path = (): unknown => bytes$.pipe(toWritable('file'));
