import { describe, expect, it } from 'vitest';
import { FirstByte } from '../../../lib/client/operations/first-byte.js';

describe('the first byte', () => {
  it('is noted, and all is handed on', () => {
    const heard: unknown[] = [];
    const memory = new Uint8Array(8);
    const sink = new FirstByte({
      buffer: () => memory,
      write: (chunk) => heard.push(chunk),
      complete: (verifiedBy) => heard.push(verifiedBy),
      error: (error) => heard.push(error),
    });
    expect([sink.buffer(), sink.hasCome]).toEqual([memory, false]);
    sink.write(memory);
    expect(sink.hasCome).toBe(true);
    sink.complete('size');
    sink.error('an error');
    expect(heard).toEqual([memory, 'size', 'an error']);
  });
});
