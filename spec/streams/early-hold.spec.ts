/** Sources that other code reads too: the upload gets all of them, from its subscription on. */
import { createReadStream } from 'node:fs';
import { PassThrough, Readable, Stream, Writable } from 'node:stream';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError } from '../../lib/index.js';
import { EarlyHold } from '../../lib/streams/early-hold.js';
import { testServer } from '../../lib/testing/index.js';
import { observe } from '../support/observe.js';
import { type Files, fileOf, isReadHere, KiB, MiB, turns } from './support/read-files.js';

/** What other code does with a source, and when. Resolves with how many bytes it has got. */
type Other = (source: Readable) => Promise<number>;

const listening: Other = (source) => {
  let total = 0;
  source.on('data', (chunk: Buffer) => {
    total += chunk.length;
  });
  return new Promise((resolve) => source.on('end', () => resolve(total)));
};

const piping: Other = (source) => listening(source.pipe(new PassThrough({ highWaterMark: 16 * MiB })));

const SOURCES: [string, (file: Files) => Readable][] = [
  ['a file stream', (file) => createReadStream(file.path)],
  ['a stream of small chunks', ({ content }) => Readable.from(chunksOf(content, 10 * KiB))],
  ['a piped stream', (file) => createReadStream(file.path).pipe(new PassThrough())],
];

function* chunksOf(content: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < content.length; at += length) yield content.subarray(at, at + length);
}

function* counted(count: number, onChunk: () => void): Generator<Buffer> {
  for (let chunk = 0; chunk < count; chunk += 1) {
    onChunk();
    yield Buffer.alloc(KiB);
  }
}

/** As streams were before Node 0.10. */
class FirstStream extends Stream {
  readonly readable = true;
  pause(): void {}
  resume(): void {}
}

const SIZES = [0, 10, 64 * KiB, 3 * MiB + 5];
const CASES = SOURCES.flatMap(([name, make]) => SIZES.map((size) => [name, size, make] as const));

/** A server that asks for the bytes a good while after the upload was subscribed. */
async function slowServer() {
  const server = await testServer();
  server.on('EPSV', async () => {
    await turns(100);
    return undefined;
  });
  return server;
}

/** Starts the upload before, or after, the other code begins to read. */
async function uploadBeside(other: Other, file: Files, make: (file: Files) => Readable, isFirst: boolean) {
  await using server = await slowServer();
  await using ftp = new FtpClient(server.options);
  await firstValueFrom(ftp.noop$());
  const source = make(file);
  const before = isFirst ? other(source) : undefined;
  const uploaded = lastValueFrom(ftp.stor$('/a', source));
  const got = before ?? other(source);
  const { bytes } = await uploaded;
  expect(Buffer.from(server.files.get('/a')?.bytes ?? []).equals(file.content)).toBe(true);
  expect([bytes, await got]).toEqual([file.content.length, file.content.length]);
}

describe('an upload of what other code reads too stores all of it:', () => {
  it.each(CASES)('%s of %i bytes, with a listener from before', async (_what, size, make) => {
    await using file = await fileOf(size);
    await uploadBeside(listening, file, make, true);
  });

  it.each(CASES)('%s of %i bytes, with a listener from after the subscription', async (_what, size, make) => {
    await using file = await fileOf(size);
    await uploadBeside(listening, file, make, false);
  });

  it.each(CASES)('%s of %i bytes, piped from before', async (_what, size, make) => {
    await using file = await fileOf(size);
    await uploadBeside(piping, file, make, true);
  });

  it.each(CASES)('%s of %i bytes, piped after the subscription', async (_what, size, make) => {
    await using file = await fileOf(size);
    await uploadBeside(piping, file, make, false);
  });
});

describe('an upload that is not begun', () => {
  it('refused, leaves all of the source to the others', async () => {
    await using file = await fileOf(MiB);
    await using server = await slowServer();
    await using ftp = new FtpClient(server.options);
    server.on('STOR', () => '550 No.');
    const source = createReadStream(file.path);
    const got = listening(source);
    await expect(lastValueFrom(ftp.stor$('/a', source))).rejects.toBeInstanceOf(FtpReplyError);
    expect(await got).toBe(MiB);
  });

  it('cancelled, leaves all of the source to the others', async () => {
    await using file = await fileOf(MiB);
    await using server = await slowServer();
    await using ftp = new FtpClient(server.options);
    const source = createReadStream(file.path);
    const upload = observe(ftp.stor$('/a', source));
    const got = listening(source);
    await turns(50);
    upload.unsubscribe();
    expect(await got).toBe(MiB);
    expect(server.files.has('/a')).toBe(false);
  });

  it('fails with the error of the source, which no listener of the upload has hidden', async () => {
    await using server = await slowServer();
    await using ftp = new FtpClient(server.options);
    const source = new PassThrough().on('data', () => undefined);
    const upload = observe(ftp.stor$('/a', source));
    source.write('first');
    await turns(10);
    source.destroy(new Error('mine'));
    expect(await upload.failed).toMatchObject({ message: 'mine' });
    expect(server.files.has('/a')).toBe(false);
  });
});

describe('EarlyHold', () => {
  it('leaves a Readable alone that nobody else reads', async () => {
    const source = new PassThrough();
    const hold = EarlyHold.of(source);
    await turns(3);
    expect([hold?.isHolding, source.readableFlowing, Readable.isDisturbed(source)]).toEqual([false, null, false]);
    expect(hold?.take()).toBeUndefined();
    hold?.release();
    expect([source.eventNames().includes('newListener'), source.readableFlowing]).toEqual([false, null]);
  });

  it('lets the library read a file stream by itself, where nobody else reads', async () => {
    await using file = await fileOf(MiB);
    await using server = await slowServer();
    await using ftp = new FtpClient(server.options);
    const source = createReadStream(file.path);
    let readHere = false;
    source.on('resume', () => {
      readHere ||= isReadHere(source);
    });
    await lastValueFrom(ftp.stor$('/a', source));
    expect(readHere).toBe(true);
  });

  it.each<[string, unknown]>([
    ['text', 'text'],
    ['null', null],
    ['an iterable', ['a']],
    ['what has ended', Readable.from([]).destroy()],
  ])('does not watch %s', (_what, source) => {
    expect(EarlyHold.of(source)).toBeUndefined();
  });

  it('reads no more than a chunk ahead of the upload', async () => {
    const source = Readable.from(chunksOf(Buffer.alloc(MiB), KiB)).on('data', () => undefined);
    const hold = EarlyHold.of(source);
    await turns(20);
    expect([hold?.isHolding, source.isPaused()]).toEqual([true, true]);
    expect((await hold?.take()?.next())?.value).toHaveLength(KiB);
    source.destroy();
  });

  it('keeps little, however fast others read', async () => {
    let given = 0;
    const source = Readable.from(counted(500, () => (given += 1)));
    const hold = EarlyHold.of(source);
    source.pipe(new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done) }));
    await turns(1000);
    expect(given).toBeLessThan(50);
    const pull = hold?.take();
    let read = 0;
    for (let result = await pull?.next(); result?.done === false; result = await pull?.next()) {
      read += 1;
      await turns(5);
      expect(given - read).toBeLessThan(50);
    }
    expect(read).toBe(500);
  });

  it('holds a stream of the first kind, which has no isPaused', async () => {
    const source = new FirstStream();
    const hold = EarlyHold.of(source);
    source.on('data', () => undefined);
    source.emit('data', Buffer.from('abc'));
    const pull = hold?.take();
    expect((await pull?.next())?.value).toEqual(Buffer.from('abc'));
    source.emit('end');
    expect(await pull?.next()).toMatchObject({ done: true });
  });

  it('leaves a source paused that its owner had paused', async () => {
    const source = new PassThrough().on('data', () => undefined).pause();
    const hold = EarlyHold.of(source);
    hold?.release();
    await turns(3);
    expect([source.isPaused(), source.listenerCount('data'), source.listenerCount('newListener')]).toEqual([
      true,
      1,
      0,
    ]);
  });
});
