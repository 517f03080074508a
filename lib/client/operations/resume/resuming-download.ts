/**
 * `retr$` with `resume` emits one byte sequence over any number of drops.
 *
 * Each try is its own RETR, and knows nothing of the others. SIZE and MDTM identify the file before it. It begins a little before the place
 * where the last one ended. It compares the bytes before that place with the delivered ones. A file that differs ends the download: the
 * client never joins the bytes of two files.
 */

import type { Session } from '../../../control/session.js';
import type { WorkEnd } from '../../../control/task-runner.js';
import type { Downloaded } from '../../../data/download.js';
import { FtpReplyError, FtpTransferError } from '../../../errors.js';
import { type Cancellation, Canceller } from '../../../net/cancellation.js';
import type { Command } from '../../../protocol/command.js';
import type { VerifiedBy } from '../../../protocol/hash-algorithms.js';
import { isAscii } from '../../../protocol/representation-type.js';
import type { ByteReceiver, ByteSink } from '../../../streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../../streams/byte-stream.js';
import { Gate, Hold } from '../../../streams/gate.js';
import { planRetrieve, type RetrievePlan, retrieveFrom } from '../downloads.js';
import { HashProof } from '../hash-proof.js';
import { checked, type OperationContext } from '../operation.js';
import { withPauseAndSignal } from '../steering.js';
import type { RetrOptions } from '../transfer-options.js';
import { typeCode } from '../transfer-options.js';
import { type Resumption, refuseAsciiResume } from './check-resume.js';
import { ContinuedSink } from './continued-sink.js';
import { DownloadedFile } from './downloaded-file.js';
import { TransferTries, type TriedTransfer } from './transfer-tries.js';

export interface ResumedDownload {
  readonly path: string;
  readonly options: RetrOptions;
  readonly resume: Resumption;
  /** Throws for bad options at subscription. */
  readonly check: () => void;
}

/** RETR with `resume`. */
export function retrieveResuming(context: OperationContext, asked: ResumedDownload): ByteStream {
  return byteStream((sink, gate) => {
    asked.check();
    const line = checked(context, 'RETR', asked.path);
    return withPauseAndSignal(asked.options, sink, gate, (into) =>
      new ResumingDownload(asked, line, { context, sink: into, gate }).start(),
    );
  });
}

/** The place where a download runs, and the receiver of its bytes. */
interface Destination {
  readonly context: OperationContext;
  readonly sink: ByteSink;
  readonly gate: Gate;
}

class ResumingDownload implements TriedTransfer {
  readonly command: string;
  readonly path: string;
  readonly deadlineMs: number | undefined;
  readonly #asked: ResumedDownload;
  readonly #line: Command;
  readonly #file: DownloadedFile;
  /** Of all tries: the consumer's own gate holds it. */
  readonly #gate = new Gate();
  readonly #outer: Gate;
  readonly #sink: ByteSink;
  readonly #tries: TransferTries;
  #type: string | undefined;
  /** The server refuses REST: each try begins at the first byte of the file. */
  #withoutRest = false;
  #detach = (): void => {};
  #proof: HashProof | undefined;
  #verifiedBy: VerifiedBy | undefined;

  constructor(asked: ResumedDownload, line: Command, { context, sink, gate }: Destination) {
    const { path, options, resume } = asked;
    this.#asked = asked;
    this.#line = line;
    this.#sink = sink;
    this.#outer = gate;
    this.command = line.masked;
    this.path = path;
    this.deadlineMs = options.deadlineMs;
    this.#file = new DownloadedFile({ path, command: line.masked, options, overlapBytes: resume.overlapBytes });
    this.#tries = new TransferTries(context, this, (end) => this.#finish(end));
  }

  get bytes(): number {
    return this.#file.delivered;
  }

  /** Returns what cancels it. */
  start(): () => void {
    const hold = new Hold(this.#gate);
    this.#detach = this.#outer.attach({ pause: () => hold.take(), resume: () => hold.release() });
    this.#outer.expectedBytes = () => this.#file.total ?? this.#gate.expectedBytes?.();
    return this.#tries.start();
  }

  async attempt(session: Session, signal: Cancellation, attempt: number): Promise<void> {
    const { options } = this.#asked;
    if (attempt > 1) this.#file.announced(this.#gate.expectedBytes?.());
    // As it was at first: the user may have set another one since.
    this.#type ??= typeCode(options.type) ?? session.user.applied.type;
    const type = this.#type;
    if (isAscii(type)) refuseAsciiResume();
    session.channel.requireSendable(this.#line);
    await this.#openProof(session);
    await this.#file.identify(session);
    if (signal.aborted) return;
    if (attempt > 1) this.#tellResuming(session, attempt);
    const done = await this.#retrieve(session, type, signal);
    this.#verifiedBy = done?.verifiedBy;
  }

  #tellResuming(session: Session, attempt: number): void {
    const offset = this.#file.position;
    this.#outer.tried = { attempt, resumedFrom: offset };
    session.tell({ type: 'resuming', path: this.#asked.path, offset });
  }

  #finish(end: WorkEnd): void {
    this.#detach();
    if (end === undefined) this.#sink.complete(this.#verifiedBy);
    else this.#sink.error(end.error);
  }

  /** The checksum counts the bytes of all tries; each try asks its own session. */
  async #openProof(session: Session): Promise<void> {
    const { verify, start = 0, end } = this.#asked.options;
    if (verify !== 'hash') return;
    if (this.#proof !== undefined && this.#file.delivered > 0) {
      this.#proof = this.#proof.on(session);
      return;
    }
    const whole = await HashProof.open(session);
    this.#proof = start !== 0 || end !== undefined ? whole.forRange() : whole;
  }

  async #retrieve(session: Session, type: string, signal: Cancellation): Promise<Downloaded | undefined> {
    try {
      return await this.#retrieveOnce(session, type, signal);
    } catch (error) {
      const mayBeginAtTheFront = this.#asked.resume.fromStart && !this.#withoutRest && isRefusedRestart(error);
      if (!mayBeginAtTheFront || signal.aborted) throw error;
      this.#withoutRest = true;
      return this.#retrieveOnce(session, type, signal);
    }
  }

  /** Bytes that differ from the file end the transfer, and their error comes before its own. */
  async #retrieveOnce(session: Session, type: string, outer: Cancellation): Promise<Downloaded | undefined> {
    const signal = new Canceller();
    const leave = (): void => signal.abort(outer.reason);
    outer.addEventListener('abort', leave);
    let changed: FtpTransferError | undefined;
    const sink = this.#continue((how) => {
      changed = this.#file.changed(how);
      session.limitAbort();
      signal.abort(changed);
    });
    try {
      const done = await this.#run(session, { type, signal, sink });
      if (changed !== undefined) throw changed;
      if (done === undefined || sink.isCompared) return done;
      throw this.#file.changed('it ends before the place where it broke off');
    } catch (error) {
      throw changed ?? error;
    } finally {
      outer.removeEventListener('abort', leave);
    }
  }

  #run(session: Session, { type, signal, sink }: Try): Promise<Downloaded | undefined> {
    const verify = this.#proof && ((): Promise<VerifiedBy | undefined> => this.#compare(signal));
    const into: ByteSink = {
      buffer: () => sink.buffer(),
      write: (chunk) => sink.write(chunk),
      complete: () => {},
      error: () => {},
    };
    const target = { path: this.#asked.path, sink: into, gate: this.#gate, signal };
    return retrieveFrom(session, { ...this.#planFrom(type), verify }, target);
  }

  /** The offset in the file where the try begins. */
  get #from(): number {
    return this.#withoutRest ? 0 : this.#file.position - this.#file.overlap.length;
  }

  #planFrom(type: string): RetrievePlan {
    const { options } = this.#asked;
    // A file that was put together is checked in any case.
    const verify = this.#file.delivered > 0 && options.verify === false ? 'known' : options.verify;
    return planRetrieve(this.#line, type, this.#file.size, { ...options, verify, start: this.#from });
  }

  #continue(onChanged: (how: string) => void): ContinuedSink {
    const { overlap, position, delivered, total } = this.#file;
    const skip = position - overlap.length - this.#from;
    const most = delivered > 0 && total !== undefined ? total - delivered : undefined;
    const receiver: ByteReceiver = { buffer: () => this.#sink.buffer(), write: (chunk) => this.#handOn(chunk) };
    return new ContinuedSink({ skip, overlap, most, receiver, onChanged });
  }

  #handOn(chunk: Uint8Array): void {
    this.#file.add(chunk);
    this.#proof?.add(chunk);
    this.#tries.moved();
    this.#sink.write(chunk);
  }

  /** A checksum that differs is no reason for another try. */
  async #compare(signal: Cancellation): Promise<VerifiedBy | undefined> {
    const { isWhole, delivered: bytes, start } = this.#file;
    if (!isWhole && bytes === 0) return undefined;
    const range = isWhole ? undefined : { start, end: start + bytes };
    const moved = { command: this.command, path: this.#asked.path, range, bytes, transient: false };
    const found = await this.#proof?.compare(moved, signal);
    if (found instanceof FtpTransferError) throw found;
    return found;
  }
}

/** One running try. */
interface Try {
  readonly type: string;
  readonly signal: Cancellation;
  readonly sink: ContinuedSink;
}

/** For good: a server without REST, or one that refuses it for this user. */
function isRefusedRestart(error: unknown): boolean {
  return error instanceof FtpReplyError && error.command?.startsWith('REST ') === true && error.reply.class === 5;
}
