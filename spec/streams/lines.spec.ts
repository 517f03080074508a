import * as fc from 'fast-check';
import { concat, from, lastValueFrom, NEVER, of, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { type LinesOptions, lines } from '../../lib/streams/lines.js';
import { choppings, everyChunking } from '../support/chunks.js';
import { bytesOf, marbles, textOf } from './support/marbles.js';

function split(chunks: readonly (Uint8Array | string)[], options?: LinesOptions): Promise<string[]> {
  return lastValueFrom(from(chunks).pipe(lines(options), toArray()));
}

describe('lines', () => {
  it('emits a line when its end is in, and the rest at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c---|', { a: 'on', b: 'e\ntwo\r', c: '\n\nre' });
      expectObservable(source.pipe(lines())).toBe('---a-(bc)(d|)', { a: 'one', b: 'two', c: '', d: 're' });
      expectSubscriptions(source.subscriptions).toBe('^--------!');
    });
  });

  it('passes errors on without the unfinished line, and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold('-a-#', { a: 'a\nb' });
      expectObservable(failing.pipe(lines())).toBe('-a-#');
      const left = cold('-a-a-a', { a: 'a\n' });
      expectObservable(left.pipe(lines()), '^---!').toBe('-a-a-');
      expectSubscriptions(left.subscriptions).toBe('^---!');
      expectObservable(cold('--|').pipe(lines())).toBe('--|');
    });
  });

  it('stops in the middle of a chunk when nobody wants more', async () => {
    const taken$ = concat(of('a\nb\nc\n'), NEVER).pipe(lines(), take(2), toArray());
    expect(await lastValueFrom(taken$)).toEqual(['a', 'b']);
  });

  it('gives the same lines however text and bytes are cut', async () => {
    const text = 'é\r\n\nb\rc\r\n\r\n€ no end\r';
    const expected = ['é', '', 'b\rc', '', '€ no end\r'];
    for (const chunks of everyChunking(bytesOf(text))) expect(await split(chunks)).toEqual(expected);
    const characters = [...text];
    for (let at = 0; at <= characters.length; at += 1) {
      const halves = [characters.slice(0, at).join(''), characters.slice(at).join('')];
      expect(await split(halves)).toEqual(expected);
    }
    expect(await split(characters)).toEqual(expected);
  });

  it('splits as a split of the whole would', async () => {
    const lineText = fc.string({ unit: fc.constantFrom('a', 'é', '\r', '\n', '\r\n') });
    await fc.assert(
      fc.asyncProperty(
        lineText.chain((text) => fc.tuple(fc.constant(text), choppings(bytesOf(text)))),
        async ([text, chunks]) => {
          const expected = text.split('\n');
          const last = expected.pop() ?? '';
          const ended = expected.map((line) => line.replace(/\r$/, ''));
          expect(await split(chunks)).toEqual(last === '' ? ended : [...ended, last]);
        },
      ),
    );
  });

  it('refuses a line that is too long, as bytes or text, ended or not, after those before it', async () => {
    const options = { maxLineBytes: 3 };
    expect(await split(['abc\r\nabc\nabc'], options)).toEqual(['abc', 'abc', 'abc']);
    expect(await split([bytesOf('abc\r'), bytesOf('\nabc')], options)).toEqual(['abc', 'abc']);
    for (const text of ['a\nabcd\n', 'a\nabcd', 'a\nabcde', 'a\nabcdefgh']) {
      for (const chunk of [text, bytesOf(text)]) {
        const seen: unknown[] = [];
        of(chunk)
          .pipe(lines(options))
          .subscribe({ next: (line) => seen.push(line), error: (error) => seen.push(error) });
        expect(seen).toEqual(['a', expect.any(FtpProtocolError)]);
      }
    }
  });

  it('does not wait for the end of a line that is too long already', () => {
    const errors: unknown[] = [];
    concat(of('abcdef'), NEVER)
      .pipe(lines({ maxLineBytes: 3 }))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([expect.any(FtpProtocolError)]);
  });

  it('decodes bytes line by line, by default without losing any', async () => {
    expect(await split([Uint8Array.of(0x61, 0xff, 0x0a)])).toEqual(['a\udcff']);
    expect(await split([bytesOf('a\nb')], { decode: (line) => `<${textOf(line)}>` })).toEqual(['<a>', '<b>']);
  });
});
