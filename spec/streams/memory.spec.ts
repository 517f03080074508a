import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BorrowedMemory, OwnedMemory, Slab } from '../../lib/streams/memory.js';

const readSizes = fc.array(fc.oneof(fc.nat({ max: 300_000 }), fc.nat({ max: 100 })), { maxLength: 60 });

describe('Slab', () => {
  it('has all that was read into it and copied, in order, and nothing of what lies elsewhere', () => {
    const step = fc.record({ way: fc.constantFrom('read', 'copy', 'elsewhere'), length: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const slab = new Slab(Buffer.alloc(64).subarray(4));
        const expected: number[] = [];
        for (const [index, { way, length }] of steps.entries()) {
          const chunk = way === 'read' ? slab.free().subarray(0, length) : new Uint8Array(length);
          chunk.set(Array.from(chunk, (_, at) => 20 * index + at));
          if (way !== 'copy') expect(slab.took(chunk)).toBe(way === 'read');
          const left = way === 'copy' ? slab.copy(chunk).length : way === 'elsewhere' ? length : 0;
          expected.push(...chunk.subarray(0, chunk.length - left));
        }
        expect([...slab.bytes.subarray(0, slab.filled)]).toEqual(expected);
        expect(slab.left).toBe(60 - expected.length);
      }),
    );
  });

  it('takes no chunk for its own that does not follow the last one', () => {
    const slab = new Slab(new Uint8Array(8));
    const early = slab.free();
    expect(slab.took(early.subarray(0, 4))).toBe(true);
    expect(slab.took(early.subarray(0, 4))).toBe(false);
    expect(slab.took(early.subarray(5))).toBe(false);
    expect(slab.filled).toBe(4);
  });

  it('has nothing left before it has a buffer, and begins again with each', () => {
    const slab = new Slab();
    expect(slab.copy(Buffer.from('abc')).length).toBe(3);
    slab.renew(new Uint8Array(2));
    expect(Buffer.from(slab.copy(Buffer.from('abc'))).toString()).toBe('c');
    slab.renew(new Uint8Array(2));
    expect([slab.filled, slab.left]).toEqual([0, 2]);
    slab.renew();
    expect([slab.filled, slab.left]).toEqual([0, 0]);
  });
});

describe('BorrowedMemory', () => {
  it('is the same again until a read fills it, and then larger, to a limit', () => {
    const memory = new BorrowedMemory();
    const first = memory.free();
    memory.took(first.subarray(1));
    expect(memory.free()).toBe(first);
    const sizes = [1, 2, 3, 4].map(() => {
      const { length } = memory.free();
      memory.took(memory.free());
      return length / 1024;
    });
    expect(sizes).toEqual([16, 64, 256, 256]);
  });
});

describe('OwnedMemory', () => {
  it('never gives memory twice that a chunk was taken of', () => {
    fc.assert(
      fc.property(readSizes, (sizes) => {
        const memory = new OwnedMemory();
        const chunks = sizes.map((size, index) => {
          const chunk = memory.free().subarray(0, size).fill(index);
          memory.took(chunk);
          return chunk;
        });
        for (const [index, chunk] of chunks.entries()) expect(chunk.every((byte) => byte === index)).toBe(true);
      }),
    );
  });

  it('always has room for a good read, as soon as there was more than a small file', () => {
    const memory = new OwnedMemory();
    expect(memory.free().length).toBeGreaterThanOrEqual(8 * 1024);
    memory.took(memory.free());
    for (let read = 0; read < 100; read += 1) {
      const free = memory.free();
      expect(free.length).toBeGreaterThanOrEqual(32 * 1024);
      memory.took(free.subarray(0, 5000));
    }
  });

  it('takes little memory for a small file, and larger pieces for a large one', () => {
    const memory = new OwnedMemory();
    const slabs = [1, 2, 3, 4].map(() => {
      const slab = memory.free();
      memory.took(slab);
      return slab.length / 1024;
    });
    expect(slabs).toEqual([16, 64, 256, 256]);
  });

  it('gives the same memory again while nothing was read into it', () => {
    const memory = new OwnedMemory();
    const first = memory.free();
    memory.took(new Uint8Array(10));
    expect(memory.free().byteOffset).toBe(first.byteOffset);
    expect(memory.free().buffer).toBe(first.buffer);
  });

  it('serves adjacent reads with adjacent memory', () => {
    const memory = new OwnedMemory();
    memory.took(memory.free().subarray(0, 1000));
    expect(memory.free().byteOffset).toBe(1000);
  });
});
