/**
 * Moves the bytes of an upload from its source to the data connection.
 *
 * A bounded part of the source waits for the socket. So it reads the source while the socket is busy, and small chunks leave together.
 * Bytes count when the socket has taken them. While any wait, the stall timer runs.
 */
import type { SourceReader } from '../streams/source.js';
import { isOver } from './machine/data-script.js';
import type { Facts } from './machine/facts.js';
import type { Mover, Transfer } from './transfer.js';

/**
 * When so much waits for the socket, the source has to wait too. Writes that leave together are called back together. With more bytes, a
 * slow network would look like one on which nothing moves.
 */
const MOST_UNSENT_BYTES = 256 * 1024;
/** Many tiny chunks take more memory than their bytes. */
const MOST_UNSENT_WRITES = 256;
/** A larger chunk is written in pieces, so that a slow network is seen to move it. */
const PIECE_BYTES = 128 * 1024;

/** The source of the written bytes, which may be compressed. */
export interface PumpSource extends SourceReader {
  /** The number of bytes of the file that a chunk stands for; by default its own length. */
  fileBytes?(chunk: Uint8Array): number;
}

export class Pump implements Mover {
  transfer: Transfer | undefined;
  readonly #source: PumpSource;
  readonly #onBytes: (bytes: number) => void;
  readonly #total: (() => number | undefined) | undefined;
  #allWritten = false;
  #onRoom: (() => void) | undefined;

  /** `onBytes` receives the running count; `total` returns the number of all bytes, if that is known. */
  constructor(source: PumpSource, onBytes: (bytes: number) => void, total?: () => number | undefined) {
    this.#source = source;
    this.#onBytes = onBytes;
    this.#total = total;
  }

  get total(): number | undefined {
    return this.#total?.();
  }

  start(): void {
    const { transfer } = this;
    if (transfer === undefined) return;
    this.#run(transfer).catch((error: unknown) => transfer.dispatch({ type: 'source-error', error }));
  }

  /** Nothing more is written, though the source may still be asked for a chunk. */
  stop(): void {
    this.#goOn();
  }

  /** Writes chunk after chunk, then the end of file, unless the transfer is over before. */
  async #run(transfer: Transfer): Promise<void> {
    const { data, session, facts } = transfer;
    for (let chunk = await this.#next(transfer); chunk !== undefined; chunk = await this.#next(transfer)) {
      const whole = chunk;
      const fileBytes = transfer.compressed ? this.#source.fileBytes?.(whole) : undefined;
      for (let at = 0; at < whole.length; at += PIECE_BYTES) {
        if (this.#isDone(facts)) return;
        const isLast = at + PIECE_BYTES >= whole.length;
        const left = isLast && data.releasesMemory ? () => this.#source.giveBack?.(whole) : undefined;
        const counted = isLast || fileBytes === undefined ? fileBytes : 0;
        this.#write(transfer, whole.subarray(at, at + PIECE_BYTES), left, counted);
        if (!hasRoom(transfer)) await this.#room();
      }
    }
    if (this.#isDone(facts)) return;
    data.finish(session.roundTripMs, () => this.#look(transfer));
    this.#allWritten = true;
    this.#look(transfer);
  }

  /** There is nothing more to write, also if the control connection was lost while the source was asked for a chunk. */
  #isDone(facts: Facts): boolean {
    return this.transfer === undefined || isOver(facts);
  }

  async #next({ deadlines, session }: Transfer): Promise<Uint8Array | undefined> {
    deadlines.holding.hold();
    const chunk = await session.askSource(() => this.#source.next());
    deadlines.holding.release();
    return chunk;
  }

  /** Writes one piece, which counts when it has left. It counts its length, or the bytes of the file that it completes. */
  #write(transfer: Transfer, piece: Uint8Array, left: (() => void) | undefined, counted = piece.length): void {
    const { data, deadlines } = transfer;
    data.write(piece, () => {
      left?.();
      // The transfer may be over, and have no data any more, while its socket still sends.
      if (this.transfer === undefined) return;
      transfer.bytes += counted;
      transfer.wireBytes += piece.length;
      if (data.unsentBytes === 0) deadlines.stall.stop();
      else deadlines.stall.moved();
      if (!transfer.facts.cancelled) this.#onBytes(transfer.bytes);
      if (!transfer.facts.moved) transfer.dispatch({ type: 'moved' });
      if (hasRoom(transfer)) this.#goOn();
      this.#look(transfer);
    });
    deadlines.stall.start();
  }

  /** Until the socket has taken enough, or nothing more is to be written. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  #goOn(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  /** Also called for a destroyed socket whose end was under way. The transfer may be over by then, and have no data. */
  #look(transfer: Transfer): void {
    if (this.transfer === undefined) return;
    const { data, facts } = transfer;
    // A broken or ended socket refuses bytes, and they do not wait in it: only the writes show the loss.
    if (this.#allWritten && data.unsentWrites === 0 && !facts.allSent) transfer.dispatch({ type: 'all-sent' });
  }
}

function hasRoom({ data }: Transfer): boolean {
  return data.unsentBytes < MOST_UNSENT_BYTES && data.unsentWrites < MOST_UNSENT_WRITES;
}
