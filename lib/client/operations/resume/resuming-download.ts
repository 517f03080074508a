/**
 * `retr$` with `resume`: one byte sequence over any number of drops.
 *
 * Each try is a RETR of its own, and knows nothing of the others. Before it the file is known again by SIZE and MDTM. It begins a little
 * before the place where the last one broke off, and the bytes before that place are compared with those that were handed on. A
 * file that differs ends the download: the bytes of two files are never joined.
 */
import type { WorkEnd } from '../../../control/lease-host.js';
import type { Session } from '../../../control/session.js';
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
import { steered } from '../steered.js';
import { Tail } from '../tail-start.js';
import type { RetrOptions } from '../transfer-options.js';
import { typeCode } from '../transfer-type.js';
import { type Resumption, refuseAsciiResume } from './check-resume.js';
import { ContinuedSink } from './continued-sink.js';
import { DeliveredTail } from './delivered-tail.js';
import { askIdentity, differenceOf, type FileIdentity, sizeIn } from './file-identity.js';
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
    return steered(asked.options, sink, gate, (into) => new ResumingDownload(context, asked, line).start(into, gate));
  });
}

class ResumingDownload implements TriedTransfer {
  readonly command: string;
  readonly deadlineMs: number | undefined;
  readonly #context: OperationContext;
  readonly #asked: ResumedDownload;
  readonly #line: Command;
  /** Of all tries: the consumer holds it. */
  readonly #gate = new Gate();
  readonly #tail: DeliveredTail;
  #tries: TransferTries | undefined;
  #sink: ByteSink | undefined;
  #outer: Gate | undefined;
  #identity: FileIdentity | undefined;
  /** Where the first byte lies in the file; from the end on, it is known with the size. */
  #start: number;
  #size: number | undefined;
  #delivered = 0;
  /** The server refuses REST: each try begins at the first byte of the file. */
  #withoutRest = false;
  #proof: HashProof | undefined;
  #verifiedBy: VerifiedBy | undefined;

  constructor(context: OperationContext, asked: ResumedDownload, line: Command) {
    this.#context = context;
    this.#asked = asked;
    this.#line = line;
    this.#start = asked.options.start ?? 0;
    this.#size = asked.options.size;
    this.#tail = new DeliveredTail(asked.resume.overlapBytes);
    this.command = line.masked;
    this.deadlineMs = asked.options.deadlineMs;
  }

  get bytes(): number {
    return this.#delivered;
  }

  /** Returns what cancels it. */
  start(sink: ByteSink, gate: Gate): () => void {
    const hold = new Hold(this.#gate);
    const detach = gate.attach({ pause: () => hold.take(), resume: () => hold.release() });
    this.#outer = gate;
    gate.expectedBytes = () => this.#total;
    this.#sink = sink;
    const tries = new TransferTries(this.#context, this, (end) => {
      detach();
      this.#finish(sink, end);
    });
    this.#tries = tries;
    return tries.start();
  }

  async attempt(session: Session, signal: Cancellation, attempt: number): Promise<void> {
    const { options } = this.#asked;
    if (attempt > 1) this.#size ??= this.#announcedSize();
    const type = typeCode(options.type) ?? session.user.applied.type;
    if (isAscii(type)) refuseAsciiResume();
    session.channel.requireSendable(this.#line);
    await this.#openProof(session);
    await this.#identify(session);
    if (signal.aborted) return;
    if (attempt > 1) this.#tellResuming(session, attempt);
    const done = await this.#retrieve(session, type, signal);
    this.#verifiedBy = done?.verifiedBy;
  }

  #tellResuming(session: Session, attempt: number): void {
    const offset = this.#position;
    if (this.#outer !== undefined) this.#outer.tried = { attempt, resumedFrom: offset };
    session.tell({ type: 'resuming', path: this.#asked.path, offset });
  }

  /** Where the next byte lies in the file. */
  get #position(): number {
    return this.#start + this.#delivered;
  }

  /** How many bytes there will be in all, as far as anybody has told. */
  get #total(): number | undefined {
    const { end = Number.POSITIVE_INFINITY } = this.#asked.options;
    if (this.#start < 0) return undefined;
    if (this.#size !== undefined) return Math.max(0, Math.min(this.#size, end) - this.#start);
    return this.#gate.expectedBytes?.();
  }

  /** The size by the preliminary reply of the last try, where SIZE is not told. */
  #announcedSize(): number | undefined {
    const { end = Number.POSITIVE_INFINITY } = this.#asked.options;
    const bytes = this.#gate.expectedBytes?.();
    // Up to `end`, it would be that of the part.
    return bytes === undefined || this.#start + bytes >= end ? undefined : this.#start + bytes;
  }

  #finish(sink: ByteSink, end: WorkEnd): void {
    if (end === undefined) sink.complete(this.#verifiedBy);
    else sink.error(end.error);
  }

  /** The checksum counts the bytes of all tries; each try asks its own session. */
  async #openProof(session: Session): Promise<void> {
    const { verify, start = 0, end } = this.#asked.options;
    if (verify !== 'hash') return;
    if (this.#proof !== undefined && this.#delivered > 0) {
      this.#proof = this.#proof.on(session);
      return;
    }
    const whole = await HashProof.open(session);
    this.#proof = start !== 0 || end !== undefined ? whole.forRange() : whole;
  }

  /** Nothing that was handed on can be spoiled before the first byte: the file of that try is the one that is downloaded. */
  async #identify(session: Session): Promise<void> {
    const { path, options } = this.#asked;
    const known = this.#delivered > 0 ? this.#identity : undefined;
    const now = await askIdentity(session, path, known);
    const difference = known && differenceOf(known, now);
    if (difference !== undefined) throw this.#changed(`${difference}.`);
    this.#identity = { SIZE: now.SIZE ?? known?.SIZE, MDTM: now.MDTM ?? known?.MDTM };
    const told = sizeIn(this.#identity);
    this.#size = (options.verify === 'size' ? (told ?? options.size) : (options.size ?? told)) ?? this.#size;
    const { start = 0, end } = options;
    if (start >= 0 || this.#delivered > 0) return;
    const tail = await Tail.find(session, { path, start, end, size: this.#size });
    this.#start = tail.start;
    this.#size = tail.size;
  }

  async #retrieve(session: Session, type: string, signal: Cancellation): Promise<Downloaded | undefined> {
    const { fromStart } = this.#asked.resume;
    if (this.#withoutRest) return this.#retrieveOnce(session, type, signal);
    try {
      return await this.#retrieveOnce(session, type, signal);
    } catch (error) {
      if (!(fromStart && isRefusedRestart(error)) || signal.aborted) throw error;
      this.#withoutRest = true;
      return this.#retrieveOnce(session, type, signal);
    }
  }

  async #retrieveOnce(session: Session, type: string, outer: Cancellation): Promise<Downloaded | undefined> {
    const signal = new Canceller();
    const leave = (): void => signal.abort(outer.reason);
    outer.addEventListener('abort', leave);
    let changed: FtpTransferError | undefined;
    const sink = this.#continue((how) => {
      changed = this.#changed(`${how}.`);
      session.limitAbort();
      signal.abort(changed);
    });
    try {
      const done = await this.#run(session, { type, signal, sink });
      if (changed !== undefined) throw changed;
      if (done !== undefined && !sink.isCompared) throw this.#changed('it ends before the place where it broke off.');
      return done;
    } catch (error) {
      throw changed ?? error;
    } finally {
      outer.removeEventListener('abort', leave);
    }
  }

  #run(
    session: Session,
    { type, signal, sink }: { type: string; signal: Cancellation; sink: ContinuedSink },
  ): Promise<Downloaded | undefined> {
    const { path } = this.#asked;
    const verify = this.#proof && ((): Promise<VerifiedBy | undefined> => this.#compare(signal));
    const plan = { ...this.#planFrom(type), verify };
    const into: ByteSink = {
      buffer: () => sink.buffer(),
      write: (chunk) => sink.write(chunk),
      complete: () => {},
      error: () => {},
    };
    return retrieveFrom(session, plan, { path, sink: into, gate: this.#gate, signal });
  }

  /** Where the try begins in the file. */
  get #from(): number {
    return this.#withoutRest ? 0 : this.#position - this.#tail.bytes().length;
  }

  #planFrom(type: string): RetrievePlan {
    const { options } = this.#asked;
    // A file that was put together is checked in any case.
    const verify = this.#delivered > 0 && options.verify === false ? 'known' : options.verify;
    return planRetrieve(this.#line, type, this.#size, { ...options, verify, start: this.#from });
  }

  #continue(onChanged: (how: string) => void): ContinuedSink {
    const overlap = this.#tail.bytes();
    const skip = this.#position - overlap.length - this.#from;
    const total = this.#total;
    const most = this.#delivered > 0 && total !== undefined ? total - this.#delivered : undefined;
    return new ContinuedSink({ skip, overlap, most, receiver: this.#receiver(), onChanged });
  }

  #receiver(): ByteReceiver {
    const sink = this.#sink as ByteSink;
    return {
      buffer: () => sink.buffer(),
      write: (chunk) => {
        // Before it is handed on: its memory is the consumer's then.
        this.#tail.add(chunk);
        this.#proof?.add(chunk);
        this.#delivered += chunk.length;
        this.#tries?.moved();
        sink.write(chunk);
      },
    };
  }

  /** A checksum that differs is no reason for another try. */
  async #compare(signal: Cancellation): Promise<VerifiedBy | undefined> {
    const { options, path } = this.#asked;
    const bytes = this.#delivered;
    const start = this.#start;
    const isWhole = start === 0 && (options.end === undefined || bytes < options.end);
    if (!isWhole && bytes === 0) return undefined;
    const range = isWhole ? undefined : { start, end: start + bytes };
    const moved = { command: this.command, path, range, bytes, transient: false };
    const found = await this.#proof?.compare(moved, signal);
    if (found instanceof FtpTransferError) throw found;
    return found;
  }

  #changed(how: string): FtpTransferError {
    const bytes = this.#delivered;
    return new FtpTransferError(
      `${this.command} cannot go on after ${bytes} bytes: the file is not the one that it began with: ${how}`,
      { command: this.command, bytes, changed: true },
    );
  }
}

/** For good: a server without REST, or one that refuses it for this user. */
function isRefusedRestart(error: unknown): boolean {
  return error instanceof FtpReplyError && error.command?.startsWith('REST ') === true && error.reply.class === 5;
}
