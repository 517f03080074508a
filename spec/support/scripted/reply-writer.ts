/**
 * Writes to a scripted socket, and decides which bytes share a packet.
 *
 * Writes leave in order. A write may be cut into chunks; each chunk has the event loop to itself before the next one,
 * which on loopback without Nagle's algorithm is one read at the other side.
 */
import type { Socket } from 'node:net';
import { byteByByte } from '../chunks.js';
import { eventOrClose } from './data-moves.js';
import { pollPhase } from './poll-phase.js';

/** `bytes`: every reply, and the head of all data, arrives one byte at a time. */
export type Chunking = 'whole' | 'bytes';

const longestSingleBytes = 512;

/** Cuts data as a whole-server setting says; only the head goes byte by byte, since a megabyte would take minutes. */
export function chop(bytes: Uint8Array, chunking: Chunking): Uint8Array[] {
  if (chunking === 'whole') return [bytes];
  const head = byteByByte(bytes.subarray(0, longestSingleBytes));
  return bytes.length > longestSingleBytes ? [...head, bytes.subarray(longestSingleBytes)] : head;
}

export class ReplyWriter {
  readonly #socket: Socket;
  #tail: Promise<void> = Promise.resolve();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  /** Resolves when the last chunk was handed to the kernel, or when the socket is gone. */
  write(chunks: readonly Uint8Array[]): Promise<void> {
    return this.after(async () => {
      for (const [index, chunk] of chunks.entries()) {
        if (index > 0) await pollPhase();
        if (!this.#socket.writable) return;
        if (!this.#socket.write(chunk)) await eventOrClose(this.#socket, 'drain');
      }
    });
  }

  /** Does something after everything written so far, before everything written later. */
  after(action: () => void | Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(action);
    return this.#tail;
  }
}
