/** Compares the first bytes of a resumed download with the stored bytes of an earlier run. */
import { FtpTransferError } from '../errors.js';
import type { StoredTail } from './stored-tail.js';

export class TailCheck {
  readonly #remote: string;
  readonly #tail: StoredTail;
  #checked = 0;

  constructor(remote: string, tail: StoredTail) {
    this.#remote = remote;
    this.#tail = tail;
  }

  /** Throws FtpTransferError at the first byte that differs. */
  check(views: readonly Uint8Array[]): void {
    for (const view of views) {
      const stored = this.#tail.bytes.subarray(this.#checked, this.#checked + view.length);
      if (Buffer.compare(stored, view.subarray(0, stored.length)) !== 0) throw this.#differs();
      this.#checked += stored.length;
    }
  }

  #differs(): FtpTransferError {
    return new FtpTransferError(
      `RETR ${this.#remote} was not resumed: the file has other bytes than its partial file, whose size and time fit. ` +
        'The partial file was removed: the next download begins anew.',
      { command: `RETR ${this.#remote}`, bytes: 0, transient: false, outcome: 'none' },
    );
  }
}
