import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsciiDecoder, asciiEncoded } from '../../lib/data/ascii.js';
import type { ByteSink } from '../../lib/streams/byte-sink.js';
import { readSource } from '../../lib/streams/source.js';
import { choppings, everyChunking, feedBorrowed } from '../support/chunks.js';

/** What a sink was told. */
class Recorder implements ByteSink {
  readonly chunks: Buffer[] = [];
  readonly ends: unknown[] = [];
  readonly memory = new Uint8Array(8);

  get text(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }

  buffer(): Uint8Array {
    return this.memory;
  }

  write(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
  }

  complete(): void {
    this.ends.push('complete');
  }

  error(error: unknown): void {
    this.ends.push(error);
  }
}

function decoded(chunks: readonly Uint8Array[]): string {
  const recorder = new Recorder();
  const decoder = new AsciiDecoder(recorder);
  feedBorrowed(chunks, (chunk) => decoder.write(chunk));
  decoder.flush();
  return recorder.text;
}

async function encoded(chunks: Iterable<Uint8Array>): Promise<string> {
  const reader = asciiEncoded(readSource([...chunks]));
  let text = '';
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
    text += Buffer.from(chunk).toString('latin1');
  }
  return text;
}

const wire = 'one\r\ntwo\rthree\n\r\r\n\n\r\r';
const local = 'one\ntwo\rthree\n\r\n\n\r\r';

describe('AsciiDecoder', () => {
  it('hands CRLF on as LF however it is cut, and keeps what is alone', () => {
    for (const chunks of everyChunking(Buffer.from(wire))) expect(decoded(chunks)).toBe(local);
  });

  it('is the inverse of CRLF for LF, for any text and any cut', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: fc.constantFrom('a', '\r', '\n') })
          .chain((text) => choppings(Buffer.from(text)).map((chunks) => ({ text, chunks }))),
        ({ text, chunks }) => {
          expect(decoded(chunks)).toBe(text.replaceAll('\r\n', '\n'));
        },
      ),
    );
  });

  it('reads into memory of its own, and never hands on nothing', () => {
    const recorder = new Recorder();
    const decoder = new AsciiDecoder(recorder);
    expect(decoder.buffer().buffer).not.toBe(recorder.memory.buffer);
    decoder.write(Buffer.from('\r'));
    expect(recorder.chunks).toEqual([]);
    decoder.flush();
    decoder.flush();
    expect(recorder.text).toBe('\r');
  });

  it('passes the end on, after a last CR', () => {
    const completed = new Recorder();
    const decoder = new AsciiDecoder(completed);
    decoder.write(Buffer.from('a\r'));
    decoder.complete();
    expect(completed.text).toBe('a\r');
    expect(completed.ends).toEqual(['complete']);
    const failed = new Recorder();
    new AsciiDecoder(failed).error('why');
    expect(failed.ends).toEqual(['why']);
  });
});

describe('asciiEncoded', () => {
  it('sends LF as CRLF however it is cut, and doubles no CRLF', async () => {
    for (const chunks of everyChunking(Buffer.from('one\ntwo\r\n\n\rx\r'))) {
      expect(await encoded(chunks)).toBe('one\r\ntwo\r\n\r\n\rx\r');
    }
  });

  it('cancels its source', async () => {
    let cancelled = false;
    const cancel = (): void => {
      cancelled = true;
    };
    const reader = asciiEncoded({ next: async () => Buffer.from('a'), cancel });
    await reader.next();
    reader.cancel();
    expect(cancelled).toBe(true);
  });
});
