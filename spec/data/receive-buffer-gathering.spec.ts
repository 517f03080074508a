/** The records of one turn as one chunk, in whatever memory the receiver reads into. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsciiDecoder } from '../../lib/data/ascii.js';
import { ReceiveBuffer } from '../../lib/data/receive-buffer.js';
import { Gate } from '../../lib/streams/gate.js';
import { BorrowedMemory, type Memory, OwnedMemory } from '../../lib/streams/memory.js';
import { RingSink } from '../../lib/streams/ring-sink.js';

const KiB = 1024;
const RECORD = 16 * KiB;

/** Two buffers that are filled in turn, and used again at once. */
class TwoBuffers implements Memory {
  readonly #buffers = [Buffer.alloc(48 * KiB), Buffer.alloc(48 * KiB)] as const;
  #current = 0;
  #filled = 0;

  free(): Uint8Array {
    return this.#memory.subarray(this.#filled);
  }

  took(chunk: Uint8Array): void {
    if (chunk.buffer === this.#memory.buffer) {
      this.#filled = chunk.byteOffset - this.#memory.byteOffset + chunk.length;
    }
    if (this.#memory.length - this.#filled >= RECORD) return;
    this.#current = 1 - this.#current;
    this.#filled = 0;
  }

  get #memory(): Buffer {
    return this.#buffers[this.#current] as Buffer;
  }
}

/** A gathering buffer, and the socket in front of it: node asks for the memory of the next read right after each. */
class Reading {
  readonly chunks: Buffer[] = [];
  readonly lengths: number[] = [];
  ends = 0;
  readonly receiveBuffer: ReceiveBuffer;
  /** Holds the buffer within the next chunk. */
  holdsAtChunk = false;
  #next: Uint8Array;
  #sent = 0;

  constructor(memory: Memory) {
    this.receiveBuffer = new ReceiveBuffer(
      {
        buffer: () => memory.free(),
        write: (chunk) => {
          // What was handed on before may lie in memory that is used again: a copy tells what it was in time.
          this.chunks.push(Buffer.from(chunk));
          this.lengths.push(chunk.length);
          memory.took(chunk);
          if (this.holdsAtChunk) this.receiveBuffer.hold();
          this.holdsAtChunk = false;
        },
      },
      true,
      () => {
        this.ends += 1;
      },
    );
    this.#next = this.#memory();
  }

  /** As TLS does: no more at once than there is room for. */
  read(length: number): void {
    for (let left = length; left > 0; ) {
      const into = this.#next;
      const now = Math.min(left, into.length);
      into.set(this.#content(now));
      const { callback } = this.receiveBuffer.onread;
      callback(now, into);
      this.#next = this.#memory();
      left -= now;
    }
  }

  readText(text: string): void {
    this.#next.set(Buffer.from(text));
    this.receiveBuffer.onread.callback(text.length, this.#next);
    this.#next = this.#memory();
  }

  take(length: number): void {
    this.receiveBuffer.take(this.#content(length));
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** All that was sent so far. */
  get expected(): Buffer {
    return counted(0, this.#sent);
  }

  #content(length: number): Buffer {
    const content = counted(this.#sent, length);
    this.#sent += length;
    return content;
  }

  #memory(): Uint8Array {
    const { buffer } = this.receiveBuffer.onread;
    if (typeof buffer !== 'function') throw new Error('no memory for each read');
    const memory = buffer();
    if (memory.length === 0) throw new Error('no room for the next read');
    return memory;
  }
}

/** Bytes that tell where in the file they stand; 251 is no divisor of any size of memory. */
function counted(start: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (start + at) % 251));
}

/** Owned memory that is past its first, small slab. */
function grownMemory(): OwnedMemory {
  const memory = new OwnedMemory();
  memory.took(memory.free());
  return memory;
}

describe('the records of one turn', () => {
  it('are one chunk when the turn is over', async () => {
    const reading = new Reading(grownMemory());
    for (let record = 0; record < 3; record += 1) reading.read(RECORD - 1);
    expect(reading.lengths).toEqual([]);
    await nextTurn();
    expect(reading.lengths).toEqual([3 * (RECORD - 1)]);
    expect(reading.received).toEqual(reading.expected);
  });

  it('are handed on at once when they fill the memory, so that a small file waits for nothing', () => {
    const reading = new Reading(new OwnedMemory());
    reading.read(4 * KiB);
    expect(reading.lengths).toEqual([4 * KiB]);
  });

  it('are handed on at once when they are 64 KiB', () => {
    const memory = grownMemory();
    memory.took(memory.free());
    const reading = new Reading(memory);
    for (let record = 0; record < 5; record += 1) reading.read(RECORD);
    expect(reading.lengths).toEqual([64 * KiB]);
  });

  it('come before the end, which is told once', async () => {
    const reading = new Reading(grownMemory());
    reading.read(10);
    reading.receiveBuffer.end();
    expect([reading.lengths, reading.ends]).toEqual([[10], 1]);
    reading.receiveBuffer.release();
    await nextTurn();
    expect([reading.lengths, reading.ends]).toEqual([[10], 1]);
  });

  it('are not handed on after close', async () => {
    const reading = new Reading(grownMemory());
    reading.read(10);
    reading.receiveBuffer.close();
    reading.receiveBuffer.end();
    await nextTurn();
    expect([reading.lengths, reading.ends]).toEqual([[], 0]);
  });

  it('stay together when the receiver is held meanwhile, and come when it is released', async () => {
    const reading = new Reading(grownMemory());
    reading.read(RECORD);
    reading.receiveBuffer.hold();
    reading.read(RECORD);
    await nextTurn();
    expect(reading.lengths).toEqual([]);
    reading.receiveBuffer.release();
    expect(reading.lengths).toEqual([2 * RECORD]);
    expect(reading.received).toEqual(reading.expected);
  });

  it('go on in memory of their own when the receiver, held, has no more of it', () => {
    const reading = new Reading(new TwoBuffers());
    reading.receiveBuffer.hold();
    for (let record = 0; record < 9; record += 1) reading.read(RECORD);
    reading.receiveBuffer.end();
    expect([reading.lengths, reading.ends]).toEqual([[], 0]);
    reading.receiveBuffer.release();
    expect(reading.received).toEqual(reading.expected);
    expect(reading.ends).toBe(1);
  });

  it('are gathered too where each comes in memory of its own', async () => {
    const reading = new Reading(grownMemory());
    for (let record = 0; record < 3; record += 1) reading.take(RECORD);
    await nextTurn();
    expect(reading.lengths).toEqual([3 * RECORD]);
    expect(reading.received).toEqual(reading.expected);
  });
});

it('come whole through AsciiDecoder into a file, one byte longer by a CR that was held back', async () => {
  const written: Buffer[] = [];
  const ring = new RingSink({
    gate: new Gate(),
    write: async (views) => void written.push(...views.map((view) => Buffer.from(view))),
    onComplete: () => {},
    onError: () => {},
    onWriteError: () => {},
  });
  const text = new AsciiDecoder(ring);
  const reading = new Reading({ free: () => text.buffer(), took: (chunk) => text.write(chunk) });
  for (const each of ['begun', 'a\r', 'bb', 'cccc']) {
    reading.readText(each);
    await nextTurn();
  }
  text.complete();
  await nextTurn();
  expect(Buffer.concat(written).toString()).toBe('beguna\rbbcccc');
});

const step = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: RECORD }) },
  { weight: 3, arbitrary: fc.constantFrom('turn', 'hold', 'holdAtChunk', 'release', 'flush') },
);

async function follow(reading: Reading, way: 'read' | 'take', steps: readonly (number | string)[]): Promise<void> {
  for (const each of steps) {
    if (typeof each === 'number') reading[way](each);
    else if (each === 'turn') await nextTurn();
    else if (each === 'holdAtChunk') reading.holdsAtChunk = true;
    else reading.receiveBuffer[each as 'hold' | 'release' | 'flush']();
  }
}

describe.each([
  ['owned', () => new OwnedMemory()],
  ['lent', () => new BorrowedMemory()],
  ['used in turn', () => new TwoBuffers()],
] as const)('into memory that is %s', (_name, memory) => {
  // A connection is read in one of two ways: into that memory, or (TLS over another socket) with memory for each record.
  it.each(['read', 'take'] as const)('every byte comes once and in order, and then the end (%s)', async (way) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const reading = new Reading(memory());
        await follow(reading, way, steps);
        reading.receiveBuffer.end();
        reading.holdsAtChunk = false;
        reading.receiveBuffer.release();
        expect(reading.received.equals(reading.expected)).toBe(true);
        expect(reading.ends).toBe(1);
      }),
      { numRuns: 100 },
    );
  });
});
