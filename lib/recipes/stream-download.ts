/** Downloads a file as one stream: into the partial file, verified, and under its final name. */
import type { Subscriber } from 'rxjs';
import { FtpTransferError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { FileWriter } from '../sinks/file-writer.js';
import { type ByteMove, moveBytes, type WriteViews } from '../sinks/move-bytes.js';
import { onAbort } from '../streams/abort-signal.js';
import { FIRST_TRY, ProgressMeter, type TransferProgress } from '../streams/progress-meter.js';
import { type DownloadOptions, retrOptionsOf } from './download-options.js';
import type { DownloadFtp, LocalPlan } from './local-plan.js';
import { TailCheck } from './tail-check.js';
import { compareHashes } from './whole-hash.js';

/** The task of a download. */
export interface DownloadSource {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  readonly options: DownloadOptions;
}

export class StreamDownload {
  readonly #source: DownloadSource;
  readonly #plan: LocalPlan;
  readonly #subscriber: Subscriber<TransferProgress>;
  readonly #meter: ProgressMeter;
  /** Made when checksums are compared, and aborted when the download is left. */
  #comparing: AbortController | undefined;
  #move: ByteMove | undefined;
  #over = false;

  constructor(source: DownloadSource, plan: LocalPlan, subscriber: Subscriber<TransferProgress>) {
    this.#source = source;
    this.#plan = plan;
    this.#subscriber = subscriber;
    this.#meter = new ProgressMeter({
      path: source.remote,
      total: () => this.#move?.total,
      tried: () => this.#move?.tried ?? FIRST_TRY,
      intervalMs: source.options.progressIntervalMs,
      now: SYSTEM_CLOCK.now,
    });
  }

  /** Returns what cancels it. */
  start(): () => void {
    const { ftp, remote } = this.#source;
    const move = moveBytes(ftp.retr$(remote, this.#retrOptions()), {
      write: this.#writer(),
      onBytes: (bytes) => this.#report(this.#meter.add(bytes)),
      onComplete: (verifiedBy) => void this.#finish(verifiedBy),
      onError: (error) => void this.#fail(error),
    });
    this.#move = move;
    return () => {
      move.stop();
      if (this.#over) return;
      this.#comparing?.abort();
      void this.#giveUp();
    };
  }

  #retrOptions(): ReturnType<typeof retrOptionsOf> {
    const options = retrOptionsOf(this.#source.options);
    const { tail, size } = this.#plan;
    // A partial file that counted as complete would never be completed, so a resumed download checks its size.
    const atLeast = options.verify === false ? 'known' : options.verify;
    const known = size === undefined ? options : { ...options, size, verify: atLeast };
    if (tail === undefined) return known;
    // The checksum is that of the whole file, and is compared when it is there. A server may ignore REST: the size tells.
    const verify = options.verify === 'size' ? 'size' : 'known';
    return { ...known, start: tail.start, verify };
  }

  #writer(): WriteViews {
    const { file, tail } = this.#plan;
    const writer = new FileWriter(() => file.open(), tail?.start);
    if (tail === undefined) return (views) => writer.write(views);
    const check = new TailCheck(this.#source.remote, tail);
    return async (views) => {
      check.check(views);
      await writer.write(views);
    };
  }

  /** In bytes of the file, those of an earlier run included. */
  #report(progress: TransferProgress | undefined): void {
    if (progress === undefined) return;
    const { tail } = this.#plan;
    this.#subscriber.next(tail === undefined ? progress : { ...progress, ...resumed(progress, tail.start) });
  }

  async #finish(verifiedBy: VerifiedBy | undefined): Promise<void> {
    if (this.#over) return;
    const { file, modified } = this.#plan;
    const completion = { modified, fsync: this.#source.options.fsync };
    let proof = verifiedBy;
    try {
      await file.close(completion);
      // A download that is left asks the server nothing more.
      if (this.#over) return;
      if (this.#plan.confirm !== undefined) await this.#plan.confirm(this.#meter.bytes);
      if (this.#over) return;
      if (this.#checksWhole) proof = await this.#compareHashes();
      if (this.#over) return;
      await file.publish(completion);
    } catch (error) {
      return this.#fail(error);
    }
    this.#over = true;
    this.#report(this.#meter.done(proof));
    this.#subscriber.complete();
  }

  get #checksWhole(): boolean {
    return this.#source.options.verify === 'hash' && this.#plan.tail !== undefined;
  }

  async #compareHashes(): Promise<VerifiedBy> {
    const { ftp, remote, options } = this.#source;
    const comparing = new AbortController();
    this.#comparing = comparing;
    const stopListening = onAbort(options.signal, (reason) => comparing.abort(reason));
    const { signal } = comparing;
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

  /** A file with wrong bytes is of no use to the next run. */
  #giveUp(error?: unknown): Promise<void> {
    this.#over = true;
    const { file, keeps } = this.#plan;
    const isWrong = error instanceof FtpTransferError && !error.transient;
    return keeps && !isWrong ? file.leave() : file.discard();
  }
}

function resumed(progress: TransferProgress, from: number): Partial<TransferProgress> {
  // After a drop it goes on further behind.
  const { bytes, total, resumedFrom = from } = progress;
  return { bytes: bytes + from, resumedFrom, ...(total === undefined ? {} : { total: total + from }) };
}
