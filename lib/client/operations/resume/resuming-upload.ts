/**
 * Makes the tries of an upload with `resume`.
 *
 * Each is its own STOR. The first begins at `start`, whatever the file holds. Later ones continue after the stored bytes (`StoredPart`), or
 * begin anew. Each try reads the source anew.
 */
import type { Session } from '../../../control/session.js';
import { type Sent, type UploadPlan, upload } from '../../../data/upload.js';
import { FtpReplyError } from '../../../errors.js';
import type { Cancellation } from '../../../net/cancellation.js';
import { type Command, command } from '../../../protocol/command.js';
import type { VerifiedBy } from '../../../protocol/hash-algorithms.js';
import { isAscii } from '../../../protocol/representation-type.js';
import type { Rereadable } from '../../../streams/rereadable.js';
import { HashProof } from '../hash-proof.js';
import type { StorOptions } from '../transfer-options.js';
import { typeCode } from '../transfer-options.js';
import { refuseAsciiResume } from './check-resume.js';
import { OpenedSource } from './opened-source.js';
import { isEndedByPeer } from './peer-end.js';
import { StoredPart } from './stored-part.js';
import type { TriedTransfer } from './transfer-tries.js';
import { hashHead, UploadChecks } from './upload-checks.js';
import { type ReportedUpload, UploadProgress } from './upload-progress.js';

export interface UploadInTries extends Omit<ReportedUpload, 'size'> {
  readonly options: StorOptions;
  readonly source: Rereadable;
  readonly line: Command;
}

export class ResumingUpload implements TriedTransfer {
  readonly command: string;
  readonly path: string;
  readonly deadlineMs: number | undefined;
  readonly #asked: UploadInTries;
  readonly #start: number;
  readonly #part: StoredPart;
  readonly #checks: UploadChecks;
  readonly #progress: UploadProgress;
  #type: string | undefined;
  /** The server may have begun the file. */
  #mayBeLeft = false;
  /** A final reply has said that all of it is stored. */
  #isStored = false;

  constructor(asked: UploadInTries) {
    const { path, options, line, source } = asked;
    this.#asked = asked;
    this.#start = options.start ?? 0;
    this.#part = new StoredPart(path, this.#start);
    this.#checks = new UploadChecks(path, options);
    this.#progress = new UploadProgress({ ...asked, size: () => source.size });
    this.command = line.masked;
    this.path = path;
    this.deadlineMs = options.deadlineMs;
  }

  get bytes(): number {
    return this.#progress.bytes;
  }

  async attempt(session: Session, signal: Cancellation, attempt: number): Promise<void> {
    const { options, path, line } = this.#asked;
    // As it was at first: the user may have set another one since.
    this.#type ??= typeCode(options.type) ?? session.user.applied.type;
    const type = this.#type;
    if (isAscii(type)) refuseAsciiResume();
    session.channel.requireSendable(line);
    this.#progress.begin(session.channel.timers.now);
    if (this.#checks.byHash) await HashProof.open(session);
    const offset = await this.#part.ask(session);
    if (signal.aborted) return;
    if (attempt > 1) {
      const resumedFrom = this.#start + offset;
      this.#progress.goesOn(offset, { attempt, resumedFrom });
      session.tell({ type: 'resuming', path, offset: resumedFrom });
    }
    const verifiedBy = await this.#storeFrom(session, { type, offset, signal });
    if (!signal.aborted) this.#progress.done(verifiedBy);
  }

  /** Sends DELE for the rest: a failed deletion matters less than the reason for it. */
  async clearAway(session: Session): Promise<void> {
    const { options, path } = this.#asked;
    const isLeft = this.#isStored ? this.#checks.failed : this.#mayBeLeft;
    if (options.deletePartial !== true || !isLeft || session.channel.cause !== undefined) return;
    await session.request(command('DELE', path)).catch(() => undefined);
  }

  /** A server that refuses REST gets all of it again, at once. */
  async #storeFrom(session: Session, try_: Try): Promise<VerifiedBy | undefined> {
    // All of it was stored, and only the checks broke off.
    if (this.#isStored && try_.offset > 0 && try_.offset === this.#progress.most)
      return this.#checkStored(session, try_);
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
      total: () => this.#progress.left(offset, opened.expectedBytes()),
      opening: opened.opening,
      onReady: opened.requireUsable,
      onBegun: () => this.#part.begun(offset),
      onUnanswered: () => this.#noteUnanswered(session, offset),
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

  /** A checksum would show the hole, and the upload would begin anew then. */
  #noteUnanswered({ channel }: Session, offset: number): void {
    if (!this.#checks.byHash && !isEndedByPeer(channel.cause)) this.#part.unanswered(offset);
  }

  /** The checksum of the bytes of earlier tries, which are read once more. */
  async #openProof(session: Session, offset: number, signal: Cancellation): Promise<HashProof> {
    const whole = await HashProof.open(session);
    const proof = this.#start > 0 ? whole.forRange() : whole;
    await hashHead(new OpenedSource(this.#asked.source, 0), { bytes: offset, proof, signal });
    return proof;
  }

  #report(position: number): void {
    this.#part.took(position);
    this.#progress.took(position);
  }

  #verify(session: Session, { offset, sent, proof, signal }: Stored): Promise<VerifiedBy | undefined> {
    this.#isStored = true;
    const bytes = offset + sent.bytes;
    this.#progress.sentAll(bytes);
    return this.#check(session, { bytes, isResumed: offset > 0, proof, signal });
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
      // The server's treatment of REST with STOR may be the reason.
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
