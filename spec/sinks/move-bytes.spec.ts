/** The bytes of a transfer on their way to a place that borrows them: all, or as many as are wanted. */
import { NEVER, type Observable, of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../lib/index.js';
import { moveBytes, moveBytes$ } from '../../lib/sinks/index.js';
import { byteStream, testServer } from '../../lib/testing/index.js';
import { Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';

const big = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));

interface Moved {
  readonly bytes: Buffer;
  readonly error?: unknown;
}

/** Moves all that `wanted` wants. */
function moved(bytes$: Observable<Uint8Array>, wanted?: (bytes: number) => number): Promise<Moved> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    moveBytes(bytes$, {
      write: async (views) => void chunks.push(Buffer.concat(views)),
      wanted,
      onComplete: () => resolve({ bytes: Buffer.concat(chunks) }),
      onError: (error) => resolve({ bytes: Buffer.concat(chunks), error }),
    });
  });
}

describe('a move', () => {
  it.each([0, 1, 65_536, 3_000_000])('writes all of %i bytes of a transfer', async (length) => {
    await using server = await testServer({ files: { '/a': big.subarray(0, length) } });
    await using ftp = new FtpClient(server.options);
    expect((await moved(ftp.retr$('/a'))).bytes.equals(big.subarray(0, length))).toBe(true);
  });

  it('writes what comes through operators, and what others make', async () => {
    expect((await moved(of(big.subarray(0, 5), big.subarray(5, 9)))).bytes.equals(big.subarray(0, 9))).toBe(true);
    const stream$ = byteStream(of('one', 'two'));
    expect((await moved(stream$.pipe(take(1)))).bytes.toString()).toBe('one');
  });

  it.each([0, 1, 1_000_000, 2_999_999, 3_000_000])('ends the transfer after %i bytes', async (length) => {
    await using server = await testServer({ files: { '/a': big } });
    await using ftp = new FtpClient(server.options);
    let left = length;
    const { bytes } = await moved(ftp.retr$('/a'), (came) => {
      const wanted = left;
      left -= Math.min(left, came);
      return wanted;
    });
    expect(bytes.equals(big.subarray(0, length))).toBe(true);
    expect(await observe(ftp.size$('/a')).settled).toEqual([big.length]);
  });

  it.each([
    Number.NaN,
    -1,
    1.5,
    Number.NEGATIVE_INFINITY,
    '1',
    undefined,
  ])('fails where %j is wanted', async (count) => {
    await using server = await testServer({ files: { '/a': big } });
    await using ftp = new FtpClient(server.options);
    const { bytes, error } = await moved(ftp.retr$('/a'), () => count as number);
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining('What wanted returns') });
    expect(bytes.length).toBe(0);
    expect(await observe(ftp.size$('/a')).settled).toEqual([big.length]);
  });

  it('fails with what wanted throws, and aborts the transfer', async () => {
    await using server = await testServer({ files: { '/a': big } });
    await using ftp = new FtpClient(server.options);
    const thrown = new Error('mine');
    const wanted = (): number => {
      throw thrown;
    };
    expect((await moved(ftp.retr$('/a'), wanted)).error).toBe(thrown);
    expect(await observe(moveBytes$(ftp.retr$('/a'), async () => undefined, { wanted })).failed).toBe(thrown);
    expect(await observe(ftp.size$('/a')).settled).toEqual([big.length]);
  });

  it('ends a source that gives all at once', async () => {
    const source$ = of(big.subarray(0, 5), big.subarray(5, 9), big.subarray(9, 12));
    let left = 7;
    const { bytes } = await moved(source$, (came) => {
      const wanted = left;
      left -= Math.min(left, came);
      return wanted;
    });
    expect(bytes.equals(big.subarray(0, 7))).toBe(true);
  });

  it('goes on while more is wanted than has come', async () => {
    const { bytes } = await moved(of(big.subarray(0, 5), big.subarray(5, 9)), () => Number.POSITIVE_INFINITY);
    expect(bytes.equals(big.subarray(0, 9))).toBe(true);
  });

  it('that was ended is told nothing more', async () => {
    const source$ = new Subject<Uint8Array>();
    const done = moved(source$, () => 2);
    source$.next(Uint8Array.of(1, 2, 3));
    source$.error(new Error('late'));
    expect(await done).toEqual({ bytes: Buffer.of(1, 2) });
    expect(source$.observed).toBe(false);
  });

  it('fails as its source does', async () => {
    const source$ = new Subject<Uint8Array>();
    const done = moved(source$, () => 10);
    source$.error(new Error('broken'));
    expect((await done).error).toMatchObject({ message: 'broken' });
  });
});

describe('moveBytes$', () => {
  it('emits progress, and a last value when all is written', async () => {
    await using server = await testServer({ files: { '/a': big } });
    await using ftp = new FtpClient(server.options);
    const chunks: Buffer[] = [];
    const write = async (views: readonly Uint8Array[]): Promise<void> => void chunks.push(Buffer.concat(views));
    const values = await observe(moveBytes$(ftp.retr$('/a'), write, { path: '/a', progressIntervalMs: 0 })).settled;
    expect(Buffer.concat(chunks).equals(big)).toBe(true);
    expect(values.at(-1)).toMatchObject({
      path: '/a',
      bytes: big.length,
      total: big.length,
      done: true,
      verified: true,
    });
    expect(values.filter(({ done }) => done)).toHaveLength(1);
  });

  it('names no total where not all is wanted', async () => {
    const values = await observe(moveBytes$(of(Uint8Array.of(1, 2, 3)), async () => undefined, { wanted: () => 2 }))
      .settled;
    expect(values).toEqual([expect.objectContaining({ bytes: 2, done: true })]);
    expect(values[0]).not.toHaveProperty('total');
  });

  it('errors as its write does, and aborts the transfer', async () => {
    const source$ = new Subject<Uint8Array>();
    const move = observe(moveBytes$(source$, () => Promise.reject(new Error('full'))));
    source$.next(Uint8Array.of(1));
    expect(await move.failed).toMatchObject({ message: 'full' });
    expect(source$.observed).toBe(false);
  });

  it('aborts the transfer when it is left, also while a write is under way', async () => {
    await using server = await testServer({ files: { '/a': big } });
    await using ftp = new FtpClient(server.options);
    const writing = new Latch();
    const go = new Latch();
    const move = observe(
      moveBytes$(ftp.retr$('/a'), async () => {
        writing.open();
        await go.opened;
      }),
    );
    await writing.opened;
    move.unsubscribe();
    go.open();
    expect(await observe(ftp.size$('/a')).settled).toEqual([big.length]);
    expect(await move.ended).toBe('unsubscribed');
  });

  it.each([
    [{ want: () => 1 }, 'did you mean wanted?'],
    [{ wanted: 5 }, 'The option wanted must be a function'],
    [{ progressIntervalMs: -1 }, 'progressIntervalMs'],
    [null, 'The options must be an object'],
  ])('refuses the options %j, and subscribes to nothing', async (options, message) => {
    const source$ = new Subject<Uint8Array>();
    const error = await observe(moveBytes$(source$, async () => undefined, options as never)).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining(message) });
    expect(source$.observed).toBe(false);
  });

  it('is cold, and silent where nothing comes', async () => {
    const move$ = moveBytes$(NEVER, async () => undefined);
    const move = observe(move$);
    move.unsubscribe();
    expect(move.values).toEqual([]);
  });
});
