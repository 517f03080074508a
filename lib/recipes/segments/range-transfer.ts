/**
 * Downloads one range of a file, by its own RETR from the range's start on. It aborts the transfer when the range is complete. If no
 * transfer has begun the next range, it continues into that.
 */
import type { FileHandle } from 'node:fs/promises';
import { FtpTransferError } from '../../errors.js';
import { FileWriter } from '../../sinks/file-writer.js';
import { type ByteMove, moveBytes, type WriteViews } from '../../sinks/move-bytes.js';
import { FIRST_TRY, type TransferTry } from '../../streams/progress-meter.js';
import { type DownloadOptions, retrOptionsOf } from '../download-options.js';
import type { DownloadFtp } from '../local-plan.js';
import type { StoredTail } from '../stored-tail.js';
import { TailCheck } from '../tail-check.js';
import type { Range } from './ranges.js';
import { TooManyBytes } from './segment-errors.js';

export interface RangeTransferOptions {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  readonly options: DownloadOptions;
  /** Of the whole file. */
  readonly size: number;
  readonly range: Range;
  /** The bytes before the range, which are compared. */
  readonly stored: StoredTail | undefined;
  readonly open: () => Promise<FileHandle>;
  /** So many bytes of the file have come. */
  readonly onBytes: (bytes: number) => void;
  readonly onWritten: () => void;
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
  /** Takes the range that begins at `offset` over, and gives its end. Undefined if a transfer has begun it. */
  readonly takeOver: (offset: number) => number | undefined;
}

export class RangeTransfer {
  readonly start: number;
  readonly #options: RangeTransferOptions;
  readonly #from: number;
  readonly #writer: FileWriter;
  #end: number;
  /** The offset behind the last byte that has come. */
  #at: number;
  #move: ByteMove | undefined;
  /** The last write. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: RangeTransferOptions) {
    const { range, stored } = options;
    this.#options = options;
    this.start = range.start;
    this.#end = range.end;
    this.#from = stored?.start ?? range.start;
    this.#at = this.#from;
    this.#writer = new FileWriter(options.open, this.#from);
  }

  get end(): number {
    return this.#end;
  }

  get hasBegun(): boolean {
    return this.#at > this.#from;
  }

  /** Bytes have come, and more are to come. */
  get isMoving(): boolean {
    return this.hasBegun && this.#at < this.#end;
  }

  get tried(): TransferTry {
    return this.#move?.tried ?? FIRST_TRY;
  }

  /** The part that is written. */
  get written(): Range {
    return { start: this.start, end: Math.max(this.start, this.#writer.position) };
  }

  run(): void {
    const { ftp, remote, options, size, onError } = this.#options;
    // The bytes are counted, with any verification besides.
    const retr = { ...retrOptionsOf(options), type: 'binary', start: this.#from, size, verify: 'known' } as const;
    this.#move = moveBytes(ftp.retr$(remote, retr), {
      write: this.#write(),
      wanted: (bytes) => this.#wanted(bytes),
      onBytes: (bytes) => this.#came(bytes),
      onComplete: () => this.#complete(),
      onError,
    });
  }

  /** Resolves when no write is under way, of a transfer that is stopped. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  /** Ends its transfer, which may not have begun. */
  stop(): void {
    this.#move?.stop();
  }

  #write(): WriteViews {
    const { remote, stored, onWritten } = this.#options;
    const check = stored === undefined ? undefined : new TailCheck(remote, stored);
    const write: WriteViews = async (views) => {
      check?.check(views);
      await this.#writer.write(views);
      onWritten();
    };
    return (views) => {
      this.#writing = write(views);
      return this.#writing;
    };
  }

  /** The end of the file ends its transfer by itself, which shows that there are no more bytes. */
  #wanted(bytes: number): number {
    const { size, takeOver } = this.#options;
    while (this.#end < size && this.#end - this.#at <= bytes) {
      const end = takeOver(this.#end);
      if (end === undefined) return this.#end - this.#at;
      this.#end = end;
    }
    return this.#end === size ? Number.POSITIVE_INFINITY : this.#end - this.#at;
  }

  #came(bytes: number): void {
    const before = Math.max(this.start, this.#at);
    this.#at += bytes;
    if (this.#at > this.#options.size) {
      this.stop();
      this.#options.onError(new TooManyBytes(`${this.#text} has more bytes than the file.`));
      return;
    }
    if (this.#at > before) this.#options.onBytes(this.#at - before);
  }

  #complete(): void {
    if (this.#at === this.#end) this.#options.onDone();
    else this.#options.onError(new FtpTransferError(`${this.#text} ended at ${this.#at}.`, this.#details));
  }

  get #text(): string {
    return `RETR ${this.#options.remote}, bytes ${this.#from} to ${this.#end} of ${this.#options.size},`;
  }

  get #details(): ConstructorParameters<typeof FtpTransferError>[1] {
    return {
      command: `RETR ${this.#options.remote}`,
      bytes: this.#at - this.#from,
      changed: true,
    };
  }
}
