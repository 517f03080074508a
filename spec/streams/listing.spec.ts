import { from, lastValueFrom, map, of, take, toArray } from 'rxjs';
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

  it('errors after the last entry, with the rows that nobody understands, and shows the first one escaped', () => {
    const message = '\u001b[2Jls: x: No such file';
    const seen: unknown[] = [];
    from([message, ...UNIX.slice(0, 2), 'what', UNIX[2] ?? ''])
      .pipe(listing(), summary)
      .subscribe({ next: (entry) => seen.push(entry), error: (error) => seen.push(error) });
    expect(seen).toEqual(['directory pub', 'file read me', expect.any(FtpProtocolError)]);
    expect(seen[2]).toMatchObject({ unparsed: [message, 'what'] });
    expect(String(seen[2])).toContain(
      '2 rows of the listing were not understood, the first: "\\x1b[2Jls: x: No such file"',
    );
    expect(String(seen[2])).toContain("unparsed: 'report'");
  });

  it('completes with what it understands where rows are to be reported', async () => {
    expect(await read(['what', ...UNIX, 'is this'], { unparsed: 'report' })).toEqual(['directory pub', 'file read me']);
  });

  it('is cold: rows of one subscription do not count for the next', async () => {
    const entries$ = from(['what', ...UNIX]).pipe(listing());
    for (let time = 0; time < 2; time += 1) {
      await expect(lastValueFrom(entries$)).rejects.toMatchObject({ unparsed: ['what'] });
    }
  });

  it('errors with the failure of its source, and not with rows', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<string>('-a-#', { a: 'what' }).pipe(listing())).toBe('---#');
    });
  });

  it('tells no rows to a subscriber that has left', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold<string>('-(ab)-|', { a: 'what', b: UNIX[1] ?? '' });
      expectObservable(source.pipe(listing({ now }), summary, take(1))).toBe('-(b|)', { b: 'directory pub' });
    });
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
