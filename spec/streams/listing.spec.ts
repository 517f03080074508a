import { from, lastValueFrom, map, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import type { FileEntry } from '../../lib/protocol/listing/file-entry.js';
import { type ListingOptions, listing } from '../../lib/streams/listing.js';
import { everyChunking } from '../support/chunks.js';
import { bytesOf, marbles } from './support/marbles.js';

const UNIX = [
  'total 8',
  'drwxr-xr-x    2 ftp      ftp          4096 Mar 01 10:00 pub',
  '-rw-r--r--    1 ftp      ftp            12 Jan 02  2020 read me',
];
const DOS = '03-10-21  07:45PM       <DIR>          inetpub';
const now = new Date('2024-06-01T00:00:00Z');
const summary = map(({ kind, name }: FileEntry) => `${kind} ${name}`);

function read(lines: readonly string[], options?: ListingOptions): Promise<string[]> {
  return lastValueFrom(from(lines).pipe(listing(options), summary, toArray()));
}

describe('listing', () => {
  it('emits each entry as soon as its line is in, without totals and blank lines', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c-|', {
        a: bytesOf(`${UNIX[0]}\r\n\r\n`),
        b: bytesOf(`${UNIX[1]}\r\n${UNIX[2]}`),
        c: bytesOf('\r\n'),
      });
      expectObservable(source.pipe(listing({ now }), summary)).toBe('---b-c-|', {
        b: 'directory pub',
        c: 'file read me',
      });
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('gives the same entries however the bytes are cut', async () => {
    for (const chunks of everyChunking(bytesOf(`${UNIX.join('\n')}\n`))) {
      const entries$ = from(chunks).pipe(listing({ now }), summary, toArray());
      expect(await lastValueFrom(entries$)).toEqual(['directory pub', 'file read me']);
    }
  });

  it('finds the dialect out, or reads the one that is named', async () => {
    expect(await read([DOS])).toEqual(['directory inetpub']);
    expect(await read([DOS], { dialect: 'dos' })).toEqual(['directory inetpub']);
    await expect(read([DOS], { dialect: 'unix' })).rejects.toBeInstanceOf(FtpProtocolError);
  });

  it('completes dates by the time and zone that it is given', async () => {
    const options = { now, timeZone: 60 };
    const entry$ = of(...UNIX.slice(0, 2)).pipe(listing(options));
    expect((await lastValueFrom(entry$)).modified).toEqual(new Date('2024-03-01T09:00:00Z'));
  });

  it('errors on a line that nobody understands, and shows it escaped', async () => {
    const message = '\u001b[2Jls: x: No such file';
    const seen: unknown[] = [];
    from([...UNIX.slice(0, 2), message])
      .pipe(listing(), summary)
      .subscribe({ next: (entry) => seen.push(entry), error: (error) => seen.push(error) });
    expect(seen).toEqual(['directory pub', expect.any(FtpProtocolError)]);
    expect(String(seen[1])).toContain('\\x1b[2Jls: x: No such file');
  });

  it('passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<string>('--#').pipe(listing())).toBe('--#');
      const left = cold<string>('------');
      expectObservable(left.pipe(listing()), '^--!').toBe('---');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    });
  });
});
