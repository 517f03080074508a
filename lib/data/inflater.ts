/**
 * Receives a download that may be compressed (MODE Z). It inflates the bytes of the data connection, and passes on the bytes of the file.
 * In any other mode it passes on the bytes unchanged.
 *
 * zlib works on a thread and gives its output in chunks, one after the other. While the consumer holds, one chunk waits here, and
 * stops the output. The input that waits for zlib is bounded: above the bound, the inflater holds the data connection. So a small input
 * that grows without limit takes no more memory than any other. The end of the data waits only for the chunks before it.
 */
import type { Inflate } from 'node:zlib';
import { FtpProtocolError } from '../errors.js';
import { nodeZlib } from '../net/builtins.js';
import type { ByteReceiver } from '../streams/byte-sink.js';
import type { Valve } from '../streams/gate.js';
import { HeldQueue } from '../streams/held-queue.js';
import { OwnedMemory } from '../streams/memory.js';
import type { DataReceiver } from './data-connection.js';
import type { Transfer } from './transfer.js';

/** One chunk of output. */
const CHUNK_BYTES = 64 * 1024;
/** When so much waits for zlib, the data connection has to wait. */
const MOST_WAITING_BYTES = 128 * 1024;

/** The receiver of the file's bytes. */
export interface FileReceiver extends ByteReceiver {
  /** Undefined when it is over. */
  readonly transfer: Transfer | undefined;
}

export class Inflater implements DataReceiver, Valve {
  readonly #receiver: FileReceiver;
  readonly #memory = new OwnedMemory();
  readonly #output: HeldQueue<Uint8Array>;
  #stream: Inflate | undefined;
  /** The bytes for zlib, and the unread ones of them. */
  #givenBytes = 0;
  #waitingBytes = 0;
  /** The first two bytes of the stream. */
  readonly #header: number[] = [];
  #closed = false;
  #onEnd: ((fault?: Error) => void) | undefined;

  constructor(receiver: FileReceiver) {
    this.#receiver = receiver;
    this.#output = new HeldQueue({ next: (chunk) => receiver.write(chunk), end: () => this.#tell() });
  }

  buffer(): Uint8Array {
    return this.#receiver.transfer?.compressed === true ? this.#memory.free() : this.#receiver.buffer();
  }

  write(chunk: Uint8Array): void {
    const { transfer } = this.#receiver;
    if (transfer === undefined) return;
    if (!transfer.compressed) {
      this.#receiver.write(chunk);
      return;
    }
    this.#memory.took(chunk);
    const { facts, session, deadlines } = transfer;
    transfer.wireBytes += chunk.length;
    deadlines.stall.moved();
    if (!facts.cancelled && !facts.enough) this.#inflate(transfer, chunk);
    if (facts.moved) return;
    session.channel.moved();
    transfer.dispatch({ type: 'moved' });
  }

  /** The data connection has ended. Calls `ended` when all bytes are delivered, or with the fault of the stream. */
  end(ended: (fault?: Error) => void): void {
    const { transfer } = this.#receiver;
    if (transfer?.compressed !== true || transfer.facts.cancelled || transfer.facts.enough) ended();
    else if (this.#stream === undefined) ended(truncated());
    else if (!this.#closed) {
      this.#onEnd = ended;
      this.#stream.end();
    }
  }

  /** The consumer is busy. */
  pause(): void {
    this.#output.hold();
    this.#receiver.transfer?.pause();
  }

  resume(): void {
    this.#receiver.transfer?.resume();
    this.#output.release();
    if (!this.#output.held) this.#stream?.resume();
  }

  /** The transfer is over: zlib's memory is freed. */
  close(): void {
    this.#closed = true;
    this.#output.close();
    this.#stream?.destroy();
  }

  #inflate(transfer: Transfer, chunk: Uint8Array): void {
    if (this.#closed) return;
    this.#stream ??= this.#open();
    if (this.#givenBytes < 2) this.#header.push(...chunk.subarray(0, 2));
    this.#givenBytes += chunk.length;
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= MOST_WAITING_BYTES) transfer.holdWire();
    this.#stream.write(chunk, () => this.#taken(chunk.length));
  }

  #taken(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (this.#waitingBytes < MOST_WAITING_BYTES) this.#receiver.transfer?.releaseWire();
  }

  #open(): Inflate {
    const stream = nodeZlib().createInflate({ chunkSize: CHUNK_BYTES });
    stream.on('data', (chunk: Uint8Array) => {
      this.#output.push(chunk);
      if (this.#output.held && !this.#output.isEmpty) stream.pause();
    });
    stream.on('end', () => this.#finish(stream));
    stream.on('error', (error: NodeJS.ErrnoException) => this.#fail(this.#faultOf(error)));
    return stream;
  }

  /** The compressed stream has ended. zlib leaves bytes behind its end unread. */
  #finish(stream: Inflate): void {
    const extra = this.#givenBytes - stream.bytesWritten;
    if (extra > 0) this.#fail(damaged(`${extra} bytes or more came behind its end`));
    else this.#output.end();
  }

  /** Some servers send another format than zlib's, as ftpserverlib does. The next transfer does without MODE Z. */
  #faultOf({ code, message }: NodeJS.ErrnoException): Error {
    const { transfer } = this.#receiver;
    if (code === 'Z_BUF_ERROR') return truncated();
    if (isHeader(this.#header) || transfer === undefined || transfer.session.user.applied.mode !== undefined)
      return damaged(message);
    transfer.session.fallBack('MODE Z', 'MODE S');
    return damaged(`${message}; from now on MODE S is used`, true);
  }

  #fail(fault: Error): void {
    if (this.#closed) return;
    this.close();
    this.#tell(fault);
  }

  /** Before the end of the data connection, the transfer hears of a fault. */
  #tell(fault?: Error): void {
    if (this.#onEnd !== undefined) this.#onEnd(fault);
    else if (fault !== undefined) {
      this.#receiver.transfer?.dispatch({ type: 'data-error', error: fault, isAttack: false });
    }
  }
}

/** Whether a stream that begins so is in zlib's format (RFC 1950 section 2.2). */
function isHeader([first = 0, second = 0]: readonly number[]): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** The bytes so far are right. */
function truncated(): FtpProtocolError {
  return new FtpProtocolError('its compressed stream (MODE Z) has no end, so it was truncated', { transient: true });
}

/** Bytes that were passed on before may be wrong. */
function damaged(how: string, transient = false): FtpProtocolError {
  return new FtpProtocolError(`its compressed stream (MODE Z) is damaged: ${how}`, { transient });
}
