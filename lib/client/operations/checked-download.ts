/**
 * Asks the questions of a download beyond SIZE. A `start` that counts from the end needs SIZE beforehand. `verify: 'hash'` needs the
 * server's checksum behind it.
 */
import type { Session } from '../../control/session.js';
import { FtpTransferError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isAscii } from '../../protocol/representation-type.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { refuseAscii } from './check-transfer-options.js';
import type { ByteRange } from './hash-answer.js';
import { HashProof } from './hash-proof.js';
import { Tail } from './tail-start.js';
import type { RetrOptions } from './transfer-options.js';

/** Whether a download needs more questions than one for its size. */
export function needsChecks({ verify, start = 0 }: RetrOptions): boolean {
  return verify === 'hash' || start < 0;
}

/** The download that is checked. */
export interface Checked {
  readonly line: Command;
  readonly path: string;
  readonly type: string;
  readonly options: RetrOptions;
}

export class DownloadChecks {
  readonly start: number;
  readonly size: number | undefined;
  readonly #checked: Checked;
  readonly #tail: Tail | undefined;
  readonly #proof: HashProof | undefined;

  private constructor(checked: Checked, tail: Tail | undefined, proof: HashProof | undefined) {
    const { start, size } = tail ?? checked.options;
    this.start = start ?? 0;
    this.size = size;
    this.#tail = tail;
    this.#checked = checked;
    this.#proof = this.#isOfPart ? proof?.forRange() : proof;
  }

  /** Throws if the checks cannot be made. Nothing has moved then. */
  static async open(session: Session, checked: Checked): Promise<DownloadChecks> {
    const { line, path, type, options } = checked;
    const { start = 0, end, size, verify } = options;
    if (isAscii(type)) refuseAscii(options);
    session.channel.requireSendable(line);
    const proof = verify === 'hash' ? await HashProof.open(session) : undefined;
    const named = verify === 'size' ? undefined : size;
    const tail = start < 0 ? await Tail.find(session, { path, start, end, size: named }) : undefined;
    return new DownloadChecks(checked, tail, proof);
  }

  /** `sink`, whose bytes are hashed if the options ask for it. */
  sink(sink: ByteSink): ByteSink {
    return this.#proof?.sink(sink) ?? sink;
  }

  /** The number of bytes that have to come, as `planned`; undefined if the file may have grown since SIZE. */
  expected(planned: number | undefined): number | undefined {
    return this.#tail === undefined ? planned : undefined;
  }

  /** Throws FtpTransferError if a check fails. Undefined if none was made. */
  async verify(bytes: number, signal: Cancellation): Promise<VerifiedBy | undefined> {
    const { line, options } = this.#checked;
    const counted = options.verify !== false && (await this.#tail?.check(line.masked, bytes)) === true;
    return (await this.#compare(bytes, signal)) ?? (counted ? 'size' : undefined);
  }

  async #compare(bytes: number, signal: Cancellation): Promise<VerifiedBy | undefined> {
    const { line, path } = this.#checked;
    const range = this.#rangeOf(bytes);
    // There is no checksum of no part.
    if (range?.start === range?.end && range !== undefined) return undefined;
    const found = await this.#proof?.compare({ command: line.masked, path, range, bytes, transient: true }, signal);
    if (found instanceof FtpTransferError) throw found;
    return found;
  }

  /** The received part of the file; undefined for all of it. */
  #rangeOf(bytes: number): ByteRange | undefined {
    const { end } = this.#checked.options;
    const isWhole = this.start === 0 && (end === undefined || bytes < end);
    return isWhole ? undefined : { start: this.start, end: this.start + bytes };
  }

  get #isOfPart(): boolean {
    return this.start > 0 || this.#checked.options.end !== undefined;
  }
}
