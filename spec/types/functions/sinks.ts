/** Types of the sinks: what they give, and arguments that the compiler refuses. */
import { open } from 'node:fs/promises';
import { EMPTY, type Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { type ByteStream, type FtpOperations, type TransferProgress, throttleBytes } from '../../../lib/index.js';
import {
  type ByteMove,
  byteStream,
  FileWriter,
  fileSource,
  type LocalFileSource,
  type MoveHandlers,
  moveBytes,
  moveBytes$,
} from '../../../lib/sinks/index.js';

declare const ftp: FtpOperations;
declare const bytes$: ByteStream;
declare const handlers: MoveHandlers;

expectTypeOf(byteStream).returns.toEqualTypeOf<ByteStream>();
expectTypeOf(fileSource).returns.toEqualTypeOf<LocalFileSource>();
expectTypeOf(moveBytes).returns.toEqualTypeOf<ByteMove>();
expectTypeOf(moveBytes$).returns.toEqualTypeOf<Observable<TransferProgress>>();

/** Never run. */
export const good: readonly (() => unknown)[] = [
  () => ftp.stor$('/a', fileSource('a', 5)),
  () => moveBytes$(bytes$, (views) => new FileWriter(() => open('a', 'w')).write(views)),
  () => moveBytes(bytes$, handlers),
  () => ftp.stor$('/a', byteStream(bytes$).pipe(throttleBytes(1024))),
];

/** Never run. */
export const refused: readonly (() => unknown)[] = [
  // @ts-expect-error a stream is made of something
  () => byteStream(),
  // @ts-expect-error the file is opened when the first bytes come
  () => new FileWriter(open('a', 'w')),
  // @ts-expect-error an offset is a number
  () => fileSource('a', '5'),
  // @ts-expect-error the writer is told of several pieces
  () => moveBytes$(bytes$, async (view: Uint8Array) => void view),
  // @ts-expect-error memory is lent until the promise resolves
  () => moveBytes$(bytes$, () => undefined),
  // @ts-expect-error text is no bytes
  () => moveBytes$(EMPTY as Observable<string>, async () => undefined),
  // @ts-expect-error one has to hear of the end
  () => moveBytes(bytes$, { write: async () => undefined }),
];
