/** A remote file to a local one, the fast way, with nothing under the final name before it is complete. */
import { catchError, defer, Observable, of, type Subscriber, switchMap } from 'rxjs';
import { FtpTransferError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { onAbort, untilAborted } from '../streams/abort-signal.js';
import { intoSink } from '../streams/byte-flow.js';
import { type ExpectedBytes, expectedBytesOf } from '../streams/flow.js';
import { Gate } from '../streams/gate.js';
import { ProgressMeter, type TransferProgress } from '../streams/progress-meter.js';
import { RingSink } from '../streams/ring-sink.js';
import { isRestRefused } from './ask.js';
import { checkDownloadOptions, type DownloadOptions, retrOptionsOf } from './download-options.js';
import { type FileProgress, skippedProgress } from './file-progress.js';
import { FileWriter } from './file-writer.js';
import { type DownloadFtp, type LocalPlan, planDownload } from './local-plan.js';
import { TailCheck } from './tail-check.js';
import { compareHashes } from './whole-hash.js';
import { withSignal } from './with-signal.js';

/**
 * Downloads `remote` to the local file `local`, which is replaced when everything has arrived: until then the bytes are in a
 * file beside it, whose name ends in `.part`. A file that is replaced leaves its permissions to the new one; a
 * symbolic link to a file is replaced itself, and not what it leads to, unlike by curl and wget. A directory, FIFO or device, or
 * a link to one, is an `FtpUsageError` before anything is sent: into what is to be written to as it is, a link too, goes
 * `pipeline(retr$(remote), createWriteStream(local))`.
 *
 * It begins at the beginning of the remote file: a `start` is an `FtpUsageError`, with nothing sent. With `end` the local file is
 * replaced all the same, by the bytes before `end` alone. With `exists: 'resume'` it goes on with the partial file of an earlier
 * run, also of one that was killed.
 *
 * Emits progress, with the bytes up to `end` as `total` where the option `size`, SIZE (`verify: 'size'`, `exists: 'resume'`) or the reply that
 * opens the download names them and the type is not ascii; and a last value with `done: true` when the file has its final
 * name, `file`. Where `exists` leaves a file alone, that is the only value, and has `skipped: true`. `verified` says whether the bytes were
 * checked against a size that the server named, or its checksum. What an earlier run has stored is among
 * `bytes` and `total`, and `resumedFrom` is where this one goes on.
 *
 * Errors as `retr$` does, or with Node's error when the local file cannot be written, or is there already (`exists: 'fail'`, code `EEXIST`);
 * the partial file is removed, but with `exists: 'resume'`. Unsubscribing aborts the transfer on the server and does the same.
 *
 * @example
 * ```ts
 * download$(ftp, '/pub/big.iso', 'big.iso', { exists: 'resume', keepTime: true }).subscribe(({ bytes }) => console.log(bytes));
 * ```
 */
export function download$(
  ftp: DownloadFtp,
  remote: string,
  local: string,
  options: DownloadOptions = {},
): Observable<FileProgress> {
  return defer(() => {
    checkDownloadOptions(options);
    const planned$ = withSignal((signal) => planDownload({ ftp, remote, local, options, signal }));
    return untilAborted(planned$, options.signal);
  }).pipe(
    switchMap((plan) =>
      plan === undefined ? of(skippedProgress(remote, local)) : run$({ ftp, remote, options }, plan),
    ),
  );
}

/** On a server that refuses REST it begins anew. */
function run$(source: Source, plan: LocalPlan): Observable<FileProgress> {
  const download$ = new Observable<FileProgress>((subscriber) => new Download(source, plan, subscriber).start());
  if (plan.tail === undefined) return download$;
  return download$.pipe(
    catchError((error: unknown) => {
      if (!isRestRefused(error)) throw error;
      return run$(source, { ...plan, file: plan.file.emptied(), tail: undefined });
    }),
  );
}

/** What is to be downloaded. */
interface Source {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  readonly options: DownloadOptions;
}

class Download {
  readonly #source: Source;
  readonly #plan: LocalPlan;
  readonly #subscriber: Subscriber<FileProgress>;
  readonly #meter: ProgressMeter;
  readonly #gate = new Gate();
  /** Left when the download is over, whatever ends it. */
  readonly #left = new AbortController();
  #expected: ExpectedBytes = () => undefined;
  #over = false;

  constructor(source: Source, plan: LocalPlan, subscriber: Subscriber<FileProgress>) {
    this.#source = source;
    this.#plan = plan;
    this.#subscriber = subscriber;
    this.#meter = new ProgressMeter({
      path: source.remote,
      total: () => this.#expected(),
      tried: () => this.#gate.tried,
      intervalMs: source.options.progressIntervalMs,
      now: SYSTEM_CLOCK.now,
    });
  }

  /** Returns what cancels it. */
  start(): () => void {
    const { ftp, remote } = this.#source;
    const bytes$ = ftp.retr$(remote, this.#retrOptions());
    const gate = this.#gate;
    this.#expected = expectedBytesOf(bytes$, gate);
    let stop = (): void => {};
    const sink = new RingSink({
      gate,
      write: this.#writer(),
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
      this.#left.abort();
      if (!this.#over) void this.#giveUp();
    };
  }

  #retrOptions(): ReturnType<typeof retrOptionsOf> {
    const options = retrOptionsOf(this.#source.options);
    const { tail, size } = this.#plan;
    // A part that was called complete would never be completed: what is to be resumed has its size checked.
    const atLeast = options.verify === false ? 'known' : options.verify;
    const known = size === undefined ? options : { ...options, size, verify: atLeast };
    if (tail === undefined) return known;
    // The checksum is that of the whole file, and is compared when it is there. A server may ignore REST: the size tells.
    const verify = options.verify === 'size' ? 'size' : 'known';
    return { ...known, start: tail.start, verify };
  }

  #writer(): (views: readonly Uint8Array[]) => Promise<void> {
    const { file, tail } = this.#plan;
    const writer = new FileWriter(() => file.open(), tail?.start);
    if (tail === undefined) return (views) => writer.write(views);
    const check = new TailCheck(this.#source.remote, tail);
    return async (views) => {
      check.check(views);
      await writer.write(views);
    };
  }

  /** In bytes of the file: what an earlier run has stored counts too. */
  #report(progress: TransferProgress | undefined, more: Partial<FileProgress> = {}): void {
    if (progress === undefined) return;
    const { tail } = this.#plan;
    this.#subscriber.next({ ...progress, ...(tail === undefined ? {} : resumed(progress, tail.start)), ...more });
  }

  async #finish(verifiedBy: VerifiedBy | undefined): Promise<void> {
    if (this.#over) return;
    const { file, modified } = this.#plan;
    const completion = { modified, fsync: this.#source.options.fsync };
    let proof = verifiedBy;
    try {
      await file.close(completion);
      if (this.#checksWhole) proof = await this.#compareHashes();
      if (this.#over) return;
      await file.publish(completion);
    } catch (error) {
      await this.#fail(error);
      return;
    }
    this.#over = true;
    this.#report(this.#meter.done(proof), { file: file.final });
    this.#subscriber.complete();
  }

  get #checksWhole(): boolean {
    return this.#source.options.verify === 'hash' && this.#plan.tail !== undefined;
  }

  async #compareHashes(): Promise<VerifiedBy> {
    const { ftp, remote, options } = this.#source;
    const stopListening = onAbort(options.signal, (reason) => this.#left.abort(reason));
    const { signal } = this.#left;
    try {
      return await compareHashes({ ftp, remote, local: this.#plan.file.path, bytes: this.#meter.bytes, signal });
    } finally {
      stopListening();
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#over) return;
    await this.#giveUp(error);
    this.#subscriber.error(error);
  }

  /** What has the wrong bytes is of no use to the next run. */
  #giveUp(error?: unknown): Promise<void> {
    this.#over = true;
    const { file, keeps } = this.#plan;
    const isWrong = error instanceof FtpTransferError && !error.transient;
    return keeps && !isWrong ? file.leave() : file.discard();
  }
}

function resumed(progress: TransferProgress, from: number): Partial<FileProgress> {
  // After a drop it goes on further behind.
  const { bytes, total, resumedFrom = from } = progress;
  return { bytes: bytes + from, resumedFrom, ...(total === undefined ? {} : { total: total + from }) };
}
