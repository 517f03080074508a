/** Types of `lines`: bytes or text to lines. */
import { expectTypeOf } from 'vitest';
import { type ByteStream, decodeText, type LinesOptions, lines, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(lines())).returns.toEqualTypeOf<ValueStream<string>>();
expectTypeOf(() => bytes$.pipe(decodeText(), lines())).returns.toEqualTypeOf<ValueStream<string>>();
export const options: LinesOptions = { maxLineBytes: 5, decode: (line) => Buffer.from(line).toString('latin1') };

// @ts-expect-error an encoding is a function here
export const named = (): unknown => bytes$.pipe(lines({ decode: 'latin1' }));
// @ts-expect-error a limit is a number
export const unlimited = (): unknown => bytes$.pipe(lines({ maxLineBytes: false }));
// @ts-expect-error a last line without its end is always a line
export const unterminated = (): unknown => bytes$.pipe(lines({ allowUnterminated: true }));
