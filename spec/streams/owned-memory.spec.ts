import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnedMemory } from '../../lib/streams/owned-memory.js';

const readSizes = fc.array(fc.oneof(fc.nat({ max: 300_000 }), fc.nat({ max: 100 })), { maxLength: 60 });

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
