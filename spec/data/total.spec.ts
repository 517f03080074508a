/** Checks `total` in progress: it is known wherever the size of the transfer has a name. */
import { lastValueFrom, map, type Observable, type OperatorFunction, switchMap, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { RetrOptions } from '../../lib/client/operations/transfer-options.js';
import { progress } from '../../lib/streams/progress.js';
import type { TransferProgress } from '../../lib/streams/progress-meter.js';
import { tapProgress } from '../../lib/streams/tap-progress.js';
import { throttleBytes } from '../../lib/streams/throttle-bytes.js';
import { type Connected, connected } from '../control/support/connected.js';

const content = 'hello world';

/** A session whose server opens RETR with `opening`. */
function withOpening(opening: string): Promise<Connected> {
  return connected({ files: { '/a': content } }, {}, (server) => {
    let start = 0;
    server.on('REST', async (session, argument) => {
      start = Number(argument);
      await session.reply('350 Go on.');
    });
    server.on('RETR', async (session) => {
      await session.reply(opening);
      await session.sendData(content.slice(start));
      await session.reply('226 Done.');
    });
  });
}

async function totals(progress$: Observable<TransferProgress>): Promise<(number | undefined)[]> {
  return (await lastValueFrom(progress$.pipe(toArray()))).map(({ total }) => total);
}

describe('the total of a download', () => {
  it.each<[string, RetrOptions, string, number | undefined]>([
    ['the reply that opens it', {}, '150 Opening (11 bytes).', 11],
    ['nobody', {}, '150 Opening.', undefined],
    ['SIZE', { verify: 'size' }, '150 Opening.', 11],
    ['the option size', { size: 11 }, '150 Opening.', 11],
    ['the option size, which is not checked', { size: 11, verify: false }, '150 Opening.', 11],
    ['the reply that opens it, which is not checked', { verify: false }, '150 Opening (11 bytes).', 11],
    ['the reply that opens it, up to the end asked for', { end: 4 }, '150 Opening (11 bytes).', 4],
    ['the option end, before a size that is smaller', { end: 20, size: 11 }, '150 Opening.', 11],
    ['SIZE, from the start asked for', { start: 4, verify: 'size' }, '150 Opening (11 bytes).', 7],
    ['nobody after REST, where servers differ in what they name', { start: 4 }, '150 Opening (11 bytes).', undefined],
    ['nobody in ASCII, which converts line ends', { type: 'ascii' }, '150 Opening (11 bytes).', undefined],
  ])('is named by %s', async (_by, options, opening, total) => {
    await using at = await withOpening(opening);
    const reports = await totals(at.ftp.retr$('/a', options).pipe(progress({ intervalMs: 0 })));
    expect(reports.at(-1)).toBe(total);
  });

  it('is known at the first report already', async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    const [first] = await totals(at.ftp.retr$('/a').pipe(progress({ intervalMs: 0 })));
    expect(first).toBe(11);
  });

  it('makes the last report verified when it was reached', async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    const last = await lastValueFrom(at.ftp.retr$('/a').pipe(progress()));
    expect(last).toMatchObject({ bytes: 11, total: 11, done: true, verified: true });
  });

  it("is the user's where that is given", async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    expect(await totals(at.ftp.retr$('/a').pipe(progress({ total: 99, intervalMs: 1e6 })))).toEqual([99]);
  });

  it('is told beside the data, also twice, and behind throttleBytes', async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    const told: (number | undefined)[] = [];
    const tell = ({ total }: TransferProgress): void => void told.push(total);
    const options = { intervalMs: 1e6 };
    await lastValueFrom(
      at.ftp.retr$('/a').pipe(tapProgress(tell, options), throttleBytes(1e6), tapProgress(tell, options)),
    );
    expect(told).toEqual([11, 11]);
  });

  it('is not told behind what may make other values of the bytes, or counts them in another way', async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    const options = { intervalMs: 1e6 };
    const mapped$ = at.ftp.retr$('/a').pipe(
      map((chunk) => chunk.subarray(1)),
      progress(options),
    );
    expect(await totals(mapped$)).toEqual([undefined]);
    const chunks$ = at.ftp.retr$('/a').pipe(progress({ ...options, bytesOf: () => 1 }));
    expect(await totals(chunks$)).toEqual([undefined]);
  });

  it('is told of the bytes of transfer$', async () => {
    await using at = await withOpening('150 Opening (11 bytes).');
    const transfer$ = at.ftp.transfer$('RETR /a').pipe(switchMap(({ bytes }) => bytes.pipe(progress())));
    expect(await totals(transfer$)).toEqual([11]);
  });

  it('is of its own for each of two subscriptions', async () => {
    await using at = await connected({ files: { '/a': content } }, {}, (server) =>
      server
        .once('RETR', async (session) => {
          await session.reply('150 Opening (3 bytes).');
          await session.sendData('one');
          await session.reply('226 Done.');
        })
        .once('RETR', async (session) => {
          await session.reply('150 Opening.');
          await session.sendData('two');
          await session.reply('226 Done.');
        }),
    );
    const progress$ = at.ftp.retr$('/a').pipe(progress({ intervalMs: 1e6 }), tap());
    expect(await totals(progress$)).toEqual([3]);
    expect(await totals(progress$)).toEqual([undefined]);
  });
});

describe('the total of an upload', () => {
  it.each([
    ['text', 'hällo', 6],
    ['bytes', new Uint8Array(5), 5],
    ['an array of both', ['hä', new Uint8Array(4)], 7],
    ['a Blob', new Blob(['12345']), 5],
  ])('is the size of %s', async (_name, source, total) => {
    await using at = await connected();
    expect((await totals(at.ftp.stor$('/up', source))).at(-1)).toBe(total);
    expect((await totals(at.ftp.appe$('/up', source))).at(-1)).toBe(total);
    expect((await totals(at.ftp.stou$(source))).at(-1)).toBe(total);
  });

  const nameless = '150 Opening.';
  it.each<[string, RetrOptions, string, number | undefined]>([
    ['the reply that opens the download', {}, '150 Opening (11 bytes).', 11],
    ['the option size of the download', { size: 11 }, nameless, 11],
    ['SIZE, from the start of the download', { start: 4, verify: 'size' }, nameless, 7],
    ['nobody', {}, nameless, undefined],
    ['nobody in an ASCII download', { type: 'ascii' }, '150 Opening (11 bytes).', undefined],
  ])('is what is named to the download that is its source, by %s', async (_by, options, opening, total) => {
    await using from = await withOpening(opening);
    await using to = await connected({}, { progressIntervalMs: 0 });
    const reports = await totals(to.ftp.stor$('/up', from.ftp.retr$('/a', options)));
    expect(reports.length).toBeGreaterThan(1);
    expect(new Set(reports)).toEqual(new Set([total]));
  });

  it.each<[string, OperatorFunction<Uint8Array, Uint8Array>]>([
    ['tapProgress', tapProgress(() => {})],
    ['throttleBytes', throttleBytes(1e6)],
  ])('is named to the source through %s', async (_name, operator) => {
    await using from = await withOpening('150 Opening (11 bytes).');
    await using to = await connected();
    const source$ = from.ftp.retr$('/a').pipe(operator);
    expect((await totals(to.ftp.stor$('/up', source$))).at(-1)).toBe(11);
    expect((await totals(to.ftp.appe$('/up', source$))).at(-1)).toBe(11);
    expect((await totals(to.ftp.stou$(source$))).at(-1)).toBe(11);
  });

  it('is named to an iterator over a download', async () => {
    await using from = await withOpening('150 Opening (11 bytes).');
    await using to = await connected();
    const source = from.ftp.retr$('/a')[Symbol.asyncIterator]() as AsyncIterableIterator<Uint8Array>;
    expect((await totals(to.ftp.stor$('/up', source))).at(-1)).toBe(11);
  });

  it('is not told of what may have made other bytes of the download, nor in ASCII', async () => {
    await using from = await withOpening('150 Opening (11 bytes).');
    await using to = await connected();
    const shorter$ = from.ftp.retr$('/a').pipe(map((chunk) => chunk.subarray(1)));
    expect((await totals(to.ftp.stor$('/up', shorter$))).at(-1)).toBeUndefined();
    expect((await totals(to.ftp.stor$('/up', from.ftp.retr$('/a'), { type: 'ascii' }))).at(-1)).toBeUndefined();
  });

  it('is of its own for each of two subscriptions', async () => {
    const sizes = [11, 12];
    await using from = await connected({ files: { '/a': content } }, {}, (server) => {
      server.on('RETR', async (session) => {
        await session.reply(`150 Opening (${sizes.shift()} bytes).`);
        await session.sendData(content);
        await session.reply('226 Done.');
      });
    });
    await using to = await connected();
    const copy$ = to.ftp.stor$('/up', from.ftp.retr$('/a', { verify: false }));
    expect((await totals(copy$)).at(-1)).toBe(11);
    expect((await totals(copy$)).at(-1)).toBe(12);
  });

  it('is not known of a source that gives its bytes one after the other, nor in ASCII', async () => {
    await using at = await connected();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('12345');
    }
    expect((await totals(at.ftp.stor$('/up', source()))).at(-1)).toBeUndefined();
    expect((await totals(at.ftp.stor$('/up', '12345', { type: 'ascii' }))).at(-1)).toBeUndefined();
  });
});
