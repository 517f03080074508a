/** Every verb as one thin method, for a session and for a client alike: they differ only in where an operation runs. */
import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';
import type { FtpEvent } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import type { MlsxEntry } from '../protocol/facts.js';
import { Features } from '../protocol/features.js';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import type { Reply } from '../protocol/reply.js';
import type { ByteStream } from '../streams/byte-stream.js';
import type { LineSource } from '../streams/line-source.js';
import { lines } from '../streams/lines.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import type { ByteSource } from '../streams/source.js';
import { sourceWritable } from '../streams/source-writable.js';
import { toReadable } from '../streams/to-readable.js';
import type { FtpOperations } from './ftp-operations.js';
import { retrieve } from './operations/downloads.js';
import { type EntriesOptions, entries$ } from './operations/entries.js';
import { type ListOptions, listLines$, type MlsdOptions, mlsd$, mlst$ } from './operations/listings.js';
import { allo$, chmod$, mdtm$, mfmt$, size$ } from './operations/metadata.js';
import {
  checked,
  command$,
  given,
  lineDecoding,
  type OperationContext,
  plainReply$,
  reply$,
} from './operations/operation.js';
import { cdup$, cwd$, mkd$, pwd$ } from './operations/paths.js';
import { abor$, type ExchangeOptions, exchange$, send$ } from './operations/raw.js';
import { type RawTransfer, type TransferOptions, transfer$ } from './operations/raw-transfer.js';
import { rename$ } from './operations/rename.js';
import { auth$, ccc$, pbsz$, prot$, rein$ } from './operations/security.js';
import type { AppeOptions, RetrOptions, StorOptions } from './operations/transfer-options.js';
import { byteContent, lineContent } from './operations/upload-content.js';
import { store$ } from './operations/uploads.js';

export abstract class FtpCommands implements FtpOperations {
  /** Private to the language too: whoever logs a client shows no account and no key. */
  readonly #context: OperationContext;

  /** @internal */
  constructor(context: OperationContext) {
    this.#context = context;
  }

  abstract get reply$(): Observable<Reply>;
  abstract get command$(): Observable<string>;
  abstract get events$(): Observable<FtpEvent>;
  abstract get state$(): Observable<FtpState>;

  retr$(path: string, options: RetrOptions = {}): ByteStream {
    return retrieve(this.#context, path, options);
  }

  retr(path: string, options: RetrOptions = {}): Readable {
    return toReadable<Uint8Array>()(this.retr$(path, options));
  }

  stor$(path: string, source: ByteSource, options: StorOptions = {}): Observable<TransferProgress> {
    return store$(this.#context, { verb: 'STOR', path }, byteContent(source), options);
  }

  stor(path: string, options: StorOptions = {}): Writable {
    return sourceWritable((source) => this.stor$(path, source, options));
  }

  appe$(path: string, source: ByteSource, options: AppeOptions = {}): Observable<TransferProgress> {
    return store$(this.#context, { verb: 'APPE', path }, byteContent(source), options);
  }

  appe(path: string, options: AppeOptions = {}): Writable {
    return sourceWritable((source) => this.appe$(path, source, options));
  }

  stou$(source: ByteSource, path?: string, options: AppeOptions = {}): Observable<TransferProgress> {
    return store$(this.#context, { verb: 'STOU', path }, byteContent(source), options);
  }

  retrLines$(path: string): Observable<string> {
    return retrieve(this.#context, path, { type: 'ascii' }).pipe(lines(lineDecoding(this.#context)));
  }

  storLines$(path: string, source: LineSource): Observable<TransferProgress> {
    const { encode } = this.#context.settings.codec;
    return store$(this.#context, { verb: 'STOR', path }, lineContent(source, encode), { type: 'ascii' });
  }

  list$(path?: string, options: ListOptions = {}): Observable<string> {
    return listLines$(this.#context, 'LIST', path, options);
  }

  nlst$(path?: string, options: ListOptions = {}): Observable<string> {
    return listLines$(this.#context, 'NLST', path, options);
  }

  mlsd$(path?: string, options: MlsdOptions = {}): Observable<MlsxEntry> {
    return mlsd$(this.#context, path, options);
  }

  mlst$(path?: string): Observable<MlsxEntry> {
    return mlst$(this.#context, path);
  }

  entries$(path?: string, options: EntriesOptions = {}): Observable<FileEntry> {
    return entries$(this.#context, path, options);
  }

  cwd$(path: string): Observable<Reply> {
    return cwd$(this.#context, path);
  }

  cdup$(): Observable<Reply> {
    return cdup$(this.#context);
  }

  pwd$(): Observable<string> {
    return pwd$(this.#context);
  }

  mkd$(path: string): Observable<string> {
    return mkd$(this.#context, path);
  }

  rmd$(path: string): Observable<Reply> {
    return plainReply$(this.#context, 'RMD', path);
  }

  dele$(path: string): Observable<Reply> {
    return plainReply$(this.#context, 'DELE', path);
  }

  rename$(from: string, to: string): Observable<Reply> {
    return rename$(this.#context, from, to);
  }

  size$(path: string): Observable<number> {
    return size$(this.#context, path);
  }

  mdtm$(path: string): Observable<Date> {
    return mdtm$(this.#context, path);
  }

  mfmt$(path: string, date: Date): Observable<Reply> {
    return mfmt$(this.#context, path, date);
  }

  chmod$(path: string, mode: number | string): Observable<Reply> {
    return chmod$(this.#context, path, mode);
  }

  feat$(): Observable<Features> {
    return command$(
      this.#context,
      () => checked(this.#context, 'FEAT'),
      (reply) => Features.parse(reply.lines),
    );
  }

  opts$(feature: string, parameters?: string): Observable<Reply> {
    return reply$(this.#context, 'OPTS', feature, ...given(parameters));
  }

  syst$(): Observable<Reply> {
    return reply$(this.#context, 'SYST');
  }

  stat$(path?: string): Observable<Reply> {
    return reply$(this.#context, 'STAT', ...given(path));
  }

  help$(topic?: string): Observable<Reply> {
    return reply$(this.#context, 'HELP', ...given(topic));
  }

  site$(parameters: string): Observable<Reply> {
    return reply$(this.#context, 'SITE', parameters);
  }

  noop$(): Observable<Reply> {
    return reply$(this.#context, 'NOOP');
  }

  acct$(account: string): Observable<Reply> {
    return reply$(this.#context, 'ACCT', account);
  }

  rein$(): Observable<Reply> {
    return rein$(this.#context);
  }

  allo$(bytes: number, recordBytes?: number): Observable<Reply> {
    return allo$(this.#context, bytes, recordBytes);
  }

  smnt$(path: string): Observable<Reply> {
    return reply$(this.#context, 'SMNT', path);
  }

  type$(type: string): Observable<Reply> {
    return reply$(this.#context, 'TYPE', type);
  }

  mode$(mode: string): Observable<Reply> {
    return reply$(this.#context, 'MODE', mode);
  }

  auth$(): Observable<Reply> {
    return auth$(this.#context);
  }

  pbsz$(size: number): Observable<Reply> {
    return pbsz$(this.#context, size);
  }

  prot$(level: 'P' | 'C'): Observable<Reply> {
    return prot$(this.#context, level);
  }

  ccc$(): Observable<Reply> {
    return ccc$(this.#context);
  }

  send$(line: string): Observable<Reply> {
    return send$(this.#context, line);
  }

  exchange$(line: string, options: ExchangeOptions): Observable<Reply> {
    return exchange$(this.#context, line, options);
  }

  transfer$(line: string, options: TransferOptions = {}): Observable<RawTransfer> {
    return transfer$(this.#context, line, options);
  }

  abor$(): Observable<Reply> {
    return abor$(this.#context);
  }
}
