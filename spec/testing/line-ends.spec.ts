import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalLineEnds, withCrlf } from '../../lib/testing/line-ends.js';
import { byteByByte } from '../support/chunks.js';

const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n'), maxLength: 20 });
const join = (chunks: Iterable<Uint8Array>): string => Buffer.concat([...chunks]).toString();

function local(chunks: readonly Uint8Array[]): string {
  const lineEnds = new LocalLineEnds();
  return join([...chunks.map((chunk) => lineEnds.push(chunk)), lineEnds.end()]);
}

describe('line ends', () => {
  it('become CRLF, however the text is cut', () => {
    fc.assert(
      fc.property(text, (each) => {
        const expected = each.replaceAll(/\r?\n/g, '\r\n');
        expect(join(withCrlf([Buffer.from(each)]))).toBe(expected);
        expect(join(withCrlf(byteByByte(Buffer.from(each))))).toBe(expected);
      }),
    );
  });

  it('become LF, however the text is cut', () => {
    fc.assert(
      fc.property(text, (each) => {
        const expected = each.replaceAll('\r\n', '\n');
        expect(local([Buffer.from(each)])).toBe(expected);
        expect(local(byteByByte(Buffer.from(each)))).toBe(expected);
      }),
    );
  });
});
