/** Checks an upload with `resume` behind its final reply: SIZE must fit, and with `verify: 'hash'` the checksum too. */
import { accepted } from '../../../control/request.js';
import type { Session } from '../../../control/session.js';
import { FtpTransferError } from '../../../errors.js';
import type { Cancellation } from '../../../net/cancellation.js';
import type { VerifiedBy } from '../../../protocol/hash-algorithms.js';
import { parseSize } from '../../../protocol/size.js';
import type { SourceReader } from '../../../streams/source.js';
import { askSize } from '../ask-size.js';
import type { HashProof } from '../hash-proof.js';
import type { StorOptions } from '../transfer-options.js';
import type { OpenedSource } from './opened-source.js';

export interface StoredUpload {
  /** The number of stored bytes of the source. */
  readonly bytes: number;
  /** Some of them were stored by an earlier STOR. */
  readonly isResumed: boolean;
  readonly proof: HashProof | undefined;
  readonly signal: Cancellation;
}

export class UploadChecks {
  /** A check has shown that the stored bytes differ from the sent ones. */
  failed = false;
  readonly #path: string;
  readonly #start: number;
  readonly #verify: StorOptions['verify'];

  constructor(path: string, { start = 0, verify }: StorOptions) {
    this.#path = path;
    this.#start = start;
    this.#verify = verify;
  }

  get byHash(): boolean {
    return this.#verify === 'hash';
  }

  /**
   * Throws FtpTransferError if a check fails. It is `transient` if the file has several parts, so that it may be sent whole, and if it was
   * cut on the way.
   */
  async run(session: Session, stored: StoredUpload): Promise<VerifiedBy | undefined> {
    this.failed = false;
    const bySize = await this.#checkSize(session, stored);
    return (await this.#compare(stored)) ?? bySize;
  }

  async #checkSize(session: Session, { bytes, isResumed }: StoredUpload): Promise<'size' | undefined> {
    const sized = await askSize(session, this.#path);
    if (sized === undefined) return undefined;
    const mustBeTold = isResumed || (this.#verify !== undefined && this.#verify !== false);
    if (sized.outcome !== 'completion' && !mustBeTold && sized.reply.class === 5) return undefined;
    const size = parseSize(accepted(sized, `SIZE ${this.#path}`).text);
    const expected = this.#start + bytes;
    if (size === expected) return 'size';
    this.failed = true;
    throw new FtpTransferError(
      `STOR ${this.#path} was reported complete, but the file at the server has ${size} bytes where ${expected} were expected.`,
      { command: `STOR ${this.#path}`, bytes, reply: sized.reply, transient: isResumed || size < expected },
    );
  }

  async #compare({ bytes, isResumed, proof, signal }: StoredUpload): Promise<VerifiedBy | undefined> {
    if (this.#start > 0 && bytes === 0) return undefined;
    const range = this.#start > 0 ? { start: this.#start, end: this.#start + bytes } : undefined;
    const moved = { command: `STOR ${this.#path}`, path: this.#path, range, bytes, transient: isResumed };
    const found = await proof?.compare(moved, signal);
    if (!(found instanceof FtpTransferError)) return found;
    this.failed = true;
    throw found;
  }
}

/** Hashes the first bytes of a source. They are read for that alone. */
export async function hashHead(
  source: OpenedSource,
  { bytes, proof, signal }: { bytes: number; proof: HashProof; signal: Cancellation },
): Promise<void> {
  if (bytes === 0) return;
  const leave = (): void => source.cancel();
  signal.addEventListener('abort', leave);
  try {
    await source.opening();
    source.requireUsable();
    await readHead(source, bytes, (chunk) => proof.add(chunk));
  } finally {
    signal.removeEventListener('abort', leave);
    source.cancel();
  }
}

/** The memory of a chunk is given back when it is hashed. */
async function readHead(reader: SourceReader, bytes: number, add: (chunk: Uint8Array) => void): Promise<void> {
  let left = bytes;
  while (left > 0) {
    const chunk = await reader.next();
    if (chunk === undefined) return;
    add(chunk.length <= left ? chunk : chunk.subarray(0, left));
    left -= chunk.length;
    reader.giveBack?.(chunk);
  }
}
