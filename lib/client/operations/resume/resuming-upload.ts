/**
 * `stor$` with `resume`: an upload that goes on after a drop.
 *
 * Each try is a STOR of its own. The first begins at `start`, whatever stands there; later ones go on from what the server has
 * stored (`StoredPart`), or begin anew. The source is read anew for each of them.
 */
import { Observable } from 'rxjs';
import type { Session } from '../../../control/session.js';
import { type Sent, type UploadPlan, upload } from '../../../data/upload.js';
import { FtpReplyError, FtpUsageError } from '../../../errors.js';
import type { Cancellation } from '../../../net/cancellation.js';
import { type Command, command } from '../../../protocol/command.js';
import type { VerifiedBy } from '../../../protocol/hash-algorithms.js';
import { isAscii } from '../../../protocol/representation-type.js';
import { untilAborted } from '../../../streams/abort-signal.js';
import { ProgressMeter, type TransferProgress, type TransferTry } from '../../../streams/progress-meter.js';
import { type ByteSourceAt, type Rereadable, rereadable } from '../../../streams/rereadable.js';
import type { ByteSource } from '../../../streams/source.js';
import { HashProof } from '../hash-proof.js';
import { checked, type OperationContext } from '../operation.js';
import type { StorOptions } from '../transfer-options.js';
import { typeCode } from '../transfer-type.js';
import { refuseAsciiResume } from './check-resume.js';
import { OpenedSource } from './opened-source.js';
import { StoredPart } from './stored-part.js';
import { TransferTries, type TriedTransfer } from './transfer-tries.js';
import { hashHead, UploadChecks } from './upload-checks.js';

export interface ResumedUpload {
  readonly path: string;
  readonly source: ByteSource | ByteSourceAt;
  readonly options: StorOptions;
  /** Throws for bad options at subscription. */
  readonly check: () => void;
}

/** STOR with `resume`. */
export function storeResuming$(context: OperationContext, asked: ResumedUpload): Observable<TransferProgress> {
  const { path, options, check } = asked;
  const upload$ = new Observable<TransferProgress>((subscriber) => {
    check();
    const source = requireRereadable(asked.source);
    const line = checked(context, 'STOR', path);
    const emit = (progress: TransferProgress): void => {
      if (!subscriber.closed) subscriber.next(progress);
    };
    const transfer = new ResumingUpload(context, { path, options, source, line, emit });
    const tries = new TransferTries(context, transfer, (end) =>
      end === undefined ? subscriber.complete() : subscriber.error(end.error),
    );
    transfer.onMoved = () => tries.moved();
    return tries.start();
  });
  return untilAborted(upload$, options.signal);
}

function requireRereadable(source: ByteSource | ByteSourceAt): Rereadable {
  const found = rereadable(source);
  if (found !== undefined) return found;
  throw new FtpUsageError(
    'The option resume needs a source that can be read again: bytes, text, an array of them, a Blob, or a function (offset) => source.',
  );
}

interface Asked {
  readonly path: string;
  readonly options: StorOptions;
  readonly source: Rereadable;
  readonly line: Command;
  readonly emit: (progress: TransferProgress) => void;
}

class ResumingUpload implements TriedTransfer {
  readonly command: string;
  readonly path: string;
  readonly deadlineMs: number | undefined;
  /** Told when the socket took more, or the server has stored more, than in any try before. */
  onMoved: () => void = () => {};
  readonly #asked: Asked;
  readonly #intervalMs: number;
  readonly #start: number;
  readonly #part: StoredPart;
  readonly #checks: UploadChecks;
  #meter: ProgressMeter | undefined;
  #type: string | undefined;
  #tried: TransferTry = { attempt: 1 };
  /** As many bytes as the source has, once that is known. */
  #size: number | undefined;
  #most = 0;
  /** The greatest offset from which a try went on. */
  #mostStored = 0;
  /** The server may have begun the file. */
  #mayBeLeft = false;
  /** A final reply has said that all of it is stored. */
  #isStored = false;

  constructor(context: OperationContext, asked: Asked) {
    const { path, options, line } = asked;
    this.#asked = asked;
    this.#intervalMs = options.progressIntervalMs ?? context.settings.progressIntervalMs;
    this.#start = options.start ?? 0;
    this.#part = new StoredPart(path, this.#start);
    this.#checks = new UploadChecks(path, options);
    this.command = line.masked;
    this.path = path;
    this.deadlineMs = options.deadlineMs;
  }

  get bytes(): number {
    return this.#meter?.bytes ?? 0;
  }

  async attempt(session: Session, signal: Cancellation, attempt: number): Promise<void> {
    const { options, path, line, emit } = this.#asked;
    // As it was at first: the user may have set another one since.
    this.#type ??= typeCode(options.type) ?? session.user.applied.type;
    const type = this.#type;
    if (isAscii(type)) refuseAsciiResume();
    session.channel.requireSendable(line);
    this.#meter ??= this.#openMeter(session);
    if (this.#checks.byHash) await HashProof.open(session);
    const offset = await this.#part.ask(session);
    if (signal.aborted) return;
    if (attempt > 1) {
      this.#notice(offset);
      const resumedFrom = this.#start + offset;
      this.#tried = { attempt, resumedFrom };
      session.tell({ type: 'resuming', path, offset: resumedFrom });
    }
    const verifiedBy = await this.#storeFrom(session, { type, offset, signal });
    if (!signal.aborted) emit(this.#meter.done(verifiedBy));
  }

  /** The socket may have taken all of a small file at once: then what the server has stored shows that the upload got further. */
  #notice(offset: number): void {
    if (offset <= this.#mostStored) return;
    this.#mostStored = offset;
    this.onMoved();
  }

  /** DELE of what is left: that it cannot be deleted is less than the reason it is deleted for. */
  async clearAway(session: Session): Promise<void> {
    const { options, path } = this.#asked;
    const isLeft = this.#isStored ? this.#checks.failed : this.#mayBeLeft;
    if (options.deletePartial !== true || !isLeft || session.channel.cause !== undefined) return;
    await session.request(command('DELE', path)).catch(() => undefined);
  }

  #openMeter(session: Session): ProgressMeter {
    const { path, source } = this.#asked;
    return new ProgressMeter({
      path,
      total: () => source.size ?? this.#size,
      tried: () => this.#tried,
      intervalMs: this.#intervalMs,
      now: session.channel.timers.now,
    });
  }

  /** A server that refuses REST gets all of it again, at once. */
  async #storeFrom(session: Session, try_: Try): Promise<VerifiedBy | undefined> {
    // All of it was stored, and only the checks broke off.
    if (this.#isStored && try_.offset > 0 && try_.offset === this.#most) return this.#checkStored(session, try_);
    this.#isStored = false;
    try {
      return await this.#storeOnce(session, try_);
    } catch (error) {
      if (session.channel.cause !== undefined) this.#part.lost();
      const isRefused = error instanceof FtpReplyError && error.outcome === 'refused' && !this.#isStored;
      if (try_.offset === 0 || !isRefused) throw error;
      this.#part.beginAnew();
      if (error.command?.startsWith('REST ') !== true || error.transient || try_.signal.aborted) throw error;
      return this.#storeOnce(session, { ...try_, offset: 0 });
    }
  }

  async #storeOnce(session: Session, { type, offset, signal }: Try): Promise<VerifiedBy | undefined> {
    const { line, options, source } = this.#asked;
    const proof = this.#checks.byHash ? await this.#openProof(session, offset, signal) : undefined;
    if (signal.aborted) return undefined;
    const opened = new OpenedSource(source, offset);
    const plan: UploadPlan = {
      command: line,
      type,
      localLineEnds: false,
      start: this.#start + offset,
      minRate: options.minRate,
      total: () => this.#left(offset, opened),
      opening: opened.opening,
      onReady: opened.requireUsable,
      onBegun: () => this.#part.begun(offset),
      onUnanswered: () => this.#part.unanswered(offset),
      onPartial: async () => {
        this.#mayBeLeft = true;
      },
      verify: (sent) => this.#verify(session, { offset, sent, proof, signal }),
    };
    this.#report(offset);
    const reader = proof?.reader(opened) ?? opened;
    const done = await upload(session, plan, reader, (bytes) => this.#report(offset + bytes), signal);
    return done?.verifiedBy;
  }

  #left(offset: number, opened: OpenedSource): number | undefined {
    const expected = opened.expectedBytes();
    if (this.#asked.source.size === undefined && expected !== undefined) this.#size = offset + expected;
    const size = this.#asked.source.size ?? this.#size;
    return size === undefined ? undefined : size - offset;
  }

  /** The checksum of what was sent before, which is read once more. */
  async #openProof(session: Session, offset: number, signal: Cancellation): Promise<HashProof> {
    const whole = await HashProof.open(session);
    const proof = this.#start > 0 ? whole.forRange() : whole;
    await hashHead(new OpenedSource(this.#asked.source, 0), { bytes: offset, proof, signal });
    return proof;
  }

  #report(position: number): void {
    const meter = this.#meter as ProgressMeter;
    this.#part.took(position);
    if (position > this.#most) {
      this.#most = position;
      this.onMoved();
    }
    const progress = meter.add(position - meter.bytes);
    if (progress !== undefined) this.#asked.emit(progress);
  }

  #verify(session: Session, { offset, sent, proof, signal }: Stored): Promise<VerifiedBy | undefined> {
    this.#isStored = true;
    this.#most = offset + sent.bytes;
    return this.#check(session, { bytes: this.#most, isResumed: offset > 0, proof, signal });
  }

  async #checkStored(session: Session, { offset, signal }: Try): Promise<VerifiedBy | undefined> {
    const proof = this.#checks.byHash ? await this.#openProof(session, offset, signal) : undefined;
    return this.#check(session, { bytes: offset, isResumed: true, proof, signal });
  }

  async #check(
    session: Session,
    stored: { bytes: number; isResumed: boolean; proof: HashProof | undefined; signal: Cancellation },
  ): Promise<VerifiedBy | undefined> {
    try {
      return await this.#checks.run(session, stored);
    } catch (error) {
      // What the server makes of REST with STOR may be the reason.
      if (this.#checks.failed && stored.isResumed) this.#part.beginAnew();
      throw error;
    }
  }
}

interface Try {
  readonly type: string;
  /** In the source. */
  readonly offset: number;
  readonly signal: Cancellation;
}

interface Stored {
  readonly offset: number;
  readonly sent: Sent;
  readonly proof: HashProof | undefined;
  readonly signal: Cancellation;
}
