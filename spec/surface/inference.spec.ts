import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  take,
  toArray,
} from 'rxjs';
import { expectTypeOf, it } from 'vitest';
import type { ByteStream, FileEntry, TransferProgress, ValueStream } from '../../lib/index.js';
import { collectBytes, decodeText, lines, paced, progress, toReadable, toWeb } from '../../lib/index.js';

declare const bytes: ByteStream;
/** Never read. */
const listings = {} as { readonly entries: ValueStream<FileEntry> };

/** Never run: only its types are looked at. */
const examples = {
  awaited: () => lastValueFrom(bytes),
  flattened: () => of(1).pipe(switchMap(() => bytes)),
  merged: () => merge(bytes, bytes),
  unchanged: () => bytes.pipe(),
  counted: () =>
    bytes.pipe(
      map((chunk) => chunk.length),
      filter((length) => length > 3),
      take(2),
    ),
  mapped: () => bytes.pipe(map((chunk) => ({ length: chunk.length }))),
  text: () => bytes.pipe(decodeText(), lines(), take(3)),
  collected: () => firstValueFrom(bytes.pipe(collectBytes())),
  chunks: () => firstValueFrom(bytes.pipe(toArray())),
  unzipped: () => bytes.pipe(createGunzip()),
  readable: () => bytes.pipe(toReadable()),
  web: () => bytes.pipe(toWeb()),
  webLines: () => bytes.pipe(decodeText(), lines(), toWeb()),
  readableLines: () => bytes.pipe(decodeText(), lines(), toReadable({ objectMode: true })),
  shown: () =>
    bytes.pipe(
      progress(),
      map((report) => report),
    ),
};

it('types of a ByteStream are inferred as those of an Observable of bytes', () => {
  expectTypeOf(examples.awaited).returns.toEqualTypeOf<Promise<Uint8Array>>();
  expectTypeOf(examples.flattened).returns.toEqualTypeOf<Observable<Uint8Array>>();
  expectTypeOf(examples.merged).returns.toEqualTypeOf<Observable<Uint8Array>>();
  expectTypeOf(examples.unchanged).returns.toEqualTypeOf<ValueStream<Uint8Array>>();
  expectTypeOf(examples.counted).returns.toEqualTypeOf<ValueStream<number>>();
  expectTypeOf(examples.mapped).returns.toEqualTypeOf<ValueStream<{ length: number }>>();
  expectTypeOf(examples.text).returns.toEqualTypeOf<ValueStream<string>>();
  expectTypeOf(examples.collected).returns.toEqualTypeOf<Promise<Uint8Array>>();
  expectTypeOf(examples.chunks).returns.toEqualTypeOf<Promise<Uint8Array[]>>();
  expectTypeOf(examples.shown).returns.toEqualTypeOf<ValueStream<TransferProgress>>();
});

it('types of a listing are inferred as those of an Observable, and it can be iterated', () => {
  const { entries } = listings;
  expectTypeOf(() => lastValueFrom(entries)).returns.toEqualTypeOf<Promise<FileEntry>>();
  expectTypeOf(() => of(1).pipe(switchMap(() => entries))).returns.toEqualTypeOf<Observable<FileEntry>>();
  expectTypeOf(() => merge(entries, bytes)).returns.toEqualTypeOf<Observable<FileEntry | Uint8Array>>();
  const opened = new Subject<void>();
  expectTypeOf(() => lastValueFrom(entries.pipe(paced(() => opened.pipe(take(1)))))).returns.toEqualTypeOf<
    Promise<void>
  >();
  expectTypeOf(() => entries.pipe()).returns.toEqualTypeOf<ValueStream<FileEntry>>();
  expectTypeOf(() =>
    entries.pipe(
      filter(({ kind }) => kind === 'file'),
      map(({ name }) => name),
    ),
  ).returns.toEqualTypeOf<ValueStream<string>>();
  expectTypeOf(() => entries.pipe(toArray())[Symbol.asyncIterator]()).returns.toEqualTypeOf<
    AsyncIterator<FileEntry[]>
  >();
});

it('types of what it is piped into are kept', () => {
  expectTypeOf(examples.unzipped).returns.toEqualTypeOf<Gunzip>();
  expectTypeOf(examples.readable).returns.toEqualTypeOf<Readable>();
  expectTypeOf(examples.web).returns.toEqualTypeOf<ReadableStream<Uint8Array>>();
  expectTypeOf(examples.webLines).returns.toEqualTypeOf<ReadableStream<string>>();
  expectTypeOf(examples.readableLines).returns.toEqualTypeOf<Readable>();
});
