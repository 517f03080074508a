/**
 * Opens the source of one try of an upload, right before STOR. If the user's function has opened a stream, and the try has not read it, the
 * try destroys it.
 */
import { FtpUsageError } from '../../../errors.js';
import type { Rereadable } from '../../../streams/rereadable.js';
import { openPull, readSource, type SourceReader } from '../../../streams/source.js';
import { isReadable, requireUsable, whenOpened } from '../../../streams/source-use.js';

export class OpenedSource implements SourceReader {
  readonly #open: () => unknown;
  #source: unknown;
  #reader: SourceReader | undefined;

  constructor(source: Rereadable, offset: number) {
    this.#open = () => source.from(offset);
  }

  /** Opens it; resolves when a file is open, or will never be. */
  readonly opening = (): Promise<void> | undefined => {
    const source = this.#open();
    this.#source = source;
    if (isStream(source)) source.on('error', ignore);
    this.#reader = readSource(source as string, () => openPull(source as string));
    return whenOpened(source);
  };

  /** Throws if it cannot be read. */
  readonly requireUsable = (): void => requireUsable(this.#source);

  async next(): Promise<Uint8Array | undefined> {
    return this.#opened().next();
  }

  giveBack(chunk: Uint8Array): void {
    this.#reader?.giveBack?.(chunk);
  }

  expectedBytes(): number | undefined {
    return this.#reader?.expectedBytes?.();
  }

  cancel(): void {
    this.#reader?.cancel();
    if (isStream(this.#source) && !this.#source.destroyed) this.#source.destroy();
  }

  #opened(): SourceReader {
    if (this.#reader === undefined) throw new FtpUsageError('The source of the upload was not opened.');
    return this.#reader;
  }
}

function isStream(source: unknown): source is NodeJS.ReadableStream & { destroyed: boolean; destroy(): void } {
  return typeof source === 'object' && source !== null && isReadable(source);
}

/** The upload, or `requireUsable`, reports its error. */
function ignore(): void {}
