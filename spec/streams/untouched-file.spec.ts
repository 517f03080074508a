/** Checks which file streams may be read in their place: Node's own, which no code has touched. */
import fs, { createReadStream, openSync, ReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { untouchedFile } from '../../lib/streams/untouched-file.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';

type Make = (path: string) => Readable | Promise<Readable>;

class Derived extends (ReadStream as unknown as new (path: string) => ReadStream) {}

const noop = (): void => undefined;
const openRead = (path: string, options: object): ReadStream => createReadStream(path, options as never);

const UNTOUCHED: [string, Make][] = [
  ['what createReadStream makes', (path) => createReadStream(path)],
  ['a part of a file', (path) => createReadStream(path, { start: 2, end: 3 })],
  ['one with options', (path) => createReadStream(path, { highWaterMark: 16, emitClose: false, autoClose: false })],
  ['one with a signal', (path) => createReadStream(path, { signal: new AbortController().signal })],
  ['one with the fs that it has anyway', (path) => openRead(path, { fs })],
  ['one of a descriptor', (path) => createReadStream('', { fd: openSync(path, 'r') })],
  ['one of a FileHandle', async (path) => createReadStream('', { fd: await open(path) })],
  ['what a FileHandle makes', async (path) => (await open(path)).createReadStream()],
  ['one that is open', (path) => opened(createReadStream(path))],
  ['one whose end is waited for', (path) => createReadStream(path).on('error', noop).on('end', noop).on('close', noop)],
];

const TOUCHED: [string, Make][] = [
  ['another stream', () => new PassThrough()],
  ['a subclass', (path) => new Derived(path)],
  ['one with a _read of its own', (path) => Object.assign(createReadStream(path), { _read: noop })],
  ['one with the option read', (path) => openRead(path, { read: noop })],
  ['one with a hidden method', (path) => Object.defineProperty(createReadStream(path), 'push', { value: noop })],
  ['one with a getter', (path) => Object.defineProperty(createReadStream(path), 'flags', { get: () => 'r' })],
  ['one with an fs of the user', (path) => openRead(path, { fs: { ...fs } })],
  ['one with an encoding', (path) => createReadStream(path, 'utf8')],
  ['one with an encoding set', (path) => createReadStream(path).setEncoding('utf8')],
  ['one in object mode', (path) => openRead(path, { objectMode: true })],
  ['one with a listener for data', (path) => createReadStream(path).on('data', noop)],
  ['one with a listener for data, paused', (path) => createReadStream(path).on('data', noop).pause()],
  ['one with a listener for readable', (path) => createReadStream(path).on('readable', noop)],
  ['one that is paused', (path) => createReadStream(path).pause()],
  ['one that was resumed', (path) => createReadStream(path).resume()],
  ['one that is piped', (path) => piped(createReadStream(path))],
  ['one that was read from', (path) => readFrom(createReadStream(path))],
  ['one that has something put back', (path) => putBack(createReadStream(path))],
  ['one that is destroyed', (path) => createReadStream(path).destroy()],
  ['one that has failed', (path) => createReadStream(path).on('error', noop).destroy(new Error('it'))],
];

function opened(stream: ReadStream): Promise<ReadStream> {
  return new Promise((resolve) => void stream.once('ready', () => resolve(stream)));
}

function piped(stream: ReadStream): ReadStream {
  stream.pipe(new PassThrough());
  return stream;
}

function readFrom(stream: ReadStream): Promise<ReadStream> {
  return new Promise((resolve) => {
    stream.once('readable', () => {
      stream.read(1);
      resolve(stream);
    });
  });
}

function putBack(stream: ReadStream): ReadStream {
  stream.unshift(Buffer.from('a'));
  return stream;
}

async function check(make: Make, look: (stream: Readable) => void): Promise<void> {
  await using local = await LocalDirectory.make();
  await writeFile(local.at('file'), 'content');
  const stream = await make(local.at('file'));
  look(stream);
  stream.destroy();
  await vi.waitFor(() => expect(stream.closed).toBe(true), { interval: 1 });
}

describe('untouchedFile', () => {
  it.each(UNTOUCHED)('knows %s', (_what, make) =>
    check(make, (stream) => expect(untouchedFile(stream)).toMatchObject({ stream })));

  it.each(TOUCHED)('leaves %s alone', (_what, make) =>
    check(make, (stream) => expect(untouchedFile(stream)).toBeUndefined()));

  it.each(['pos', 'end', 'bytesRead', 'kFs'])('leaves one alone that has no %s', (name) =>
    check(createReadStream, (stream) => {
      const fields = stream as unknown as Record<string | symbol, unknown>;
      const key = Reflect.ownKeys(stream).find((own) => own === name || (own as symbol).description === name) ?? '';
      const value = fields[key];
      delete fields[key];
      expect(untouchedFile(stream)).toBeUndefined();
      fields[key] = value;
      expect(untouchedFile(stream)).toBeDefined();
    }));

  it('touches nothing', () =>
    check(createReadStream, (stream) => {
      untouchedFile(stream);
      expect([stream.readableFlowing, Readable.isDisturbed(stream), stream.eventNames()]).toMatchObject([
        null,
        false,
        [{}],
      ]);
    }));
});
