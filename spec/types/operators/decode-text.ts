/** Types of `decodeText`: bytes to text, in any encoding. */
import { expectTypeOf } from 'vitest';
import { type ByteStream, type DecodeTextOptions, decodeText, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(decodeText())).returns.toEqualTypeOf<ValueStream<string>>();
expectTypeOf(() => bytes$.pipe(decodeText('gbk', { fatal: true }))).returns.toEqualTypeOf<ValueStream<string>>();
expectTypeOf<DecodeTextOptions>().toEqualTypeOf<{ readonly fatal?: boolean | undefined }>();

// @ts-expect-error text is decoded already
export const twice = (): unknown => bytes$.pipe(decodeText(), decodeText());
// @ts-expect-error the encoding comes first
export const alone = (): unknown => bytes$.pipe(decodeText({ fatal: true }));
// @ts-expect-error fatal is a flag
export const fatal = (): unknown => bytes$.pipe(decodeText('utf-8', { fatal: 'yes' }));
