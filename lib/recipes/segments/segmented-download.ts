/**
 * Downloads a file by several transfers at once into one partial file, one range for each transfer. The first transfer reads the file's
 * end. It shows whether the server can begin within a file. If a range still waits for a session, the transfer before it downloads that
 * range too. So on one session the file comes as one stream.
 */
import type { Subscriber } from 'rxjs';
import { FtpTransferError } from '../../errors.js';
import { SYSTEM_CLOCK } from '../../net/clock.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { onAbort } from '../../streams/abort-signal.js';
import { FIRST_TRY, ProgressMeter, type TransferProgress, type TransferTry } from '../../streams/progress-meter.js';
import type { FileProgress } from '../file-progress.js';
import type { LocalPlan } from '../local-plan.js';
import type { DownloadSource } from '../stream-download.js';
import { compareHashes } from '../whole-hash.js';
import { CheckpointClock } from './checkpoint-clock.js';
import { RangeQueue } from './range-queue.js';
import { isWrong, mayBeOfChange, RestIgnored, TooManyBytes } from './segment-errors.js';
import { type SegmentPlan, storedBytes } from './segment-plan.js';
import { requireUnchanged } from './unchanged.js';

/** A plan for a remote file whose size is known. */
export type SegmentedPlan = LocalPlan & { readonly segments: SegmentPlan };

export class SegmentedDownload {
  readonly #source: DownloadSource;
  readonly #plan: SegmentedPlan;
  readonly #subscriber: Subscriber<FileProgress>;
  readonly #queue: RangeQueue;
  readonly #meter: ProgressMeter;
  readonly #checkpoints = new CheckpointClock(SYSTEM_CLOCK.now);
  readonly #stored: number;
  /** Unsubscribed when the download is over, for any reason. */
  readonly #left = new AbortController();
  #over = false;

  constructor(source: DownloadSource, plan: SegmentedPlan, subscriber: Subscriber<FileProgress>) {
    this.#source = source;
    this.#plan = plan;
    this.#subscriber = subscriber;
    this.#stored = storedBytes(plan.segments);
    const left = plan.segments.size - this.#stored;
    this.#queue = new RangeQueue(plan.segments, {
      transfer: { ...source, size: plan.segments.size, open: () => plan.file.open() },
      onBytes: (bytes) => this.#onBytes(bytes),
      onWritten: () => this.#onWritten(),
      onDone: () => void this.#finish(),
      onError: (error) => void this.#fail(error),
    });
    this.#meter = new ProgressMeter({
      path: source.remote,
      total: () => left,
      tried: () => this.#tried,
      intervalMs: source.options.progressIntervalMs,
      now: SYSTEM_CLOCK.now,
    });
  }

  /** Returns what cancels it. */
  start(): () => void {
    this.#queue.start();
    return () => {
      this.#queue.stop();
      this.#left.abort();
      if (!this.#over) void this.#giveUp();
    };
  }

  /** The number of tries of the transfer that needed most; where it went on counts in no whole file. */
  get #tried(): TransferTry {
    return { ...FIRST_TRY, attempt: this.#queue.attempt };
  }

  #onBytes(bytes: number): void {
    if (this.#over) return;
    this.#checkpoints.add(bytes);
    const progress = this.#meter.add(bytes);
    if (progress !== undefined) this.#report(progress);
  }

  /** In bytes of the file, those of an earlier run included. */
  #report(progress: TransferProgress, more: Partial<FileProgress> = {}): void {
    const from = this.#stored;
    const resumed = from === 0 ? {} : { resumedFrom: from };
    const { size: total } = this.#plan.segments;
    const segments = Math.max(1, this.#queue.most);
    this.#subscriber.next({ ...progress, bytes: progress.bytes + from, total, ...resumed, segments, ...more });
  }

  #onWritten(): void {
    if (this.#over || this.#plan.segments.map === undefined || !this.#checkpoints.begin()) return;
    void this.#save()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#checkpoints.end());
  }

  /** Puts what is written on the disk, and then into the map. */
  async #save(): Promise<void> {
    const ranges = this.#queue.written;
    await this.#plan.segments.map?.save(await this.#plan.file.open(), ranges);
  }

  async #finish(): Promise<void> {
    if (this.#over) return;
    const { file, modified, segments } = this.#plan;
    const completion = { modified, fsync: this.#source.options.fsync };
    let proof: VerifiedBy;
    try {
      // All is written: a run that is killed while the server is asked need not download it again.
      await this.#save();
      proof = await this.#verify();
      if (this.#over) return;
      await segments.map?.close();
      await file.close(completion);
      if (this.#over) return;
      await file.publish(completion);
      // A map without its partial file is removed by the next run.
      await segments.map?.remove().catch(() => undefined);
    } catch (error) {
      await this.#fail(error);
      return;
    }
    this.#over = true;
    this.#report(this.#meter.done(proof), { file: file.final });
    this.#subscriber.complete();
  }

  async #verify(): Promise<VerifiedBy> {
    const { ftp, remote, options } = this.#source;
    await this.#requireUnchanged();
    if (options.verify !== 'hash') return 'size';
    const { path } = this.#plan.file;
    const bytes = this.#meter.bytes;
    return this.#untilLeft((signal) => compareHashes({ ftp, remote, local: path, bytes, signal }));
  }

  /** The ranges are those of one file only if it is the same at the end. */
  #requireUnchanged(): Promise<void> {
    const { ftp, remote } = this.#source;
    const bytes = this.#meter.bytes;
    return this.#untilLeft((signal) => requireUnchanged({ ftp, remote, bytes, signal }, this.#plan.segments));
  }

  /** Aborts the questions of `ask` if the download is unsubscribed, or the user's signal aborts. */
  async #untilLeft<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopListening = onAbort(this.#source.options.signal, (reason) => this.#left.abort(reason));
    try {
      return await ask(this.#left.signal);
    } finally {
      stopListening();
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#queue.stop();
    const cause = mayBeOfChange(error) ? await this.#reasonOf(error) : error;
    await this.#giveUp(cause);
    this.#subscriber.error(cause);
  }

  /** A changed file is the reason where SIZE or MDTM tell one. Else too many bytes show that the server has ignored REST. */
  async #reasonOf(error: unknown): Promise<unknown> {
    try {
      await this.#requireUnchanged();
    } catch (reason) {
      if (error instanceof TooManyBytes || reason instanceof FtpTransferError) return reason;
    }
    return error instanceof TooManyBytes ? new RestIgnored(error.message) : error;
  }

  /** A file with wrong bytes is of no use to the next run. The end of the download is reported, and not that of its clean-up. */
  async #giveUp(error?: unknown): Promise<void> {
    this.#over = true;
    const { file, keeps, segments } = this.#plan;
    if (keeps && !isWrong(error)) {
      await this.#queue.settled();
      if (this.#queue.written.length > 0) await this.#save().catch(() => undefined);
      await segments.map?.close().catch(() => undefined);
      await file.leave();
    } else {
      await segments.map?.remove().catch(() => undefined);
      await file.discard();
    }
  }
}
