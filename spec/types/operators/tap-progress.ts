/** Types of `tapProgress`: reports beside the values. */
import type { Subject } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, type TransferProgress, tapProgress, type ValueStream } from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const told: Subject<TransferProgress>;

expectTypeOf(() => bytes$.pipe(tapProgress(({ bytes }) => bytes, { total: 5 }))).returns.toEqualTypeOf<
  ValueStream<Uint8Array>
>();
expectTypeOf(() => bytes$.pipe(tapProgress(told))).returns.toEqualTypeOf<ValueStream<Uint8Array>>();

// @ts-expect-error nobody would be told
export const untold = (): unknown => bytes$.pipe(tapProgress());
// @ts-expect-error the observer comes first
export const swapped = (): unknown => bytes$.pipe(tapProgress({ total: 5 }, told));
// @ts-expect-error a report has no such part
export const part = (): unknown => bytes$.pipe(tapProgress(({ percent }) => percent));
