/** Defines every verb as one thin method, for a session and for a client. They differ only in the place where an operation runs. */
import type { Readable, Writable } from 'node:stream';
import type { Observable, ObservableInput } from 'rxjs';
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
import type { ByteSourceAt } from '../streams/rereadable.js';
import type { ByteSource } from '../streams/source.js';
import { sourceWritable } from '../streams/source-writable.js';
import { toReadable } from '../streams/to-readable.js';
import type { ValueStream } from '../streams/value-stream.js';
import type { CommandSequence } from './command-sequence.js';
import type { FtpOperations } from './ftp-operations.js';
import {
  checkAppeOptions,
  checkRetrLinesOptions,
  checkRetrOptions,
  checkStorLinesOptions,
  checkStorOptions,
} from './operations/check-transfer-options.js';
import { retrieve } from './operations/downloads.js';
import { type EntriesOptions, entries$ } from './operations/entries.js';
import { type FileHash, type HashOptions, hash$ } from './operations/hash.js';
import { type ListOptions, listLines$, type MlsdOptions, mlsd$, mlst$ } from './operations/listings.js';
import { type LookupOptions, lookup$ } from './operations/lookup.js';
import { allo$, avbl$, mdtm$, size$ } from './operations/metadata.js';
import {
  checked,
  lineDecoding,
  type OperationContext,
  plainReply$,
  present,
  singleCommand$,
  singleReply$,
} from './operations/operation.js';
import { type OperationOptions, withOptions } from './operations/operation-options.js';
import { cdup$, cwd$, mkd$, pwd$ } from './operations/paths.js';
import { abor$, type ExchangeOptions, exchange$, send$ } from './operations/raw.js';
import { type RawTransfer, type TransferOptions, transfer$ } from './operations/raw-transfer.js';
import { rename$ } from './operations/rename.js';
import { resumeOf } from './operations/resume/check-resume.js';
import { retrieveResuming } from './operations/resume/resuming-download.js';
import { storeResuming$ } from './operations/resume/store-resuming.js';
import { auth$, ccc$, pbsz$, prot$, rein$ } from './operations/security.js';
import { sequence$ } from './operations/sequence.js';
import { chmod$ } from './operations/set-mode.js';
import { mfmt$ } from './operations/set-time.js';
import type {
  AppeOptions,
  RetrLinesOptions,
  RetrOptions,
  StorLinesOptions,
  StorOptions,
} from './operations/transfer-options.js';
import { byteContent, lineContent } from './operations/upload-content.js';
import { store$ } from './operations/uploads.js';

/** Nothing has to be checked. */
const NO_OPTIONS: RetrOptions = /* @__PURE__ */ Object.freeze({});

export abstract class FtpCommands implements FtpOperations {
  /** Private to the language too: a client that is logged shows no account and no key. */
  readonly #context: OperationContext;

  /** @internal */
  constructor(context: OperationContext) {
    this.#context = context;
  }

  abstract get reply$(): Observable<Reply>;
  abstract get command$(): Observable<string>;
  abstract get events$(): Observable<FtpEvent>;
  abstract get state$(): Observable<FtpState>;

  retr$(path: string, options: RetrOptions = NO_OPTIONS): ByteStream {
    if (options === NO_OPTIONS) return retrieve(this.#context, path, options);
    const check = (): void => checkRetrOptions(options);
    const resume = resumeOf(options?.resume);
    if (resume === undefined) return retrieve(this.#context, path, options, check);
    return retrieveResuming(this.#context, { path, options, resume, check });
  }

  retr(path: string, options: RetrOptions = {}): Readable {
    return toReadable<Uint8Array>()(this.retr$(path, options));
  }

  stor$(path: string, source: ByteSource | ByteSourceAt, options: StorOptions = {}): Observable<TransferProgress> {
    const check = (): void => checkStorOptions(options);
    if (options?.resume === true) return storeResuming$(this.#context, { path, source, options, check });
    // A function is refused at subscription.
    return store$(this.#context, { verb: 'STOR', path }, byteContent(source as ByteSource), options, check);
  }

  stor(path: string, options: StorOptions = {}): Writable {
    return sourceWritable((source) => this.stor$(path, source, options));
  }

  appe$(path: string, source: ByteSource, options: AppeOptions = {}): Observable<TransferProgress> {
    const check = (): void => checkAppeOptions(options);
    return store$(this.#context, { verb: 'APPE', path }, byteContent(source), options, check);
  }

  appe(path: string, options: AppeOptions = {}): Writable {
    return sourceWritable((source) => this.appe$(path, source, options));
  }

  stou$(source: ByteSource, path?: string, options: AppeOptions = {}): Observable<TransferProgress> {
    const check = (): void => checkAppeOptions(options);
    return store$(this.#context, { verb: 'STOU', path }, byteContent(source), options, check);
  }

  retrLines$(path: string, options: RetrLinesOptions = {}): ValueStream<string> {
    const text = retrieve(this.#context, path, inAscii(options), () => checkRetrLinesOptions(options));
    return text.pipe(lines(lineDecoding(this.#context)));
  }

  storLines$(path: string, source: LineSource, options: StorLinesOptions = {}): Observable<TransferProgress> {
    const { encode } = this.#context.settings.codec;
    const check = (): void => checkStorLinesOptions(options);
    return store$(this.#context, { verb: 'STOR', path }, lineContent(source, encode), inAscii(options), check);
  }

  list$(path?: string, options: ListOptions = {}): ValueStream<string> {
    return listLines$(this.#context, 'LIST', path, options);
  }

  nlst$(path?: string, options: ListOptions = {}): ValueStream<string> {
    return listLines$(this.#context, 'NLST', path, options);
  }

  mlsd$(path?: string, options: MlsdOptions = {}): ValueStream<MlsxEntry> {
    return mlsd$(this.#context, path, options);
  }

  mlst$(path?: string, options?: OperationOptions): Observable<MlsxEntry> {
    return withOptions(mlst$(this.#context, path), options);
  }

  entries$(path?: string, options: EntriesOptions = {}): ValueStream<FileEntry> {
    return entries$(this.#context, path, options);
  }

  cwd$(path: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(cwd$(this.#context, path), options);
  }

  cdup$(options?: OperationOptions): Observable<Reply> {
    return withOptions(cdup$(this.#context), options);
  }

  pwd$(options?: OperationOptions): Observable<string> {
    return withOptions(pwd$(this.#context), options);
  }

  mkd$(path: string, options?: OperationOptions): Observable<string> {
    return withOptions(mkd$(this.#context, path), options);
  }

  rmd$(path: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(plainReply$(this.#context, 'RMD', path), options);
  }

  dele$(path: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(plainReply$(this.#context, 'DELE', path), options);
  }

  rename$(from: string, to: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(rename$(this.#context, from, to), options);
  }

  lookup$(path: string, options?: LookupOptions): Observable<FileEntry> {
    return lookup$(this.#context, path, options);
  }

  size$(path: string, options?: OperationOptions): Observable<number> {
    return withOptions(size$(this.#context, path), options);
  }

  mdtm$(path: string, options?: OperationOptions): Observable<Date> {
    return withOptions(mdtm$(this.#context, path), options);
  }

  mfmt$(path: string, date: Date, options?: OperationOptions): Observable<Reply> {
    return withOptions(mfmt$(this.#context, path, date), options);
  }

  chmod$(path: string, mode: number | string, options?: OperationOptions): Observable<Reply> {
    return withOptions(chmod$(this.#context, path, mode), options);
  }

  avbl$(path?: string, options?: OperationOptions): Observable<number> {
    return withOptions(avbl$(this.#context, path), options);
  }

  hash$(path: string, options: HashOptions = {}): Observable<FileHash> {
    return hash$(this.#context, path, options);
  }

  feat$(options?: OperationOptions): Observable<Features> {
    return withOptions(
      singleCommand$(
        this.#context,
        () => checked(this.#context, 'FEAT'),
        (reply) => Features.parse(reply.lines),
      ),
      options,
    );
  }

  opts$(feature: string, parameters?: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'OPTS', feature, ...present(parameters)), options);
  }

  syst$(options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'SYST'), options);
  }

  stat$(path?: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'STAT', ...present(path)), options);
  }

  help$(topic?: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'HELP', ...present(topic)), options);
  }

  site$(parameters: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'SITE', parameters), options);
  }

  noop$(options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'NOOP'), options);
  }

  acct$(account: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'ACCT', account), options);
  }

  rein$(options?: OperationOptions): Observable<Reply> {
    return withOptions(rein$(this.#context), options);
  }

  allo$(bytes: number, recordBytes?: number, options?: OperationOptions): Observable<Reply> {
    return withOptions(allo$(this.#context, bytes, recordBytes), options);
  }

  smnt$(path: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'SMNT', path), options);
  }

  type$(type: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'TYPE', type), options);
  }

  mode$(mode: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(singleReply$(this.#context, 'MODE', mode), options);
  }

  auth$(options?: OperationOptions): Observable<Reply> {
    return withOptions(auth$(this.#context), options);
  }

  pbsz$(size: number, options?: OperationOptions): Observable<Reply> {
    return withOptions(pbsz$(this.#context, size), options);
  }

  prot$(level: 'P' | 'C', options?: OperationOptions): Observable<Reply> {
    return withOptions(prot$(this.#context, level), options);
  }

  ccc$(options?: OperationOptions): Observable<Reply> {
    return withOptions(ccc$(this.#context), options);
  }

  send$(line: string, options?: OperationOptions): Observable<Reply> {
    return withOptions(send$(this.#context, line), options);
  }

  exchange$(line: string, options: ExchangeOptions): Observable<Reply> {
    return exchange$(this.#context, line, options);
  }

  transfer$(line: string, options: TransferOptions = {}): Observable<RawTransfer> {
    return transfer$(this.#context, line, options);
  }

  sequence$<T>(work: (commands: CommandSequence) => ObservableInput<T>, options?: OperationOptions): Observable<T> {
    return withOptions(sequence$(this.#context, work), options);
  }

  abor$(options?: OperationOptions): Observable<Reply> {
    return withOptions(abor$(this.#context), options);
  }
}

/** From JavaScript there may come anything, which is refused at subscription. */
function inAscii<T extends object>(options: T): T & { readonly type?: 'ascii' } {
  return typeof options === 'object' && options !== null ? { ...options, type: 'ascii' } : options;
}
