import { from, lastValueFrom, map, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpTransferError } from '../../lib/errors.js';
import { facts } from '../../lib/streams/facts.js';
import { everyChunking } from '../support/chunks.js';
import { bytesOf, marbles } from './support/marbles.js';

const summary = map(({ name, type, size }: { name: string; type: string; size?: number | undefined }) =>
  [type, name, size].join(' '),
);

describe('facts', () => {
  it('emits each entry as soon as its line is in', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-|', { a: bytesOf('type=dir; a\r\ntype=file;size='), b: bytesOf('1; b\r\n') });
      expectObservable(source.pipe(facts(), summary)).toBe('-a-b-|', { a: 'dir a ', b: 'file b 1' });
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('reads lines that are split already', async () => {
    const entries$ = of('type=cdir; .', '', 'type=file; a b').pipe(facts(), summary, toArray());
    expect(await lastValueFrom(entries$)).toEqual(['cdir . ', 'file a b ']);
  });

  it('gives the same entries however the bytes are cut', async () => {
    for (const chunks of everyChunking(bytesOf('type=file; é\r\n x;y\r\n'))) {
      const entries$ = from(chunks).pipe(facts(), summary, toArray());
      expect(await lastValueFrom(entries$)).toEqual(['file é ', 'other x;y ']);
    }
  });

  it('errors after the last entry with the lines that are none', () => {
    const seen: unknown[] = [];
    of('type=file;', 'type=file; a', 'x\0y', 'size=1; nul\0', 'type=dir; b')
      .pipe(facts(), summary)
      .subscribe({ next: (entry) => seen.push(entry), error: (error) => seen.push(error) });
    expect(seen).toEqual(['file a ', 'dir b ', expect.any(FtpProtocolError)]);
    expect(seen[2]).toMatchObject({ unparsed: ['type=file;', 'x\0y', 'size=1; nul\0'] });
  });

  it('completes without them where they are to be reported', async () => {
    const entries$ = of('type=file;', 'type=file; a').pipe(facts({ unparsed: 'report' }), summary, toArray());
    expect(await lastValueFrom(entries$)).toEqual(['file a ']);
  });

  const OPEN = 'type=file;UNIX.owner=ann a; b';
  it.each([
    ['a semicolon behind the last fact', 'type=dir; d', ['file b ', 'dir d ']],
    ['none', 'type=dir d', ['dir d ']],
  ])('lets a row wait that leaves its name open, until another has %s', async (_what, row, names) => {
    const entries$ = of(OPEN, row).pipe(facts({ unparsed: 'report' }), summary, toArray());
    expect(await lastValueFrom(entries$)).toEqual(names);
  });

  it('reads such rows as the standard says where no row decides, also where the listing fails', async () => {
    expect(await lastValueFrom(of(OPEN).pipe(facts(), summary, toArray()))).toEqual(['file b ']);
    const seen: unknown[] = [];
    of(bytesOf(`${OPEN}\r\ncut`))
      .pipe(facts(), summary)
      .subscribe({ next: (entry) => seen.push(entry), error: (error) => seen.push(error) });
    expect(seen).toEqual(['file b ', expect.any(FtpTransferError)]);
  });

  it('errors on a cut line, whatever else there is', async () => {
    const cut$ = of(bytesOf('what\r\ntype=file; a')).pipe(facts());
    await expect(lastValueFrom(cut$)).rejects.toBeInstanceOf(FtpTransferError);
  });

  it('passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<string>('--#').pipe(facts())).toBe('--#');
      const left = cold<string>('------');
      expectObservable(left.pipe(facts()), '^--!').toBe('---');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    });
  });
});
