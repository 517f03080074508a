/**
 * Gives the source of an upload that may be compressed (MODE Z): one stream of zlib's format. In any other mode it passes the source's
 * chunks through.
 *
 * ProFTPD below 1.3.8d and 1.3.9rc3 inflates up to 16 KiB at once, into a buffer of eight times that size. It drops compressed bytes that
 * do not fit, and may still report success (proftpd issue 1896). The greeting names no version. So no part of the stream grows by that
 * much, for any server. Each piece of the file ends in a sync flush. If a piece has shrunk to less than a sixth, empty blocks fill it up.
 */
import type { Deflate } from 'node:zlib';
import { nodeZlib } from '../net/builtins.js';
import type { SourceReader } from '../streams/source.js';

/** A part of the file that is flushed. Two of them may be in a server's buffer in part. */
export const PIECE_BYTES: number = 8 * 1024;
/** No piece is sent in less than this part of its length. */
const LEAST_PART = 1 / 6;
/** As much of the file as is compressed at once. */
const BLOCK_BYTES = 64 * 1024;
/** An empty stored block (RFC 1951 section 3.2.4), if the stream is at a byte's boundary, as it is after a flush. */
const EMPTY_BLOCK: Uint8Array = /* @__PURE__ */ Uint8Array.of(0, 0, 0, 0xff, 0xff);

export class Deflater implements SourceReader {
  readonly #source: SourceReader;
  readonly #isOn: () => boolean;
  #stream: Deflate | undefined;
  /** Output that was not given yet. */
  #output: Uint8Array[] = [];
  /** The part of the source's last chunk that is to be compressed. */
  #chunk: Uint8Array | undefined;
  #at = 0;
  /** The chunk that the source was asked for. */
  #asked: Promise<Uint8Array | undefined> | undefined;
  #cancelled = false;
  #ended = false;
  #stopWaiting: (() => void) | undefined;
  readonly #fileBytes = new WeakMap<Uint8Array, number>();

  /** `isOn` is asked when the source is read. */
  constructor(source: SourceReader, isOn: () => boolean) {
    this.#source = source;
    this.#isOn = isOn;
  }

  next(): Promise<Uint8Array | undefined> {
    return this.#isOn() ? this.#next() : this.#source.next();
  }

  giveBack(chunk: Uint8Array): void {
    if (!this.#isOn()) this.#source.giveBack?.(chunk);
  }

  expectedBytes(): number | undefined {
    return this.#source.expectedBytes?.();
  }

  /** The number of the file's bytes in a chunk. */
  fileBytes(chunk: Uint8Array): number {
    return this.#fileBytes.get(chunk) ?? chunk.length;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#source.cancel();
    this.#stream?.destroy();
    this.#stopWaiting?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#ended || this.#cancelled) return undefined;
    this.#stream ??= this.#open();
    const block = await this.#block();
    if (this.#cancelled) return undefined;
    if (block === undefined) await this.#end(this.#stream);
    else await this.#compress(this.#stream, block);
    return this.#cancelled ? undefined : this.#take(block?.length ?? 0);
  }

  /** Output for so many bytes of the file. */
  #take(bytes: number): Uint8Array {
    const chunk = Buffer.concat(this.#output);
    this.#output = [];
    this.#fileBytes.set(chunk, bytes);
    return chunk;
  }

  /** The next bytes of the source: of one large chunk, or of all the small ones that it has by now. */
  async #block(): Promise<Uint8Array | undefined> {
    const first = await this.#part();
    if (first === undefined || first.length >= PIECE_BYTES) return first;
    const parts = [Buffer.from(first)];
    for (let length = first.length; length < BLOCK_BYTES; ) {
      const part = await this.#part(soon());
      if (part === undefined) break;
      parts.push(Buffer.from(part));
      length += part.length;
    }
    return Buffer.concat(parts);
  }

  /** The next part of the source's chunk, valid until the next call. Undefined at the end, or when `late` is first. */
  async #part(late?: Promise<undefined>): Promise<Uint8Array | undefined> {
    if (this.#chunk === undefined || this.#at >= this.#chunk.length) {
      const chunk = await this.#ask(late);
      if (chunk === undefined) return undefined;
      this.#chunk = chunk;
      this.#at = 0;
    }
    const part = this.#chunk.subarray(this.#at, this.#at + BLOCK_BYTES);
    this.#at += part.length;
    return part;
  }

  async #ask(late?: Promise<undefined>): Promise<Uint8Array | undefined> {
    if (this.#chunk !== undefined) this.#source.giveBack?.(this.#chunk);
    this.#chunk = undefined;
    if (this.#asked === undefined) {
      this.#asked = this.#source.next();
      // Its error is the next call's, if nothing waits for it now.
      this.#asked.catch(() => undefined);
    }
    const asked = this.#asked;
    const chunk = await (late === undefined ? asked : Promise.race([asked, late]));
    // The end of the source stays asked for, and is met again.
    if (chunk !== undefined) this.#asked = undefined;
    return chunk;
  }

  async #compress(stream: Deflate, block: Uint8Array): Promise<void> {
    for (let at = 0; at < block.length && !this.#cancelled; at += PIECE_BYTES) {
      const piece = block.subarray(at, at + PIECE_BYTES);
      const before = this.#outputBytes();
      await this.#until((done) => stream.write(piece, done));
      this.#fill(piece.length * LEAST_PART - (this.#outputBytes() - before));
    }
  }

  #fill(bytes: number): void {
    for (let missing = bytes; missing > 0; missing -= EMPTY_BLOCK.length) this.#output.push(EMPTY_BLOCK);
  }

  async #end(stream: Deflate): Promise<void> {
    this.#ended = true;
    await this.#until((done) => stream.once('end', done).end());
  }

  /** Waits for zlib, or for `cancel`: a stream that is destroyed may call nothing back. */
  #until(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#stopWaiting = resolve;
      start(resolve);
    });
  }

  #outputBytes(): number {
    return this.#output.reduce((sum, { length }) => sum + length, 0);
  }

  #open(): Deflate {
    const zlib = nodeZlib();
    const stream = zlib.createDeflate({ flush: zlib.constants.Z_SYNC_FLUSH, chunkSize: BLOCK_BYTES });
    stream.on('data', (chunk: Uint8Array) => this.#output.push(chunk));
    // zlib cannot fail to compress; a stream that is destroyed under way may say so.
    stream.on('error', () => this.#stopWaiting?.());
    return stream;
  }
}

/** When this turn is over: a source that has more by then has it at once. */
function soon(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve, undefined));
}
