/**
 * Makes a Node Readable of an Observable, which holds its source while no code reads it.
 *
 * It is cold like its source: it subscribes at the first read.
 */
import { Readable } from 'node:stream';
import type { Observable, Subscription } from 'rxjs';
import { requireCount } from '../protocol/check-number.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { asError } from './as-error.js';
import { bindGate } from './flow.js';
import { Gate, Hold } from './gate.js';

export interface ToReadableOptions {
  /** For values other than bytes and strings: lines to be read one by one, entries, progress. Default `false`. */
  readonly objectMode?: boolean | undefined;
  /** The amount that waits in the Readable before the source is held, in bytes (values in object mode). Default 256 KiB, 16 values. */
  readonly highWaterMark?: number | undefined;
}

const NAMES: Readonly<Record<keyof ToReadableOptions, true>> = { objectMode: true, highWaterMark: true };

const HIGH_WATER_BYTES = 256 * 1024;
const HIGH_WATER_VALUES = 16;

/**
 * Turns an Observable into a Node Readable; the last of a chain of operators.
 *
 * The Readable ends when the source completes and is destroyed with the source's error. Its first read subscribes;
 * destroying it unsubscribes, which aborts a transfer. While it is full, the source is held if it comes from a
 * `ByteStream`; any other source is queued. RxJS types the end of `pipe` as an Observable, so outside of a `ByteStream`'s
 * own `pipe` write `toReadable()(source)`.
 *
 * @example
 * ```ts
 * const csv = ftp.retr$('/a.csv').pipe(decodeText(), lines(), toReadable({ objectMode: true }));
 * ```
 */
export function toReadable<T>(options: ToReadableOptions = {}): (source: Observable<T>) => Readable {
  requireKnownOptions(options, NAMES);
  if (options.highWaterMark !== undefined) requireCount('toReadable: highWaterMark', options.highWaterMark);
  return (source) => {
    const gate = new Gate();
    const hold = new Hold(gate);
    let subscription: Subscription | undefined;
    const subscribe = (readable: Readable): Subscription =>
      bindGate(source, gate).subscribe({
        next(value) {
          if (!readable.push(value)) hold.take();
        },
        error: (error: unknown) => readable.destroy(asError(error)),
        complete: () => readable.push(null),
      });
    return new Readable({
      ...buffering(options),
      read() {
        hold.release();
        subscription ??= subscribe(this);
      },
      destroy(error, callback) {
        subscription?.unsubscribe();
        hold.release();
        callback(error);
      },
    });
  };
}

function buffering({ objectMode = false, highWaterMark }: ToReadableOptions): {
  objectMode: boolean;
  highWaterMark: number;
} {
  return { objectMode, highWaterMark: highWaterMark ?? (objectMode ? HIGH_WATER_VALUES : HIGH_WATER_BYTES) };
}
