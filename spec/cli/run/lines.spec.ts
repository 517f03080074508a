/** The parts of `head` and `tail`: held against the lines of a text, however it is cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extentOf } from '../../../lib/cli/run/counts.js';
import { FirstLines } from '../../../lib/cli/run/head.js';
import { startOfLines } from '../../../lib/cli/run/tail.js';

const texts = fc.string({ unit: fc.constantFrom('a', '\n'), maxLength: 30 });
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

describe('the first lines', () => {
  it('are the same however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (chunks, count) => {
        const first = new FirstLines(count);
        let taken = '';
        for (const chunk of chunks) taken += Buffer.from(first.take(Buffer.from(chunk))).toString();
        const lines = linesOf(chunks.join(''));
        expect(taken).toBe(lines.slice(0, count).join(''));
        expect(first.isFull).toBe(lines.filter((line) => line.endsWith('\n')).length >= count);
      }),
    );
  });
});

describe('the last lines', () => {
  it('begin where the last lines of the text begin', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (text, count) => {
        const bytes = Buffer.from(text);
        expect(bytes.subarray(startOfLines(bytes, count)).toString()).toBe(linesOf(text).slice(-count).join(''));
      }),
    );
  });
});

describe('a count', () => {
  it.each([
    [{}, { unit: 'lines', count: 10 }],
    [{ lines: '3' }, { unit: 'lines', count: 3 }],
    [{ bytes: '7' }, { unit: 'bytes', count: 7 }],
  ] as const)('of %j', (options, extent) => {
    expect(extentOf(options)).toEqual(extent);
  });

  it.each(['0', '-1', '1.5', 'x', '', '99999999999999999999'])('is not %j', (lines) => {
    expect(() => extentOf({ lines })).toThrow('--lines takes a whole number above 0');
  });
});
