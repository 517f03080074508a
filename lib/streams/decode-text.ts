/** Decodes bytes into text, chunk by chunk: a character that is cut in two waits for its rest. */
import type { OperatorFunction } from 'rxjs';
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { namesLatin1 } from '../protocol/latin1.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { flowOperator } from './flow.js';

export interface DecodeTextOptions {
  /** Whether bytes that are not valid in the encoding are an `FtpProtocolError`; else they become U+FFFD. Default `false`. */
  readonly fatal?: boolean | undefined;
}

/** A decoder as `TextDecoder` is one: with `stream`, an unfinished character is kept for the next call. */
interface ChunkDecoder {
  decode(chunk?: Uint8Array, options?: { readonly stream: boolean }): string;
}

/**
 * Decodes bytes to text incrementally.
 *
 * Emits one string for each chunk that completes a character, never an empty one. It drops a byte order mark at the beginning. Completes
 * with its source.
 *
 * @param encoding `'utf8'` (default), `'latin1'` (each byte is the character of the same number, ISO 8859-1), or any other label of
 * `TextDecoder`, in any case. An unknown one is an `FtpUsageError` at once.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.csv').pipe(decodeText(), lines()).subscribe(console.log);
 * ```
 */
export function decodeText(
  encoding: string = 'utf8',
  options: DecodeTextOptions = {},
): OperatorFunction<Uint8Array, string> {
  requireKnownOptions(options, { fatal: true });
  openDecoder(encoding, options);
  return flowOperator((subscriber) => {
    const decoder = openDecoder(encoding, options);
    const emit = (text: string): void => {
      if (text !== '') subscriber.next(text);
    };
    return {
      next: (chunk) => emit(decode(decoder, encoding, chunk)),
      complete() {
        emit(decode(decoder, encoding));
        subscriber.complete();
      },
    };
  });
}

function openDecoder(encoding: string, { fatal = false }: DecodeTextOptions): ChunkDecoder {
  if (namesLatin1(encoding)) return { decode: (chunk) => latin1(chunk) };
  try {
    return new TextDecoder(encoding, { fatal });
  } catch (cause) {
    throw new FtpUsageError(`Unknown text encoding: ${encoding}`, { cause });
  }
}

function decode(decoder: ChunkDecoder, encoding: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new FtpProtocolError(`Bytes that are not valid ${encoding}`, { cause });
  }
}

function latin1(chunk: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
}
