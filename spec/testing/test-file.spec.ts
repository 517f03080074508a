import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { modeOf, modifiedOf, type TestContent, TestFile } from '../../lib/testing/test-file.js';

const fileOf = (content: TestContent): TestFile => TestFile.of('/a', content);
const DEFAULT = new Date('2024-01-01T00:00:00Z');

describe('a file', () => {
  it('has bytes, a text, a size, a time and a mode', () => {
    const modified = new Date('2020-01-02T03:04:05Z');
    const file = fileOf({ bytes: 'ü', modified, mode: 0o600 });
    expect(file).toMatchObject({ size: 2, text: 'ü', modified, mode: 0o600 });
    expect(file.bytes).toEqual(Buffer.from('ü'));
    expect(fileOf(Uint8Array.of(1, 2))).toMatchObject({ size: 2, modified: DEFAULT, mode: undefined });
    expect([...fileOf(Uint8Array.of(1, 2)).bytes]).toEqual([1, 2]);
  });

  it('is told from another by its bytes, its time and its mode', () => {
    const modified = new Date('2020-01-02T03:04:05Z');
    const all = ['a', 'b', { bytes: 'a', modified }, { bytes: 'a', mode: 0o600 }].map(fileOf);
    for (const [at, file] of all.entries()) {
      for (const [other, each] of all.entries()) {
        if (at === other) expect(file).toEqual(fileOf(each));
        else expect(file).not.toEqual(each);
        expect(isDeepStrictEqual(file, fileOf(each))).toBe(at === other);
      }
    }
    expect(fileOf('a')).toEqual({ bytes: Buffer.from('a'), modified: DEFAULT });
  });

  it('that is made is told from another by its size and its function, which is not called', () => {
    const reads = [vi.fn(), vi.fn()] as const;
    expect(fileOf({ size: 5, read: reads[0] })).toEqual(fileOf({ size: 5, read: reads[0] }));
    expect(fileOf({ size: 5, read: reads[0] })).not.toEqual(fileOf({ size: 6, read: reads[0] }));
    expect(fileOf({ size: 5, read: reads[0] })).not.toEqual(fileOf({ size: 5, read: reads[1] }));
    for (const read of reads) expect(read).not.toHaveBeenCalled();
  });

  it('is printed with its bytes and its time', () => {
    const file = fileOf('1;2');
    expect(inspect(file)).toBe(
      '{\n  mode: undefined,\n  bytes: <Buffer 31 3b 32>,\n  modified: 2024-01-01T00:00:00.000Z\n}',
    );
    file.append(Buffer.from('3'));
    expect(inspect(file)).toContain('<Buffer 31 3b 32 33>');
  });

  it('shares no memory with the test', () => {
    const given = Buffer.from('hello');
    const modified = new Date('2020-01-02T03:04:05Z');
    const files = [fileOf(given), fileOf({ bytes: given, modified })];
    given.fill(0);
    modified.setTime(0);
    for (const file of files) {
      file.bytes.fill(0);
      file.modified.setTime(0);
      expect([file.text, ...file.slices(0, 5)].map(String)).toEqual(['hello', 'hello']);
      expect(file.modified.getTime()).toBeGreaterThan(0);
    }
  });

  it('can be made, and is asked for in slices', () => {
    const asked: number[][] = [];
    const read = (start: number, end: number): Uint8Array => {
      asked.push([start, end]);
      return new Uint8Array(end - start).fill(1);
    };
    expect(fileOf({ size: 70_000, read }).bytes).toEqual(Buffer.alloc(70_000, 1));
    expect(asked).toEqual([
      [0, 65_536],
      [65_536, 70_000],
    ]);
  });

  it('can be made in one memory', () => {
    const memory = new Uint8Array(65_536);
    const read = (start: number, end: number): Uint8Array => memory.fill(start === 0 ? 1 : 2).subarray(0, end - start);
    const file = fileOf({ size: 70_000, read });
    const expected = Buffer.concat([Buffer.alloc(65_536, 1), Buffer.alloc(70_000 - 65_536, 2)]);
    expect(file.bytes).toEqual(expected);
    expect(file.head(70_000, DEFAULT).bytes).toEqual(expected);
  });

  it('that is made gives the error of its read', () => {
    expect(() => fileOf({ size: 5, read: () => new Uint8Array(1) }).bytes).toThrow('1 bytes for read(0, 5)');
  });

  it('grows, and so does the same file with another time', () => {
    const file = fileOf('a');
    const touched = file.with({ modified: new Date(0), mode: 0o600 });
    touched.append(Buffer.from('b'));
    file.append(Buffer.from('c'));
    expect([file.text, touched.text, file.size]).toEqual(['abc', 'abc', 3]);
    expect(touched).toMatchObject({ modified: new Date(0), mode: 0o600 });
    expect(touched.atEnd(DEFAULT).text).toBe('abc');
  });

  it('can be begun by a part of another, which stays as it is', () => {
    for (const file of [
      fileOf('0123'),
      fileOf({ size: 4, read: (from, to) => Buffer.from('0123').subarray(from, to) }),
    ]) {
      const part = file.head(2, DEFAULT);
      part.append(Buffer.from('x'));
      const copy = fileOf(file);
      expect([part.text, copy.text, file.text]).toEqual(['01x', '0123', '0123']);
    }
  });

  it('is listed by its mode and its time, or by the usual ones', () => {
    const file = fileOf({ bytes: '', mode: 0o600, modified: new Date(0) });
    expect([modeOf(file, false), modeOf(fileOf(''), false), modeOf(undefined, true)]).toEqual([0o600, 0o644, 0o755]);
    expect([modifiedOf(file), modifiedOf(undefined)]).toEqual([new Date(0), DEFAULT]);
  });
});
