/** Types of the operations: what they emit, and arguments that the compiler refuses. */
import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';
import { expectTypeOf } from 'vitest';
import type {
  ByteStream,
  FileEntry,
  FileHash,
  FtpOperations,
  MlsxEntry,
  RawTransfer,
  Reply,
  TransferProgress,
  ValueStream,
} from '../../lib/index.js';
import { download$, upload$ } from '../../lib/recipes/index.js';

declare const ftp: FtpOperations;

expectTypeOf(ftp.retr$).returns.toEqualTypeOf<ByteStream>();
expectTypeOf(ftp.retr).returns.toEqualTypeOf<Readable>();
expectTypeOf(ftp.stor$).returns.toEqualTypeOf<Observable<TransferProgress>>();
expectTypeOf(ftp.stor).returns.toEqualTypeOf<Writable>();
expectTypeOf(ftp.retrLines$).returns.toEqualTypeOf<ValueStream<string>>();
expectTypeOf(ftp.entries$).returns.toEqualTypeOf<ValueStream<FileEntry>>();
expectTypeOf(ftp.mlsd$).returns.toEqualTypeOf<ValueStream<MlsxEntry>>();
expectTypeOf(ftp.lookup$).returns.toEqualTypeOf<Observable<FileEntry>>();
expectTypeOf(ftp.size$).returns.toEqualTypeOf<Observable<number>>();
expectTypeOf(ftp.mdtm$).returns.toEqualTypeOf<Observable<Date>>();
expectTypeOf(ftp.hash$).returns.toEqualTypeOf<Observable<FileHash>>();
expectTypeOf(ftp.dele$).returns.toEqualTypeOf<Observable<Reply>>();
expectTypeOf(ftp.transfer$).returns.toEqualTypeOf<Observable<RawTransfer>>();

/** Never run. */
export const refused: readonly (() => unknown)[] = [
  // @ts-expect-error STOR needs a source
  () => ftp.stor$('/a'),
  // @ts-expect-error the source comes second
  () => ftp.stor$('/a', { verify: 'size' }),
  // @ts-expect-error an upload is held against its size or its checksum
  () => ftp.stor$('/a', 'text', { verify: 'known' }),
  // @ts-expect-error a function that opens a source at an offset is for STOR, which can be resumed
  () => ftp.appe$('/a', (offset: number) => 'text'.slice(offset)),
  // @ts-expect-error a Writable is none to read from
  () => ftp.stor$('/a', ftp.stor('/b')),
  // @ts-expect-error RETR needs a path
  () => ftp.retr$(),
  // @ts-expect-error both names are needed
  () => ftp.rename$('/a'),
  // @ts-expect-error a time is a Date
  () => ftp.mfmt$('/a', 1_700_000_000_000),
  // @ts-expect-error the replies that are good have to be named
  () => ftp.exchange$('NOOP'),
  // @ts-expect-error there are two levels
  () => ftp.prot$('E'),
  // @ts-expect-error chunks are bytes
  () => ftp.retr$('/a').forEach(console.log as (chunk: string) => void),
  // @ts-expect-error a session or client comes first
  () => download$('/a', 'a'),
  // @ts-expect-error a path, and no stream: that is `stor$`
  () => upload$(ftp, ftp.retr('/a'), '/b'),
];
