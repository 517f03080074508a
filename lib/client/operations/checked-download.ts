/** What a download is asked for beforehand, and held against when it is complete, beyond its byte count: `verify: 'hash'`. */
import type { Session } from '../../control/session.js';
import { FtpTransferError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import { isAscii } from '../../protocol/representation-type.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import type { ByteRange } from './hash-answer.js';
import { HashProof, refuseAsciiHash } from './hash-proof.js';
import type { RetrOptions } from './transfer-options.js';

/** Whether a download needs more questions than one for its size. */
export function needsChecks({ verify }: RetrOptions): boolean {
  return verify === 'hash';
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
  readonly #proof: HashProof | undefined;

  private constructor(checked: Checked, proof: HashProof | undefined) {
    const { start = 0, size } = checked.options;
    this.start = start;
    this.size = size;
    this.#checked = checked;
    this.#proof = this.#isOfPart ? proof?.forRange() : proof;
  }

  /** Throws where the checks cannot be made. Nothing has moved then. */
  static async open(session: Session, checked: Checked): Promise<DownloadChecks> {
    const { line, type } = checked;
    if (isAscii(type)) refuseAsciiHash();
    session.channel.requireSendable(line);
    return new DownloadChecks(checked, await HashProof.open(session));
  }

  /** `sink`, whose bytes are hashed where that is asked for. */
  sink(sink: ByteSink): ByteSink {
    return this.#proof?.sink(sink) ?? sink;
  }

  /** Throws FtpTransferError where a check fails. Undefined where none was made. */
  async verify(bytes: number, signal: Cancellation): Promise<VerifiedBy | undefined> {
    return this.#compare(bytes, signal);
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

  /** What of the file has come; undefined for all of it. */
  #rangeOf(bytes: number): ByteRange | undefined {
    const { end } = this.#checked.options;
    const isWhole = this.start === 0 && (end === undefined || bytes < end);
    return isWhole ? undefined : { start: this.start, end: this.start + bytes };
  }

  get #isOfPart(): boolean {
    return this.start > 0 || this.#checked.options.end !== undefined;
  }
}
