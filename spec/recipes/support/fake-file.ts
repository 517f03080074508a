/**
 * A file whose disk the spec is: writes that wait, that are short, that fail. It checks what a borrower promises: the memory
 * of a write must not change before the write is done.
 */
import type { FileHandle } from 'node:fs/promises';
import { Latch } from '../../control/support/connected.js';

export interface FakeFileOptions {
  /** The most bytes that one write takes. */
  readonly shortWrites?: number;
  /** The number of the write that fails, from 1, and how. */
  readonly failure?: { readonly at: number; readonly error: Error };
}

export class FakeFile {
  /** The written bytes, by position. */
  readonly content: Buffer[] = [];
  bytes = 0;
  writes = 0;
  writing = 0;
  /** Memory that changed while it was being written, and writes out of place: there should be none. */
  readonly faults: string[] = [];
  readonly #options: FakeFileOptions;
  #busy: Latch | undefined;

  constructor(options: FakeFileOptions = {}) {
    this.#options = options;
  }

  get handle(): FileHandle {
    return this as unknown as FileHandle;
  }

  /** From now on writes wait, until the returned function is called. */
  block(): () => void {
    const busy = new Latch();
    this.#busy = busy;
    return () => {
      if (this.#busy === busy) this.#busy = undefined;
      busy.open();
    };
  }

  async writev(views: readonly Uint8Array[], position: number): Promise<{ bytesWritten: number }> {
    this.writes += 1;
    if (this.writing > 0) this.faults.push('two writes at once');
    if (position !== this.bytes) this.faults.push(`a write at ${position} instead of ${this.bytes}`);
    const { failure, shortWrites = Number.POSITIVE_INFINITY } = this.#options;
    if (this.writes === failure?.at) throw failure.error;
    const asked = Buffer.concat(views);
    this.writing += 1;
    await (this.#busy?.opened ?? new Promise(setImmediate));
    this.writing -= 1;
    if (!asked.equals(Buffer.concat(views))) this.faults.push(`the memory of write ${this.writes} has changed`);
    const taken = asked.subarray(0, shortWrites);
    this.content.push(taken);
    this.bytes += taken.length;
    return { bytesWritten: taken.length };
  }
}
