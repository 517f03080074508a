/** A remote file to a local one, the fast way, with nothing under the final name before it is complete. */
import { defer, Observable, type Subscriber, switchMap } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import { checkProgressInterval, checkRetrOptions } from '../client/operations/check-transfer-options.js';
import { optionNamesOf } from '../client/operations/transfer-option-names.js';
import type { RetrOptions } from '../client/operations/transfer-options.js';
import { TRANSFER_ALIASES } from '../client/option-aliases.js';
import { FtpUsageError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { intoSink } from '../streams/byte-flow.js';
import { type ExpectedBytes, expectedBytesOf } from '../streams/flow.js';
import { Gate } from '../streams/gate.js';
import { ProgressMeter, type TransferProgress } from '../streams/progress-meter.js';
import { RingSink } from '../streams/ring-sink.js';
import { FileWriter } from './file-writer.js';
import { PartialFile, permissionsToKeep } from './partial-file.js';

/**
 * As those of `retr$`, but for `start`: the local file would be replaced by the tail of the remote one. With `end` it is replaced by
 * the head.
 */
export interface DownloadOptions extends Omit<RetrOptions, 'start'> {
  /** Least time between two progress values. Default 250. */
  readonly progressIntervalMs?: number | undefined;
}

/**
 * Downloads `remote` to the local file `local`, which is replaced when everything has arrived: until then the bytes are in a
 * file beside it, with a random name that ends in `.part`. A file that is replaced leaves its permissions to the new one; a
 * symbolic link to a file is replaced itself, and not what it leads to, unlike by curl and wget. A directory, FIFO or device, or
 * a link to one, is an `FtpUsageError` before anything is sent: into what is to be written to as it is, a link too, goes
 * `pipeline(retr$(remote), createWriteStream(local))`.
 *
 * It begins at the beginning of the remote file: a `start` is an `FtpUsageError`, with nothing sent. With `end` the local file is
 * replaced all the same, by the bytes before `end` alone.
 *
 * Emits progress, with the bytes up to `end` as `total` where the option `size`, SIZE (`verify: 'size'`) or the reply that
 * opens the download names them and the type is not ascii; and a last value with `done: true` when the file has its final
 * name. `verified` says whether the byte count was checked against a size that the server named. Errors as `retr$` does, or
 * with Node's error when the local file cannot be written; the partial file is removed. Unsubscribing aborts the transfer on
 * the server and removes the partial file.
 *
 * @example
 * ```ts
 * download$(ftp, '/pub/big.iso', 'big.iso', { verify: 'size' }).subscribe(({ bytes }) => console.log(bytes));
 * ```
 */
export function download$(
  ftp: Pick<FtpOperations, 'retr$'>,
  remote: string,
  local: string,
  options: DownloadOptions = {},
): Observable<TransferProgress> {
  return defer(() => {
    requireOptions(options);
    const { progressIntervalMs, ...retrOptions } = options;
    checkRetrOptions(retrOptions);
    checkProgressInterval(progressIntervalMs);
    return permissionsToKeep(local);
  }).pipe(
    switchMap((mode) => {
      const file = new PartialFile(local, mode);
      return new Observable<TransferProgress>((subscriber) =>
        new Download(ftp, remote, file, options, subscriber).start(),
      );
    }),
  );
}

/** What `retr$` takes but `start`, for which there is an error of its own: it comes with the options of a `retr$`, say. */
function requireOptions(options: DownloadOptions): void {
  const { start: _refused, ...taken } = optionNamesOf('retr$');
  const names: Readonly<Record<keyof DownloadOptions, true>> = { ...taken, progressIntervalMs: true };
  // JavaScript may give null, which is refused below.
  const { start }: RetrOptions = options ?? {};
  if (start !== undefined) {
    throw new FtpUsageError(
      'download$ takes no start: it would replace the local file by the tail of the remote one. ' +
        "To append: pipeline(retr$(remote, { start }), createWriteStream(local, { flags: 'a' })).",
    );
  }
  requireKnownOptions(options, names, TRANSFER_ALIASES);
}

class Download {
  readonly #ftp: Pick<FtpOperations, 'retr$'>;
  readonly #remote: string;
  readonly #options: DownloadOptions;
  readonly #subscriber: Subscriber<TransferProgress>;
  readonly #meter: ProgressMeter;
  readonly #file: PartialFile;
  readonly #gate = new Gate();
  #expected: ExpectedBytes = () => undefined;
  #over = false;

  constructor(
    ftp: Pick<FtpOperations, 'retr$'>,
    remote: string,
    file: PartialFile,
    options: DownloadOptions,
    subscriber: Subscriber<TransferProgress>,
  ) {
    this.#ftp = ftp;
    this.#remote = remote;
    this.#file = file;
    this.#options = options;
    this.#subscriber = subscriber;
    this.#meter = new ProgressMeter({
      path: remote,
      total: () => this.#expected(),
      tried: () => this.#gate.tried,
      intervalMs: options.progressIntervalMs,
      now: SYSTEM_CLOCK.now,
    });
  }

  /** Returns what cancels it. */
  start(): () => void {
    const { progressIntervalMs: _own, ...retrOptions } = this.#options;
    const bytes$ = this.#ftp.retr$(this.#remote, retrOptions);
    const gate = this.#gate;
    this.#expected = expectedBytesOf(bytes$, gate);
    let stop = (): void => {};
    const writer = new FileWriter(() => this.#file.open());
    const sink = new RingSink({
      gate,
      write: (views) => writer.write(views),
      onBytes: (bytes) => this.#report(this.#meter.add(bytes)),
      onComplete: (verifiedBy) => void this.#finish(verifiedBy),
      onError: (error) => void this.#fail(error),
      onWriteError: (error) => {
        stop();
        void this.#fail(error);
      },
    });
    stop = intoSink(bytes$, sink, gate);
    return () => {
      stop();
      sink.stop();
      if (!this.#over) void this.#discard();
    };
  }

  #report(progress: TransferProgress | undefined): void {
    if (progress !== undefined) this.#subscriber.next(progress);
  }

  async #finish(verifiedBy: VerifiedBy | undefined): Promise<void> {
    if (this.#over) return;
    try {
      await this.#file.close();
      if (this.#over) return;
      await this.#file.publish();
    } catch (error) {
      await this.#fail(error);
      return;
    }
    this.#over = true;
    this.#subscriber.next(this.#meter.done(verifiedBy));
    this.#subscriber.complete();
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#over) return;
    await this.#discard();
    this.#subscriber.error(error);
  }

  #discard(): Promise<void> {
    this.#over = true;
    return this.#file.discard();
  }
}
