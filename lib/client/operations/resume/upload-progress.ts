/** Reports the progress of an upload with `resume`, over all its tries. */
import type { VerifiedBy } from '../../../protocol/hash-algorithms.js';
import { FIRST_TRY, ProgressMeter, type TransferProgress, type TransferTry } from '../../../streams/progress-meter.js';

export interface ReportedUpload {
  readonly path: string;
  /** As many bytes as the source has, if it says so; a file says it once it is open. */
  readonly size: () => number | undefined;
  readonly intervalMs: number;
  readonly emit: (progress: TransferProgress) => void;
  /** Told when the socket took more, or the server has stored more, than in any try before. */
  readonly onFurther: () => void;
}

export class UploadProgress {
  readonly #upload: ReportedUpload;
  #meter: ProgressMeter | undefined;
  #tried: TransferTry = FIRST_TRY;
  /** As many as the source of a try has shown. */
  #shown: number | undefined;
  #most = 0;
  /** The greatest offset from which a try went on. */
  #mostStored = 0;

  constructor(upload: ReportedUpload) {
    this.#upload = upload;
  }

  /** The position in the source up to which the present try has sent. */
  get bytes(): number {
    return this.#meter?.bytes ?? 0;
  }

  /** The greatest position of all tries, or all of the source once that is sent. */
  get most(): number {
    return this.#most;
  }

  /** The first try begins to count its time, and later ones continue the count. */
  begin(now: () => number): void {
    const { path, intervalMs } = this.#upload;
    this.#meter ??= new ProgressMeter({
      path,
      total: () => this.#size(),
      tried: () => this.#tried,
      intervalMs,
      now,
    });
  }

  /**
   * A later try goes on behind so many stored bytes of the source. The socket may have taken all of a small file at once. The stored bytes
   * then show that the upload got further.
   */
  goesOn(stored: number, tried: TransferTry): void {
    this.#tried = tried;
    if (stored <= this.#mostStored) return;
    this.#mostStored = stored;
    this.#upload.onFurther();
  }

  /** The number of bytes that a try has to send, from `offset` on. `expected` comes from its source, which may know more. */
  left(offset: number, expected: number | undefined): number | undefined {
    if (expected !== undefined) this.#shown = offset + expected;
    const size = this.#size();
    return size === undefined ? undefined : size - offset;
  }

  /** The socket has taken the source up to this byte. */
  took(position: number): void {
    if (position > this.#most) {
      this.#most = position;
      this.#upload.onFurther();
    }
    const progress = this.#meter?.add(position - this.bytes);
    if (progress !== undefined) this.#upload.emit(progress);
  }

  /** All of the source was sent, which has so many bytes. */
  sentAll(bytes: number): void {
    this.#most = bytes;
  }

  /** The last report. */
  done(verifiedBy: VerifiedBy | undefined): void {
    const progress = this.#meter?.done(verifiedBy);
    if (progress !== undefined) this.#upload.emit(progress);
  }

  #size(): number | undefined {
    return this.#upload.size() ?? this.#shown;
  }
}
