/**
 * Makes an upload's source of text lines in the ASCII type. Each ends by LF, which that type sends as CRLF.
 *
 * Lines that come together leave in one piece. It does not wait for more: the lines of one turn of the event loop leave together.
 */
import type { Observable } from 'rxjs';
import { FtpUsageError } from '../errors.js';
import type { Pull } from './pull.js';
import { isByteSource, openPull, type SourceReader } from './source.js';

/** Lines of text to upload. */
export type LineSource = Observable<string> | Iterable<string> | AsyncIterable<string>;

/** Lines are read ahead and sent in pieces of about this many characters. */
const PIECE_CHARACTERS = 32 * 1024;

/** Throws an FtpUsageError for a source without lines; to be called before anything is sent. */
export function requireLineSource(value: unknown): asserts value is LineSource {
  const whole = typeof value === 'string' || value instanceof Uint8Array || value instanceof Blob;
  if (!whole && isByteSource(value) && !(Array.isArray(value) && value.some((line) => typeof line !== 'string')))
    return;
  throw new FtpUsageError(
    'Cannot upload this as lines: give an Observable, an iterable or an async iterable of strings',
  );
}

/** Reads `source` line by line, by the reader that `open` makes of it, and returns bytes of text that `encode` makes. */
export function readLines(
  source: LineSource,
  encode: (text: string) => Uint8Array,
  open: () => Pull = () => openPull(source),
): SourceReader {
  return new LineReader(open, encode);
}

class LineReader implements SourceReader {
  readonly #open: () => Pull;
  readonly #encode: (text: string) => Uint8Array;
  #pull: Pull | undefined;
  #text = '';
  #collecting = false;
  #end: { readonly error?: unknown } | undefined;
  #cancelled = false;
  #wake: () => void = () => {};

  constructor(open: () => Pull, encode: (text: string) => Uint8Array) {
    this.#open = open;
    this.#encode = encode;
  }

  async next(): Promise<Uint8Array | undefined> {
    void this.#collect();
    if (this.#text === '' && this.#end === undefined) await this.#change();
    if (this.#end === undefined && this.#text.length < PIECE_CHARACTERS) await new Promise(setImmediate);
    if (this.#cancelled) return undefined;
    const text = this.#text;
    this.#text = '';
    if (text !== '') return this.#encode(text);
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
    return undefined;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#end = {};
    this.#pull?.cancel();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Reads until a piece is full. */
  async #collect(): Promise<void> {
    if (this.#collecting) return;
    this.#collecting = true;
    try {
      while (this.#end === undefined && this.#text.length < PIECE_CHARACTERS) await this.#readLine();
    } catch (error) {
      this.#end ??= { error };
    }
    this.#collecting = false;
    this.#wake();
  }

  async #readLine(): Promise<void> {
    this.#pull ??= this.#open();
    const { done, value } = await this.#pull.next();
    if (done === true) this.#end ??= {};
    else this.#text += lineText(value);
    this.#wake();
  }
}

function lineText(line: unknown): string {
  if (typeof line !== 'string')
    throw new FtpUsageError(`The source of lines gave a value of type ${typeof line}`, { outcome: 'unknown' });
  return `${line.replace(/\r?\n$|\r$/, '')}\n`;
}
