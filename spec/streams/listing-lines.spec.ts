import * as fc from 'fast-check';
import { concat, from, lastValueFrom, NEVER, Observable, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpTransferError } from '../../lib/errors.js';
import { type ListingLinesOptions, listingLines } from '../../lib/streams/listing-lines.js';
import { choppings, everyChunking, feedBorrowed } from '../support/chunks.js';
import { bytesOf, marbles } from './support/marbles.js';

function split(chunks: readonly Uint8Array[], options?: ListingLinesOptions): Promise<string[]> {
  return lastValueFrom(from(chunks).pipe(listingLines(options), toArray()));
}

/** What is emitted while the listing goes on. */
function early(text: string, options?: ListingLinesOptions): string[] {
  const seen: string[] = [];
  concat(of(bytesOf(text)), NEVER)
    .pipe(listingLines(options))
    .subscribe((line) => seen.push(line));
  return seen;
}

describe('listingLines', () => {
  it('emits each line as soon as its end is in', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c-|', { a: bytesOf('one\r'), b: bytesOf('\ntw'), c: bytesOf('o\r\n') });
      expectObservable(source.pipe(listingLines())).toBe('---a-b-|', { a: 'one', b: 'two' });
      expectSubscriptions(source.subscriptions).toBe('^------!');
      expectObservable(cold<Uint8Array>('--|').pipe(listingLines())).toBe('--|');
    });
  });

  it('passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = bytesOf('a\r\n');
      expectObservable(cold('-a-#', { a }).pipe(listingLines())).toBe('-a-#', { a: 'a' });
      const left = cold('-a-a-a', { a });
      expectObservable(left.pipe(listingLines()), '^---!').toBe('-a-a-', { a: 'a' });
      expectSubscriptions(left.subscriptions).toBe('^---!');
    });
  });

  it.each([
    ['CRLF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['bare LF throughout, as inetutils', 'one\ntwo\n', ['one', 'two']],
    ['a bare LF in a name, as vsftpd', 'one\r\ntw\no\r\nthree\r\n', ['one', 'tw\no', 'three']],
    ['a bare LF in the first name', 'o\n\ne\r\ntwo\r\n', ['o\n\ne', 'two']],
    ['a CR in a name', 'o\rne\r\ntwo\r\n', ['o\rne', 'two']],
    ['one blank line for an empty directory, as ftp-srv', '\r\n', []],
    ['blank lines between', '\none\n\n\ntwo\n', ['one', 'two']],
    ['nothing', '', []],
  ])('%s, however it is cut', async (_title, text, expected) => {
    for (const chunks of everyChunking(bytesOf(text))) expect(await split(chunks)).toEqual(expected);
  });

  it('gives back any names that CRLF ends', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'é', '\n', ' ', '\r'), minLength: 1 });
    const names = fc.array(
      name.filter((text) => !text.includes('\r\n') && !text.endsWith('\r')),
      { minLength: 1 },
    );
    const cut = names.chain((list) => fc.tuple(fc.constant(list), choppings(bytesOf(`${list.join('\r\n')}\r\n`))));
    await fc.assert(
      fc.asyncProperty(cut, async ([list, chunks]) => {
        expect(await split(chunks)).toEqual(list);
      }),
    );
  });

  it('keeps nothing of memory that is only lent', () => {
    for (const text of ['one\r\ntwo\r\nthree\r\n', 'one\ntwo\nthree\n']) {
      for (const chunks of everyChunking(bytesOf(text))) {
        const seen: string[] = [];
        const lent$ = new Observable<Uint8Array>((subscriber) => {
          feedBorrowed(chunks, (chunk) => subscriber.next(chunk));
          subscriber.complete();
        });
        lent$.pipe(listingLines()).subscribe((line) => seen.push(line));
        expect(seen).toEqual(['one', 'two', 'three']);
      }
    }
  });

  it('waits with bare LF no longer than a name is', () => {
    const short = 'a name\n'.repeat(100);
    expect(early(short)).toEqual([]);
    expect(early(short.repeat(2))).toHaveLength(200);
    expect(early(short, { maxLineBytes: 500 })).toHaveLength(100);
    expect(early(`${short}last\r\n`)).toEqual([`${short}last`]);
  });

  it('gives the first row of ls after 64 rows at most, whatever ends its lines', () => {
    const row = '-rw-r--r-- 1 ann staff 7 Nov 20 11:05 a';
    for (const end of ['\r\n', '\n']) expect(early(`${row}${end}`.repeat(64))).toHaveLength(64);
  });

  it.each([
    ['lrwxrwxrwx 1 ann staff 7 Nov 20 11:05 a -> b'],
    ['lrwxrwxrwx 1 ann staff 7 Nov 20 11:05 a'],
    ['type=OS.unix=slink:a; b'],
    ['11-20-24  11:05AM       <SYMLINK>      a [b'],
  ])('does not end the line of a link within its target: %s', (head) => {
    const line = `${head}${'\nforged'.repeat(580)}`;
    expect(early(`${line}\r\nx\r\n`)).toEqual([line, 'x']);
    expect(early(`${head}${'\nforged'.repeat(800)}`)).not.toEqual([]);
  });

  it('decides alike, however far the next CRLF is in the same chunk', () => {
    const text = `a\n${'b'.repeat(2000)}\r\nc\r\n`;
    expect(early(text)).toEqual(['a', 'b'.repeat(2000), 'c']);
    expect(early(text.slice(0, 1500))).toEqual(['a']);
  });

  it.each([
    ['CR alone, as old Macs', 'one\rtwo\rthree\r', ['one', 'two', 'three']],
    ['blank lines too', '\rone\r\rtwo\r', ['one', 'two']],
  ])('%s, however it is cut', async (_title, text, expected) => {
    for (const chunks of everyChunking(bytesOf(text))) expect(await split(chunks)).toEqual(expected);
  });

  it('gives lines that end in CR alone while the listing goes on', async () => {
    const text = `${'a name'.padEnd(63)}\r`.repeat(100);
    expect(early(text)).toHaveLength(100);
    expect(early(text.slice(0, 64 * 80))).toEqual([]);
    for (const chunks of [[bytesOf(text)], [bytesOf(text.slice(0, 700)), bytesOf(text.slice(700))]])
      expect(await split(chunks)).toHaveLength(100);
    await expect(split([bytesOf(`${text}cut`)])).rejects.toBeInstanceOf(FtpTransferError);
  });

  it.each(['a\rb', 'one\r', 'a\rb\rcut'])('does not take CR for a line end in %j', async (text) => {
    await expect(split([bytesOf(text)])).rejects.toBeInstanceOf(FtpTransferError);
  });

  it('errors when the data ends in the middle of a line, after the lines before it', () => {
    for (const text of ['one\r\ntw', 'one\r\ntwo\r', 'one\ntw']) {
      const seen: unknown[] = [];
      of(bytesOf(text))
        .pipe(listingLines())
        .subscribe({ next: (line) => seen.push(line), error: (error) => seen.push(error) });
      expect(seen).toEqual(['one', expect.any(FtpTransferError)]);
      expect(seen[1]).toMatchObject({ bytes: text.length });
    }
  });

  it('takes the unterminated line where that is wanted', async () => {
    expect(await split([bytesOf('one\r\ntwo')], { allowUnterminated: true })).toEqual(['one', 'two']);
    expect(await split([bytesOf('one\r\n')], { allowUnterminated: true })).toEqual(['one']);
  });

  it.each([
    ['one line without an end', 'abcdef'],
    ['one line with an end', 'abcdef\r\n'],
    ['a later line', 'a\r\nabcdef'],
    ['bare LF lines', 'a\nabcdefgh\na\n'],
  ])('refuses a line that is too long: %s', async (_title, text) => {
    const options = { maxLineBytes: 4 };
    for (const chunks of everyChunking(bytesOf(text))) {
      await expect(split(chunks, options)).rejects.toBeInstanceOf(FtpProtocolError);
    }
    await expect(split([bytesOf('abcd\r\nabcd\r\n')], options)).resolves.toEqual(['abcd', 'abcd']);
  });

  it('loses no byte of a name, or decodes as it is told', async () => {
    expect(await split([Uint8Array.of(0x61, 0xff, 0x0d, 0x0a)])).toEqual(['a\udcff']);
    const options = { decode: (line: Uint8Array) => `${line.length}` };
    expect(await split([bytesOf('abc\r\n')], options)).toEqual(['3']);
  });
});
