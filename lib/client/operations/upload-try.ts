/** Runs one try of an upload on its session, and reports its progress. */
import type { Session } from '../../control/session.js';
import { type TimedWork, withinDeadline } from '../../data/transfer-deadline.js';
import { type Sent, type Uploaded, type UploadPlan, upload } from '../../data/upload.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isAscii } from '../../protocol/representation-type.js';
import { ProgressMeter, type TransferProgress } from '../../streams/progress-meter.js';
import type { SourceReader } from '../../streams/source.js';
import { checkStart, refuseAsciiHash } from './check-transfer-options.js';
import { HashProof } from './hash-proof.js';
import type { OperationContext } from './operation.js';
import { StoredFile, type UploadTarget } from './stored-file.js';
import type { StorOptions } from './transfer-options.js';
import { typeCode } from './transfer-options.js';
import type { UploadContent } from './upload-content.js';

/** One upload, with all that its tries share. */
export interface AskedUpload {
  readonly context: OperationContext;
  readonly line: Command;
  readonly target: UploadTarget;
  readonly content: UploadContent;
  readonly options: StorOptions;
  readonly course: UploadCourse;
}

/** How far an upload has come, over all its attempts. */
export interface UploadCourse {
  attempt: number;
  /** The server has reported success: a later failure is that of a check. */
  isStored: boolean;
  /** The session of a try was lost before any reply to STOR. The server may begin that late, and empty the file. */
  mayBeginLate: boolean;
}

export class UploadTry {
  readonly #session: Session;
  readonly #asked: AskedUpload;
  readonly #emit: (progress: TransferProgress) => void;
  readonly #type: string;
  readonly #reader: SourceReader;
  readonly #meter: ProgressMeter;
  readonly #file: StoredFile;

  /** Throws for options that do not fit the type. It may be that of `type$`, or of the client. */
  constructor(session: Session, asked: AskedUpload, emit: (progress: TransferProgress) => void) {
    const { target, content, options } = asked;
    this.#session = session;
    this.#asked = asked;
    this.#emit = emit;
    this.#type = typeCode(options.type) ?? session.user.applied.type;
    checkStart(options.start, this.#type);
    this.#reader = content.read();
    this.#meter = this.#newMeter();
    this.#file = new StoredFile(session, target, options);
    if (options.verify === 'hash' && this.#isAscii) refuseAsciiHash();
  }

  async run(signal: Cancellation): Promise<void> {
    this.#session.channel.requireSendable(this.#asked.line);
    const done = await withinDeadline(this.#timed(), signal);
    if (done !== undefined) this.#tellDone(done);
  }

  get #isAscii(): boolean {
    return isAscii(this.#type);
  }

  #newMeter(): ProgressMeter {
    const { context, target, options, course } = this.#asked;
    return new ProgressMeter({
      path: target.path,
      total: this.#total,
      tried: () => ({ attempt: course.attempt }),
      intervalMs: options.progressIntervalMs ?? context.settings.progressIntervalMs,
      now: this.#session.channel.timers.now,
    });
  }

  /** Of a file it is known when that is open, of a download when the other server has opened it. */
  readonly #total = (): number | undefined =>
    this.#isAscii ? undefined : (this.#asked.content.size ?? this.#reader.expectedBytes?.());

  #timed(): TimedWork<Uploaded | undefined> {
    const session = this.#session;
    const { options, line } = this.#asked;
    const { deadlineMs = session.settings.deadlineMs } = options;
    const run = (signal: Cancellation): Promise<Uploaded | undefined> => this.#store(this.#plan(), signal);
    return { session, deadlineMs, command: line.masked, run, moved: () => this.#meter.bytes };
  }

  #plan(): UploadPlan {
    const { line, content, options, course } = this.#asked;
    const { opening, requireUsable: onReady } = content;
    const { onBegun, discardPartial: onPartial } = this.#file;
    const { start = 0, minRate } = options;
    return {
      command: line,
      type: this.#type,
      localLineEnds: this.#isAscii,
      start,
      minRate,
      total: this.#total,
      opening,
      onReady,
      onBegun,
      onPartial,
      onUnanswered: () => {
        course.mayBeginLate = true;
      },
    };
  }

  #store(plan: UploadPlan, signal: Cancellation): Promise<Uploaded | undefined> {
    const { verify = false } = this.#asked.options;
    if (verify === 'hash') return this.#storeHashed(plan, signal);
    return this.#storeCounted(plan, verify !== false && !this.#isAscii, signal);
  }

  async #storeCounted(plan: UploadPlan, verifies: boolean, signal: Cancellation): Promise<Uploaded | undefined> {
    await this.#file.ask(verifies);
    const verify = (sent: Sent): Promise<VerifiedBy | undefined> => this.#verifySize(sent, verifies);
    return upload(this.#session, { ...plan, verify }, this.#reader, this.#onBytes, signal);
  }

  async #verifySize(sent: Sent, verifies: boolean): Promise<VerifiedBy | undefined> {
    const { course } = this.#asked;
    course.isStored = true;
    if (verifies) return this.#file.verifySize(sent);
    return course.mayBeginLate && !this.#isAscii ? this.#file.verifyNotEmptied(sent) : undefined;
  }

  /** It is hashed as it is sent. Whether the server can tell a checksum is found out before anything is stored. */
  async #storeHashed(plan: UploadPlan, signal: Cancellation): Promise<Uploaded | undefined> {
    const file = this.#file;
    const whole = await HashProof.open(this.#session);
    await file.ask(true);
    const proof = file.requireOffset() > 0 ? whole.forRange() : whole;
    const verify = (sent: Sent): Promise<VerifiedBy | undefined> => {
      this.#asked.course.isStored = true;
      return file.verifyHash(sent, proof, signal);
    };
    return upload(this.#session, { ...plan, verify }, proof.reader(this.#reader), this.#onBytes, signal);
  }

  readonly #onBytes = (bytes: number): void => {
    const report = this.#meter.add(bytes - this.#meter.bytes);
    if (report !== undefined) this.#emit(report);
  };

  #tellDone(done: Uploaded): void {
    const path = this.#file.pathAfter(done);
    this.#emit({ ...this.#meter.done(done.verifiedBy), ...(path === undefined ? {} : { path }) });
  }
}
