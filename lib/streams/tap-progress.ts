/** Reports progress beside the data: `progress` replaces a stream by reports, and this operator passes the stream through. */
import type { MonoTypeOperatorFunction, Observer } from 'rxjs';
import { flowOperator } from './flow.js';
import { meterOf, type ProgressOptions } from './progress.js';
import type { TransferProgress } from './progress-meter.js';
import { completeBoth, tapObserver } from './tap-observer.js';

/**
 * Tells `observer` of the progress of a stream, and passes the stream on as it is, back-pressure included.
 *
 * Emits what its source emits. `observer` gets the reports of `progress`: a `TransferProgress` at most once every `intervalMs`, and a last
 * one with `done: true` before the stream completes. It also gets the stream's `complete` or `error`, and after unsubscribing nothing. An
 * error that it throws becomes the stream's, as with RxJS's `tap`. Throws FtpUsageError at once for bad options.
 *
 * @param observer a function that takes each report, or an observer.
 *
 * @example
 * ```ts
 * const save$ = ftp.retr$('/a.iso').pipe(
 *   tapProgress(({ bytes, total }) => console.log(bytes, total)),
 *   toWritable(createWriteStream('a.iso')),
 * );
 * ```
 */
export function tapProgress<T>(
  observer: Partial<Observer<TransferProgress>> | ((progress: TransferProgress) => void),
  options: ProgressOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  const open = meterOf(options);
  const told = tapObserver('tapProgress', observer);
  return flowOperator((subscriber, _gate, transfer) => {
    const meter = open(transfer);
    return {
      next(value) {
        const report = meter.add(value);
        if (report !== undefined) told.next?.(report);
        subscriber.next(value);
      },
      complete: () => completeBoth(told, meter.done(), subscriber),
      onError: (error) => told.error?.(error),
    };
  }, true);
}
