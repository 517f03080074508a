/**
 * Holds the known facts of the file of a download with `resume`, and the count of its delivered bytes.
 *
 * SIZE and MDTM identify the file again before each try. Before the first byte no bytes can be joined wrongly, so the download takes the
 * file of that try.
 */
import type { Session } from '../../../control/session.js';
import { FtpTransferError } from '../../../errors.js';
import { Tail } from '../tail-start.js';
import type { RetrOptions } from '../transfer-options.js';
import { DeliveredTail } from './delivered-tail.js';
import { askIdentity, differenceOf, type FileIdentity, sizeIn } from './file-identity.js';

export interface DownloadedPart {
  readonly path: string;
  /** Names the download in errors; secrets are masked. */
  readonly command: string;
  readonly options: RetrOptions;
  readonly overlapBytes: number;
}

export class DownloadedFile {
  readonly #part: DownloadedPart;
  readonly #tail: DeliveredTail;
  #identity: FileIdentity | undefined;
  /** Below 0 until SIZE has told it. */
  #start: number;
  #size: number | undefined;
  #delivered = 0;

  constructor(part: DownloadedPart) {
    this.#part = part;
    this.#tail = new DeliveredTail(part.overlapBytes);
    this.#start = part.options.start ?? 0;
    this.#size = part.options.size;
  }

  /** The number of delivered bytes. */
  get delivered(): number {
    return this.#delivered;
  }

  /** The offset of the first byte in the file. */
  get start(): number {
    return this.#start;
  }

  /** The offset of the next byte in the file. */
  get position(): number {
    return this.#start + this.#delivered;
  }

  get size(): number | undefined {
    return this.#size;
  }

  /** The number of bytes that the download will have, if the size is known. */
  get total(): number | undefined {
    if (this.#start < 0 || this.#size === undefined) return undefined;
    return Math.max(0, Math.min(this.#size, this.#end) - this.#start);
  }

  /** The bytes before the next one, which have to come again. */
  get overlap(): Uint8Array {
    return this.#tail.bytes();
  }

  /** The received bytes are the whole file. */
  get isWhole(): boolean {
    return this.#start === 0 && this.#delivered < this.#end;
  }

  /** Called before a chunk is passed on: its memory is the consumer's then. */
  add(chunk: Uint8Array): void {
    this.#tail.add(chunk);
    this.#delivered += chunk.length;
  }

  /** A preliminary reply has named so many bytes. For a download up to `end` they may be those of the part. */
  announced(bytes: number | undefined): void {
    if (bytes !== undefined && this.#start + bytes < this.#end) this.#size ??= this.#start + bytes;
  }

  /** Throws FtpTransferError if it is not the file that the download began with. */
  async identify(session: Session): Promise<void> {
    const { path, options } = this.#part;
    const known = this.#delivered > 0 ? this.#identity : undefined;
    const now = await askIdentity(session, path, known);
    const difference = known && differenceOf(known, now);
    if (difference !== undefined) throw this.changed(difference);
    this.#identity = { SIZE: now.SIZE ?? known?.SIZE, MDTM: now.MDTM ?? known?.MDTM };
    const told = sizeIn(this.#identity);
    const named = options.verify === 'size' ? (told ?? options.size) : (options.size ?? told);
    this.#size = named ?? (known && this.#size);
    if (this.#delivered === 0) await this.#findStart(session);
  }

  /** The error if the file is another one; `how` is a clause. */
  changed(how: string): FtpTransferError {
    const { command } = this.#part;
    const bytes = this.#delivered;
    return new FtpTransferError(
      `${command} cannot go on after ${bytes} bytes: the file is not the one that it began with: ${how}.`,
      { command, bytes, changed: true },
    );
  }

  get #end(): number {
    return this.#part.options.end ?? Number.POSITIVE_INFINITY;
  }

  async #findStart(session: Session): Promise<void> {
    const { path, options } = this.#part;
    const { start = 0, end } = options;
    if (start >= 0) return;
    const tail = await Tail.find(session, { path, start, end, size: this.#size });
    this.#start = tail.start;
    this.#size = tail.size;
  }
}
