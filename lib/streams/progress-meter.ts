/**
 * Reports the progress of a transfer as values: at most one in an interval, and a last one.
 *
 * It has no timer and reports when bytes move, so a transfer that stands still is silent.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { RecentRate } from './recent-rate.js';

/** A try of a transfer. */
export type TransferTry = Pick<TransferProgress, 'attempt' | 'resumedFrom'>;

export const FIRST_TRY: TransferTry = /* @__PURE__ */ Object.freeze({ attempt: 1 });

/** The state of a transfer. Times in milliseconds, sizes in bytes. */
export interface TransferProgress {
  /** The path that is transferred; absent where only the bytes are known. */
  readonly path?: string;
  /** Bytes that have moved: since the last beginning, if an upload had to begin anew. */
  readonly bytes: number;
  /** The number of the try, from 1. With the option `retry` an upload may begin anew, and with `resume` continue. */
  readonly attempt: number;
  /** Bytes that there will be, if that is known. */
  readonly total?: number;
  /** Of a later try with `resume`: the offset in the remote file from which it goes on. */
  readonly resumedFrom?: number;
  readonly elapsedMs: number;
  /** The average since the beginning; 0 until time has passed. */
  readonly bytesPerSecond: number;
  /**
   * The time left, by the rate of the last five seconds; 0 when the transfer is `done`. Absent if no `total` is known, or nothing
   * has moved in that time.
   */
  readonly etaMs?: number;
  /** Whether this is the last one: the transfer is complete. */
  readonly done: boolean;
  /** Whether the bytes were checked, against a size that was named beforehand, or a checksum; never before `done`. */
  readonly verified: boolean;
  /**
   * The proof, if it is `verified`: `'size'`, or the algorithm of the checksum that the server has told (`verify: 'hash'`), such as
   * `'SHA-256'`.
   */
  readonly verifiedBy?: VerifiedBy;
}

export interface ProgressMeterOptions {
  readonly path?: string | undefined;
  /** The bytes that there will be, as far as is known at a report. */
  readonly total?: (() => number | undefined) | undefined;
  /** The try that is under way. Default: the first. */
  readonly tried?: (() => TransferTry) | undefined;
  /** Least time between two reports. Default 250. */
  readonly intervalMs?: number | undefined;
  /** The time in milliseconds; only differences count. */
  readonly now: () => number;
}

/** While it is made: an unknown field is absent. */
type Report = { -readonly [Field in keyof TransferProgress]: TransferProgress[Field] };

/** The least time between two reports unless told otherwise. */
export const PROGRESS_INTERVAL_MS = 250;

export class ProgressMeter {
  readonly #options: ProgressMeterOptions;
  readonly #intervalMs: number;
  readonly #startedAt: number;
  readonly #rate: RecentRate;
  #reportedAt: number;
  #bytes = 0;

  constructor(options: ProgressMeterOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? PROGRESS_INTERVAL_MS;
    this.#startedAt = options.now();
    this.#reportedAt = this.#startedAt;
    this.#rate = new RecentRate(this.#startedAt);
  }

  /** Bytes counted so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts `bytes`; gives a report when one is due. */
  add(bytes: number): TransferProgress | undefined {
    this.#bytes += bytes;
    const now = this.#options.now();
    if (now - this.#reportedAt < this.#intervalMs) return undefined;
    this.#reportedAt = now;
    return this.#report(now, false);
  }

  /** The last report. */
  done(verifiedBy: VerifiedBy | undefined): TransferProgress {
    return this.#report(this.#options.now(), true, verifiedBy);
  }

  #timeLeft(now: number, total: number | undefined): number | undefined {
    const bytesPerSecond = this.#rate.measure(now, this.#bytes);
    if (total === undefined || bytesPerSecond <= 0) return undefined;
    return Math.round((Math.max(0, total - this.#bytes) * 1000) / bytesPerSecond);
  }

  #report(now: number, done: boolean, verifiedBy?: VerifiedBy): TransferProgress {
    const { path } = this.#options;
    const { attempt, resumedFrom } = this.#options.tried?.() ?? FIRST_TRY;
    const total = this.#options.total?.();
    // A wall clock may be set back.
    const elapsedMs = Math.max(0, now - this.#startedAt);
    const bytesPerSecond = elapsedMs === 0 ? 0 : (this.#bytes * 1000) / elapsedMs;
    const verified = verifiedBy !== undefined;
    const report: Report = { bytes: this.#bytes, attempt, elapsedMs, bytesPerSecond, done, verified };
    const etaMs = done ? 0 : this.#timeLeft(now, total);
    if (path !== undefined) report.path = path;
    if (total !== undefined) report.total = total;
    if (resumedFrom !== undefined) report.resumedFrom = resumedFrom;
    if (etaMs !== undefined) report.etaMs = etaMs;
    if (verifiedBy !== undefined) report.verifiedBy = verifiedBy;
    return report;
  }
}
