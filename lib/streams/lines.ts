/** Splits a text, as bytes or as strings, into its lines. It keeps at most one unfinished line, and searches nothing twice. */
import type { OperatorFunction } from 'rxjs';
import { FtpProtocolError } from '../errors.js';
import { requireLimit } from '../protocol/check-number.js';
import { LineDecoder } from '../protocol/line-decoder.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { type DecodeLine, decodeLine } from './decode-line.js';
import { flowOperator } from './flow.js';

export interface LinesOptions {
  /** The longest line, in bytes (UTF-16 code units of text that is decoded already). Default 16 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** The decoder of a line. Default: UTF-8 that keeps what is not valid (see `decodeLine`). */
  readonly decode?: DecodeLine | undefined;
}

const NAMES: Readonly<Record<keyof LinesOptions, true>> = { maxLineBytes: true, decode: true };

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Splits text into lines, ended by LF or CRLF.
 *
 * Emits each line without its terminator as soon as that is in, empty lines too. It emits a last line without a terminator at completion.
 * Errors with `FtpProtocolError` when a line is longer than `maxLineBytes`. Bytes are split before they are decoded. For listings there is
 * `listingLines`, which knows the line ends of servers.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.csv').pipe(decodeText('latin1'), lines(), take(10)).subscribe(console.log);
 * ```
 */
export function lines(options: LinesOptions = {}): OperatorFunction<Uint8Array | string, string> {
  requireKnownOptions(options, NAMES);
  if (options.maxLineBytes !== undefined) requireLimit('lines: maxLineBytes', options.maxLineBytes);
  return flowOperator((subscriber) => {
    const emit = (line: string): void => {
      // A chunk has many lines: after unsubscribing, a subscriber gets none of the others.
      if (!subscriber.closed) subscriber.next(line);
    };
    let splitter: Splitter<Uint8Array | string> | undefined;
    return {
      next(chunk) {
        splitter ??= openSplitter(chunk, options);
        splitter.push(chunk, emit);
      },
      complete() {
        splitter?.end(emit);
        subscriber.complete();
      },
    };
  });
}

type Emit = (line: string) => void;

interface Splitter<T> {
  push(chunk: T, emit: Emit): void;
  end(emit: Emit): void;
}

/** The first chunk tells whether this is a stream of text or of bytes. */
function openSplitter(first: Uint8Array | string, options: LinesOptions): Splitter<Uint8Array | string> {
  const { maxLineBytes = MAX_LINE_BYTES, decode = decodeLine } = options;
  const splitter = typeof first === 'string' ? textSplitter(maxLineBytes) : byteSplitter(maxLineBytes, decode);
  return splitter as Splitter<Uint8Array | string>;
}

function byteSplitter(maxLineBytes: number, decode: DecodeLine): Splitter<Uint8Array> {
  const decoder = new LineDecoder({ maxLineBytes });
  return {
    push(chunk, emit) {
      for (const line of decoder.push(chunk)) emit(decode(line));
      if (decoder.failure !== undefined) throw decoder.failure;
    },
    end(emit) {
      const rest = decoder.end();
      if (rest !== undefined) emit(decode(rest));
    },
  };
}

function textSplitter(maxLineBytes: number): Splitter<string> {
  let rest = '';
  const checked = (line: string): string => {
    if (line.length <= maxLineBytes) return line;
    throw new FtpProtocolError(`A line of more than ${maxLineBytes} characters`);
  };
  return {
    push(chunk, emit) {
      let start = 0;
      for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
        const line = rest + chunk.slice(start, end);
        rest = '';
        start = end + 1;
        emit(checked(line.endsWith('\r') ? line.slice(0, -1) : line));
      }
      rest += chunk.slice(start);
      // A spare unit, since a last CR may turn out to be half of a terminator.
      if (rest.length > maxLineBytes + 1) checked(rest);
    },
    end(emit) {
      if (rest !== '') emit(checked(rest));
    },
  };
}
