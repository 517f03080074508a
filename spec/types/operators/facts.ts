/** Types of `facts`: the rows of MLSD to entries. */
import { expectTypeOf } from 'vitest';
import {
  type ByteStream,
  decodeText,
  type FactsOptions,
  facts,
  lines,
  type MlsxEntry,
  type ValueStream,
} from '../../../lib/index.js';

declare const bytes$: ByteStream;

expectTypeOf(() => bytes$.pipe(facts())).returns.toEqualTypeOf<ValueStream<MlsxEntry>>();
expectTypeOf(() => bytes$.pipe(decodeText(), lines(), facts())).returns.toEqualTypeOf<ValueStream<MlsxEntry>>();
export const options: FactsOptions = { unparsed: 'report', maxLineBytes: 5, decode: String, allowUnterminated: true };

// @ts-expect-error MLSD has one form
export const dialect = (): unknown => bytes$.pipe(facts({ dialect: 'unix' }));
// @ts-expect-error its times are UTC
export const zone = (): unknown => bytes$.pipe(facts({ timeZone: 0 }));
// @ts-expect-error entries are no rows
export const twice = (): unknown => bytes$.pipe(facts(), facts());
