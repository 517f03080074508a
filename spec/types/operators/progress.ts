/** Types of `progress`: reports in place of the values. */
import type { Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import {
  type ByteStream,
  type ProgressOptions,
  progress,
  type TransferProgress,
  type ValueStream,
} from '../../../lib/index.js';

declare const bytes$: ByteStream;
declare const rows$: Observable<{ readonly size: number }>;

expectTypeOf(() => bytes$.pipe(progress())).returns.toEqualTypeOf<ValueStream<TransferProgress>>();
expectTypeOf(() => rows$.pipe(progress({ bytesOf: ({ size }) => size }))).returns.toEqualTypeOf<
  Observable<TransferProgress>
>();
export const options: ProgressOptions<Uint8Array> = {
  total: 5,
  intervalMs: 0,
  bytesOf: (chunk) => chunk.length,
  scheduler: Date,
};

// @ts-expect-error a total is a number
export const total = (): unknown => bytes$.pipe(progress({ total: '5' }));
// @ts-expect-error bytes are a number
export const bytesOf = (): unknown => rows$.pipe(progress({ bytesOf: (row) => row }));
// @ts-expect-error the name is that of the operation
export const interval = (): unknown => bytes$.pipe(progress({ progressIntervalMs: 5 }));
