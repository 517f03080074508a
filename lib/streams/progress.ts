/** Counts a stream of bytes, or of results that stand for bytes, and emits reports of progress. */
import { asyncScheduler, type OperatorFunction, type TimestampProvider } from 'rxjs';
import { requireCount, requireInterval } from '../protocol/check-number.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { borrowOperator } from './byte-flow.js';
import { flowOperator, type TransferFacts } from './flow.js';
import { ProgressMeter, type TransferProgress } from './progress-meter.js';

export interface ProgressOptions<T = unknown> {
  /**
   * Bytes that there will be. Default: the size that the server, or an option of the transfer, has named, right after `retr$` or with only
   * `throttleBytes` and `tapProgress` in between.
   */
  readonly total?: number | undefined;
  /** Least time between two reports, in milliseconds. Default 250; 0 reports every value. */
  readonly intervalMs?: number | undefined;
  /** The number of bytes that a value stands for. Default: see `progress`. */
  readonly bytesOf?: ((value: T) => number) | undefined;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: TimestampProvider | undefined;
}

const NAMES: Readonly<Record<keyof ProgressOptions, true>> = {
  total: true,
  intervalMs: true,
  bytesOf: true,
  scheduler: true,
};

/**
 * Turns a stream into reports of its progress.
 *
 * Emits a `TransferProgress` when a value comes at least `intervalMs` after the previous report (or the start). It always emits a last one
 * with `done: true`, and then completes. `verified` of the last one says whether the count equals a known `total`, or the transfer was
 * checked by itself (`verify: 'hash'`, say). `verifiedBy` names the proof. Errors with its source's error, without a last report. Throws
 * FtpUsageError at once for a `total` or `intervalMs` below 0 or NaN.
 *
 * Without `bytesOf`, bytes and strings (in UTF-8) count their length, and a number counts as itself. A `TransferProgress` counts its bytes
 * once it is `done`, and any other value counts as nothing.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.iso').pipe(paced((chunk) => save(chunk), 4), progress({ total })).subscribe(console.log);
 * ```
 */
export function progress<T>(options: ProgressOptions<T> = {}): OperatorFunction<T, TransferProgress> {
  const open = meterOf(options);
  // A user's `bytesOf` may keep what it is shown.
  const operator =
    options.bytesOf === undefined ? borrowOperator<T, TransferProgress> : flowOperator<T, TransferProgress>;
  return operator((subscriber, _gate, transfer) => {
    const meter = open(transfer);
    return {
      next(value) {
        const report = meter.add(value);
        if (report !== undefined) subscriber.next(report);
      },
      complete() {
        subscriber.next(meter.done());
        subscriber.complete();
      },
    };
  });
}

/** Counts the values of one stream. */
interface ValueMeter<T> {
  /** Gives a report when one is due. */
  add(value: T): TransferProgress | undefined;
  /** The last report. */
  done(): TransferProgress;
}

/**
 * Checks the options at once; returns a function that opens the meter of each subscription. That takes the total and the proof of the
 * transfer, unless values stand for other bytes than their own; a total in the options goes first.
 */
export function meterOf<T>(options: ProgressOptions<T>): (transfer: TransferFacts) => ValueMeter<T> {
  requireKnownOptions(options, NAMES);
  const { total, intervalMs, bytesOf = countBytes, scheduler = asyncScheduler } = options;
  if (total !== undefined) requireCount('progress: total', total);
  if (intervalMs !== undefined) requireInterval('progress: intervalMs', intervalMs);
  const isOfItself = options.bytesOf === undefined;
  return (transfer) => {
    const known = (): number | undefined => total ?? (isOfItself ? transfer.expectedBytes() : undefined);
    const meter = new ProgressMeter({
      total: known,
      tried: () => transfer.tried(),
      intervalMs,
      now: () => scheduler.now(),
    });
    const proof = (): VerifiedBy | undefined => {
      if (meter.bytes === total) return (isOfItself ? transfer.verifiedBy() : undefined) ?? 'size';
      if (total !== undefined || !isOfItself) return undefined;
      return transfer.verifiedBy() ?? (meter.bytes === transfer.expectedBytes() ? 'size' : undefined);
    };
    return { add: (value) => meter.add(bytesOf(value)), done: () => meter.done(proof()) };
  };
}

function countBytes(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  return isFinished(value) ? value.bytes : 0;
}

function isFinished(value: unknown): value is TransferProgress {
  const { done, bytes } = (value ?? {}) as Partial<TransferProgress>;
  return done === true && typeof bytes === 'number';
}
