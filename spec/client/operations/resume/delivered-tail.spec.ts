import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveredTail } from '../../../../lib/client/operations/resume/delivered-tail.js';

describe('the tail of what was delivered', () => {
  it('is the last bytes, whatever the chunks were', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.array(fc.uint8Array({ maxLength: 20 })), (most, chunks) => {
        const tail = new DeliveredTail(most);
        for (const chunk of chunks) tail.add(chunk);
        const all = Buffer.concat(chunks);
        expect(Buffer.from(tail.bytes())).toEqual(all.subarray(Math.max(0, all.length - most)));
      }),
    );
  });

  it('is not that of memory that is used again', () => {
    const tail = new DeliveredTail(4);
    const chunk = Buffer.from('abcd');
    tail.add(chunk);
    chunk.fill('x');
    expect(Buffer.from(tail.bytes()).toString()).toBe('abcd');
  });
});
