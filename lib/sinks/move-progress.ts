/** Makes an Observable of progress from `moveBytes`. */
import { Observable } from 'rxjs';
import { checkProgressInterval } from '../client/operations/check-transfer-options.js';
import { FtpUsageError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { FIRST_TRY, ProgressMeter, type TransferProgress } from '../streams/progress-meter.js';
import { type ByteMove, moveBytes, type WriteViews } from './move-bytes.js';

export interface MoveOptions {
  /** The path in the progress. Default: none. */
  readonly path?: string | undefined;
  /** Least time between two progress values, in milliseconds. Default 250. */
  readonly progressIntervalMs?: number | undefined;
  /**
   * Receives the number of bytes that have come. Returns how many of them, and of those behind them, it wants. When these have come, the
   * library aborts the transfer, and the stream completes when they are written. Infinity wants all. An error that it throws is the error
   * of the stream. Default: all.
   */
  readonly wanted?: ((bytes: number) => number) | undefined;
}

const NAMES: Readonly<Record<keyof MoveOptions, true>> = { path: true, progressIntervalMs: true, wanted: true };

/**
 * Writes the bytes of a transfer by `write`, without a copy. `bytes$` is the result of `retr$`. Through an operator, or from another
 * source, the bytes come in their own memory. The library copies them into the memory that `write` borrows.
 *
 * Emits progress, and a last value with `done: true` when everything is written; then it completes. Errors as `bytes$` does, or with the error of
 * `write`, which aborts the transfer. A bad option is an FtpUsageError, with nothing subscribed; so is a result of `wanted` that is no
 * count. Unsubscribing aborts the transfer; a running `write` goes on. Each subscription is its own transfer.
 *
 * Memory: 64 KiB for a small file, and 4 MiB at most besides. While all of it waits for `write`, the library holds the transfer.
 *
 * @example
 * ```ts
 * const writer = new FileWriter(() => open('part.bin', 'w'));
 * moveBytes$(ftp.retr$('/big.bin', { start: 1000 }), (views) => writer.write(views)).subscribe(console.log);
 * ```
 */
export function moveBytes$(
  bytes$: Observable<Uint8Array>,
  write: WriteViews,
  options: MoveOptions = {},
): Observable<TransferProgress> {
  return new Observable((subscriber) => {
    checkMoveOptions(options);
    const { path, progressIntervalMs: intervalMs, wanted } = options;
    let move: ByteMove | undefined;
    const meter = new ProgressMeter({
      path,
      intervalMs,
      total: () => (wanted === undefined ? move?.total : undefined),
      tried: () => move?.tried ?? FIRST_TRY,
      now: SYSTEM_CLOCK.now,
    });
    move = moveBytes(bytes$, {
      write,
      wanted,
      onBytes: (bytes) => {
        const progress = meter.add(bytes);
        if (progress !== undefined) subscriber.next(progress);
      },
      onComplete: (verifiedBy) => {
        subscriber.next(meter.done(verifiedBy));
        subscriber.complete();
      },
      onError: (error) => subscriber.error(error),
    });
    return () => move?.stop();
  });
}

function checkMoveOptions(options: MoveOptions): void {
  requireKnownOptions(options, NAMES);
  const { progressIntervalMs, wanted } = options;
  checkProgressInterval(progressIntervalMs);
  if (wanted === undefined || typeof wanted === 'function') return;
  throw new FtpUsageError('The option wanted must be a function from a number of bytes to another.');
}
