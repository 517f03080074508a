import { from, Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { type LineSource, readLines, requireLineSource } from '../../lib/streams/line-source.js';
import type { SourceReader } from '../../lib/streams/source.js';

const encode = (text: string): Uint8Array => Buffer.from(text);

async function pieces(reader: SourceReader): Promise<string[]> {
  const texts: string[] = [];
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
    texts.push(Buffer.from(chunk).toString());
  }
  return texts;
}

async function* generate(...lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('readLines', () => {
  it.each<[string, () => LineSource]>([
    ['an array', () => ['one', 'two\n', 'three\r\n', '', 'four\r']],
    ['an async iterable', () => generate('one', 'two', 'three', '', 'four')],
    ['an Observable', () => from(['one', 'two', 'three', '', 'four'])],
  ])('ends each line of %s once', async (_kind, source) => {
    expect((await pieces(readLines(source(), encode))).join('')).toBe('one\ntwo\nthree\n\nfour\n');
  });

  it('gives what comes together in one piece, of a bounded length', async () => {
    expect(await pieces(readLines(['a', 'b'], encode))).toEqual(['a\nb\n']);
    const many = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    const texts = await pieces(readLines(many, encode));
    expect(texts.join('')).toBe(many.map((line) => `${line}\n`).join(''));
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(33_000);
  });

  it('does not wait for more', async () => {
    const subject = new Subject<string>();
    const reader = readLines(subject, encode);
    const first = reader.next();
    subject.next('one');
    expect(await first).toEqual(Buffer.from('one\n'));
    const second = reader.next();
    subject.next('two');
    subject.next('three');
    expect(await second).toEqual(Buffer.from('two\nthree\n'));
    reader.cancel();
  });

  it('reads a bounded number of lines ahead', async () => {
    let read = 0;
    function* endless(): Generator<string> {
      for (;;) {
        read += 1;
        yield 'x'.repeat(1023);
      }
    }
    const reader = readLines(endless(), encode);
    await reader.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeLessThanOrEqual(64);
    reader.cancel();
  });

  it('unsubscribes at once when cancelled, and answers who waits', async () => {
    const subject = new Subject<string>();
    const reader = readLines(subject, encode);
    const waiting = reader.next();
    expect(subject.observed).toBe(true);
    reader.cancel();
    reader.cancel();
    expect(subject.observed).toBe(false);
    expect(await waiting).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
  });

  it('returns an async iterator that waits, when cancelled', async () => {
    const returned = vi.fn(async () => ({ done: true as const, value: undefined }));
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: returned }) };
    const reader = readLines(silent, encode);
    const waiting = reader.next();
    reader.cancel();
    expect(returned).toHaveBeenCalledTimes(1);
    expect(await waiting).toBeUndefined();
  });

  it('gives the lines before an error, then the error unchanged', async () => {
    const error = new Error('mine');
    function* failing(): Generator<string> {
      yield 'one';
      throw error;
    }
    const reader = readLines(failing(), encode);
    expect(await reader.next()).toEqual(Buffer.from('one\n'));
    await expect(reader.next()).rejects.toBe(error);
  });

  it('refuses what is no line', async () => {
    await expect(readLines(from([5]) as never, encode).next()).rejects.toBeInstanceOf(FtpUsageError);
  });

  it('touches nothing before the first next', () => {
    const iterable = { [Symbol.iterator]: vi.fn() };
    readLines(iterable, encode).cancel();
    expect(iterable[Symbol.iterator]).not.toHaveBeenCalled();
  });
});

describe('requireLineSource', () => {
  it.each([
    undefined,
    null,
    5,
    {},
    'a text',
    Buffer.from('a'),
    new Blob(['a']),
    ['a', 5],
    [Buffer.from('a')],
  ])('refuses %s', (value) => {
    expect(() => requireLineSource(value)).toThrow(FtpUsageError);
  });

  it.each([[[]], [['a']], [new Set(['a'])], [from(['a'])], [generate('a')]])('takes %s', (value) => {
    expect(() => requireLineSource(value)).not.toThrow();
  });
});
