import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { filter, firstValueFrom, lastValueFrom, map, merge, type Observable, of, switchMap, take, toArray } from 'rxjs';
import { expectTypeOf, it } from 'vitest';
import type { ByteStream, TransferProgress } from '../../lib/index.js';
import { collectBytes, decodeText, lines, progress, toReadable } from '../../lib/index.js';

declare const bytes: ByteStream;

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
  expectTypeOf(examples.unchanged).returns.toEqualTypeOf<Observable<Uint8Array>>();
  expectTypeOf(examples.counted).returns.toEqualTypeOf<Observable<number>>();
  expectTypeOf(examples.mapped).returns.toEqualTypeOf<Observable<{ length: number }>>();
  expectTypeOf(examples.text).returns.toEqualTypeOf<Observable<string>>();
  expectTypeOf(examples.collected).returns.toEqualTypeOf<Promise<Uint8Array>>();
  expectTypeOf(examples.chunks).returns.toEqualTypeOf<Promise<Uint8Array[]>>();
  expectTypeOf(examples.shown).returns.toEqualTypeOf<Observable<TransferProgress>>();
});

it('types of what it is piped into are kept', () => {
  expectTypeOf(examples.unzipped).returns.toEqualTypeOf<Gunzip>();
  expectTypeOf(examples.readable).returns.toEqualTypeOf<Readable>();
  expectTypeOf(examples.readableLines).returns.toEqualTypeOf<Readable>();
});
