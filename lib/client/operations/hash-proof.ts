/**
 * For `verify: 'hash'` the client hashes the bytes of a transfer as they move. When the transfer is complete, it asks the server for its
 * checksum of the same bytes.
 *
 * It chooses the algorithm before anything moves, since the bytes pass once.
 */
import type { Session } from '../../control/session.js';
import { FtpTransferError, FtpUnsupportedError, FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { HashAlgorithm, HashName } from '../../protocol/hash-algorithms.js';
import { printable } from '../../protocol/printable.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { type Checksum, openChecksum } from '../../streams/checksum.js';
import type { SourceReader } from '../../streams/source.js';
import { askHash, requireWays } from './ask-hash.js';
import type { ByteRange } from './hash-answer.js';

/** A transfer that is complete. */
export interface Moved {
  readonly command: string;
  readonly path: string;
  /** Undefined: all of the file. */
  readonly range: ByteRange | undefined;
  readonly bytes: number;
  /** Of the error if the checksums differ. */
  readonly transient: boolean;
}

export class HashProof {
  readonly #session: Session;
  readonly #algorithm: HashAlgorithm;
  readonly #checksum: Checksum;

  private constructor(session: Session, algorithm: HashAlgorithm, checksum: Checksum = openChecksum(algorithm.name)) {
    this.#session = session;
    this.#algorithm = algorithm;
    this.#checksum = checksum;
  }

  /** By the strongest algorithm that both sides know. Rejects with FtpUnsupportedError if there is none. */
  static async open(session: Session): Promise<HashProof> {
    await session.settled;
    return new HashProof(session, strongest(session, undefined));
  }

  /** The same for a part of a file, which fewer commands tell. Called before anything has moved. */
  forRange(): HashProof {
    const range = { start: 0, end: 1 };
    return new HashProof(this.#session, strongest(this.#session, range));
  }

  /** The same checksum, with its count of bytes, for a comparison on another session. */
  on(session: Session): HashProof {
    return new HashProof(session, this.#algorithm, this.#checksum);
  }

  add(chunk: Uint8Array): void {
    this.#checksum.update(chunk);
  }

  /** `sink`, whose bytes are hashed. */
  sink(sink: ByteSink): ByteSink {
    return {
      buffer: () => sink.buffer(),
      write: (chunk) => {
        this.#checksum.update(chunk);
        sink.write(chunk);
      },
      complete: (verifiedBy) => sink.complete(verifiedBy),
      error: (error) => sink.error(error),
    };
  }

  /** `reader`, whose bytes are hashed. */
  reader(reader: SourceReader): SourceReader {
    return {
      next: async () => {
        const chunk = await reader.next();
        if (chunk !== undefined) this.#checksum.update(chunk);
        return chunk;
      },
      giveBack: (chunk) => reader.giveBack?.(chunk),
      expectedBytes: () => reader.expectedBytes?.(),
      cancel: () => reader.cancel(),
    };
  }

  /**
   * Asks the server; resolves with the algorithm if the checksum is the same, and with an error if it differs. Undefined when the user has
   * unsubscribed meanwhile. A refusal is thrown.
   */
  async compare(moved: Moved, signal: Cancellation): Promise<HashName | FtpTransferError | undefined> {
    const { path, range } = moved;
    const found = await askHash(this.#session, { path, range, algorithm: this.#algorithm }, signal);
    if (found === undefined) return undefined;
    const here = this.#checksum.hex();
    return found.value === here ? found.algorithm : this.#differs(moved, here, found.value);
  }

  #differs({ command, range, bytes, transient }: Moved, here: string, there: string): FtpTransferError {
    const of = range === undefined ? 'the file' : `its bytes ${range.start} to ${range.end - 1}`;
    return new FtpTransferError(
      `${printable(command)} was reported complete, but the ${this.#algorithm.name} of ${of} at the server is ${there}, and that of the ${bytes} bytes that moved is ${here}.`,
      { command, bytes, transient },
    );
  }
}

/** Node knows all of them, but for one that the user's OpenSSL forbids. */
function strongest(session: Session, range: ByteRange | undefined): HashAlgorithm {
  const way = requireWays(session, { algorithm: undefined, range }).find(({ algorithm }) => isKnownHere(algorithm));
  if (way !== undefined) return way.algorithm;
  throw new FtpUnsupportedError('The server tells no checksum by an algorithm that is known here. Nothing was sent.');
}

function isKnownHere({ name }: HashAlgorithm): boolean {
  try {
    openChecksum(name);
    return true;
  } catch (error) {
    if (error instanceof FtpUsageError) return false;
    throw error;
  }
}
