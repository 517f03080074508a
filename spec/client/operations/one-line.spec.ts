import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OneLine } from '../../../lib/client/operations/one-line.js';
import type { VerifiedBy } from '../../../lib/protocol/hash-algorithms.js';

/** What comes through, as text. */
class Through {
  text = '';
  ended: unknown[] = [];
  buffer(): Uint8Array {
    return new Uint8Array(16);
  }
  write(chunk: Uint8Array): void {
    this.text += Buffer.from(chunk).toString('latin1');
  }
  complete(verifiedBy?: VerifiedBy): void {
    this.ended.push(verifiedBy);
  }
  error(error: unknown): void {
    this.ended.push(error);
  }
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function written(...chunks: readonly string[]): { through: Through; line: OneLine } {
  const through = new Through();
  const line = new OneLine(through);
  for (const chunk of chunks) line.write(Buffer.from(chunk, 'latin1'));
  return { through, line };
}

describe('OneLine', () => {
  it.each([
    ['', true],
    ['\r\n', true],
    ['total 0\r\n', true],
    ['Gesamt 0', true],
    ['total 4\r\n', false],
    ['a\r\n', false],
    ['\r\n\r\n', true],
    ['\r\n\r\n\r\n', false],
    ['total 0\r\n\r\n', true],
    ['total 0\r\na\r\n', false],
  ])('is without a row: %j %s', (text, isEmpty) => {
    expect(written(text).line.isEmpty).toBe(isEmpty);
  });

  it.each([
    ['ls: -a: No such file or directory\r\n', true],
    ["/bin/ls: cannot access '-a': No such file or directory\r\n", true],
    ['-a: not found', true],
    ['-rw-r--r-- 1 u g 3 Jan  1  2024 -a\r\n', false],
    ['ls: -a: No such file or directory\r\nx\r\n', false],
  ])('tells that there is no file -a: %j %s', (text, isOfDashA) => {
    expect(written(text).line.isOfDashA).toBe(isOfDashA);
  });

  it('holds the one row behind a sum', () => {
    const { line, through } = written('total 8\r\ndrwxr-xr-x 2 u g 7 Jan  1', '  2024 dir\r\n');
    expect(line.mayBeOf('/dir', decode)).toBe(true);
    expect(through.text).toBe('');
    line.write(Buffer.from('drwxr'));
    expect(line.mayBeOf('/dir', decode)).toBe(true);
    line.write(Buffer.from('-xr-x 2 u g 7 Jan  1  2024 other\r\n'));
    expect(line.mayBeOf('/dir', decode)).toBe(false);
    expect(through.text).toMatch(/^total 8\r\n.* dir\r\n.* other\r\n$/s);
  });

  it('may be of a path whose name it has, also once it is handed on, and not with a second line', () => {
    const { line, through } = written('d-wx--x--x 2 u g 7 Jan  1  2024 d', 'ir\r\n');
    expect([line.mayBeOf('/a/dir/', decode), line.mayBeOf('/a/other', decode)]).toEqual([true, false]);
    expect(through.text).toBe('');
    line.handOn();
    line.handOn();
    expect(line.mayBeOf('/a/dir', decode)).toBe(true);
    expect(through.text).toBe('d-wx--x--x 2 u g 7 Jan  1  2024 dir\r\n');
    const two = written('a dir\r\n', 'x\r\n');
    expect(two.line.mayBeOf('/a/dir', decode)).toBe(false);
    expect(two.through.text).toBe('a dir\r\nx\r\n');
  });

  it('hands every byte on in order, however they are cut', () => {
    const chunks = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n') }));
    fc.assert(
      fc.property(chunks, (parts) => {
        const { line, through } = written(...parts);
        line.handOn();
        expect(through.text).toBe(parts.join(''));
      }),
    );
  });

  it('holds no endless line, and none that is dropped', () => {
    const { line, through } = written('x'.repeat(5000));
    expect(through.text).toBe('');
    line.write(Buffer.from('x'.repeat(5000)));
    expect(through.text).toHaveLength(10_000);
    const dropped = written('total 0\r\n');
    dropped.line.drop();
    dropped.line.write(Buffer.from('a\r\n'));
    dropped.line.handOn();
    expect(dropped.through.text).toBe('a\r\n');
  });

  it('passes its end on, and the memory to read into', () => {
    const { line, through } = written();
    expect(line.buffer()).toHaveLength(16);
    line.complete('size');
    line.error('x');
    expect(through.ended).toEqual(['size', 'x']);
  });
});
