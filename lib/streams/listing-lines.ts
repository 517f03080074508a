/**
 * Turns the bytes of LIST, NLST or MLSD into lines. It decodes each by itself, drops blank ones, and never takes a cut line for a whole
 * one.
 */
import type { OperatorFunction, Subscriber } from 'rxjs';
import { FtpTransferError } from '../errors.js';
import { requireLimit } from '../protocol/check-number.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import type { DecodeLine } from './decode-line.js';
import { flowOperator } from './flow.js';
import { LineTexts } from './line-texts.js';
import { ListingLineDecoder } from './listing-line-decoder.js';

export interface ListingLinesOptions {
  /** The longest line, in bytes. Default 64 KiB. */
  readonly maxLineBytes?: number | undefined;
  /** The decoder of a line. Default: UTF-8 that loses no byte of a name (see `decodeLine`). */
  readonly decode?: DecodeLine | undefined;
  /** Takes a last line without a line end for a whole one, for servers that never send the last line end. Default `false`. */
  readonly allowUnterminated?: boolean | undefined;
}

/** The options of every operator on listings. */
export const LINE_NAMES: Readonly<Record<keyof ListingLinesOptions, true>> = {
  maxLineBytes: true,
  decode: true,
  allowUnterminated: true,
};

const MAX_LINE_BYTES = 64 * 1024;

/**
 * Splits the bytes of a listing into lines. They end by CRLF, by LF if the listing has no CRLF, or by CR if it has no LF.
 *
 * Emits each line as soon as its end is certain, without blank lines: ftp-srv sends one for an empty directory. A bare LF is certain 1 KiB
 * later, or 5 KiB if the first line is a link or ends in CR, or at the end. Errors with `FtpTransferError` if the data ends within a line,
 * which it does not emit: half a name is the name of another file. Errors with `FtpProtocolError` when a line is longer than
 * `maxLineBytes`.
 */
export function listingLines(options: ListingLinesOptions = {}): OperatorFunction<Uint8Array, string> {
  requireKnownOptions(options, LINE_NAMES);
  return eachListingLine(options, (subscriber) => ({ line: (line) => subscriber.next(line) }));
}

/** Takes the lines of one listing. */
export interface LineReader {
  line(line: string): void;
  /** The listing is whole. An error that it throws is the error of the stream. */
  end?(): void;
  /** The listing has failed. The reader may still emit the rows that it has understood. */
  failed?(error: unknown): void;
}

/**
 * An operator that does something with each line of a listing: of its bytes, split as by `listingLines`, or of lines that
 * come as strings, one by one. Blank lines are dropped. `open` is called for each subscription and returns the reader of the lines.
 */
export function eachListingLine<R>(
  options: ListingLinesOptions,
  open: (subscriber: Subscriber<R>) => LineReader,
): OperatorFunction<Uint8Array | string, R> {
  if (options.maxLineBytes !== undefined) requireLimit('The option maxLineBytes', options.maxLineBytes);
  return flowOperator((subscriber) => {
    const reader = open(subscriber);
    const splitter = new LineSplitter(options, (line) => {
      // A chunk has many lines: after unsubscribing, a subscriber gets none of the others.
      if (!subscriber.closed) reader.line(line);
    });
    return {
      next: (chunk) => telling(reader, () => splitter.push(chunk)),
      complete() {
        telling(reader, () => splitter.end());
        reader.end?.();
        subscriber.complete();
      },
      onError: (error) => reader.failed?.(error),
    };
  });
}

/** Runs `split`; passes a thrown error to the reader. */
function telling(reader: LineReader, split: () => void): void {
  try {
    split();
  } catch (error) {
    reader.failed?.(error);
    throw error;
  }
}

class LineSplitter {
  readonly #decoder: ListingLineDecoder;
  /** The user's own, if there is one. */
  readonly #decode: DecodeLine | undefined;
  readonly #allowUnterminated: boolean;
  readonly #handle: (line: string) => void;
  readonly #texts = new LineTexts();
  #bytes = 0;

  constructor(options: ListingLinesOptions, handle: (line: string) => void) {
    this.#decoder = new ListingLineDecoder(options.maxLineBytes ?? MAX_LINE_BYTES);
    this.#decode = options.decode;
    this.#allowUnterminated = options.allowUnterminated ?? false;
    this.#handle = handle;
  }

  push(chunk: Uint8Array | string): void {
    if (typeof chunk === 'string') {
      if (chunk !== '') this.#handle(chunk);
      return;
    }
    this.#bytes += chunk.length;
    this.#texts.forget();
    this.#decoder.push(chunk, this.#emit);
  }

  end(): void {
    const rest = this.#decoder.end(this.#emit);
    if (rest.length > 0 && !this.#allowUnterminated) {
      throw new FtpTransferError('The listing ended in the middle of a line', { bytes: this.#bytes });
    }
    this.#emit(rest, 0, rest.length);
  }

  readonly #emit = (bytes: Uint8Array, start: number, end: number): void => {
    if (end === start) return;
    this.#handle(
      this.#decode === undefined ? this.#texts.of(bytes, start, end) : this.#decode(bytes.subarray(start, end)),
    );
  };
}
