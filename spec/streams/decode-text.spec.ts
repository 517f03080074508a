import * as fc from 'fast-check';
import { from, lastValueFrom, reduce } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpUsageError } from '../../lib/errors.js';
import { decodeText } from '../../lib/streams/decode-text.js';
import { choppings, everyChunking } from '../support/chunks.js';
import { bytesOf, marbles } from './support/marbles.js';

function decodeAll(chunks: readonly Uint8Array[], encoding?: string, fatal = false): Promise<string> {
  const text$ = from(chunks).pipe(
    decodeText(encoding, { fatal }),
    reduce((all, part) => all + part, ''),
  );
  return lastValueFrom(text$);
}

describe('decodeText', () => {
  it('decodes chunk by chunk, holds back a cut character and passes completion on', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const [a = 0, b = 0, c = 0] = bytesOf('€');
      const source = cold('-a-b-c-|', { a: Uint8Array.of(0x78, a), b: Uint8Array.of(b), c: Uint8Array.of(c, 0x79) });
      expectObservable(source.pipe(decodeText())).toBe('-a---c-|', { a: 'x', c: '€y' });
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
  });

  it('tells at the end of a character that stays cut', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-|', { a: bytesOf('€').subarray(0, 2) });
      expectObservable(source.pipe(decodeText())).toBe('---(f|)', { f: '\ufffd' });
    });
  });

  it('passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold('-a-#', { a: bytesOf('a') });
      expectObservable(failing.pipe(decodeText())).toBe('-a-#');
      const left = cold('-a-a-a', { a: bytesOf('a') });
      expectObservable(left.pipe(decodeText()), '^---!').toBe('-a-a-');
      expectSubscriptions(left.subscriptions).toBe('^---!');
    });
  });

  it('gives the same text however the bytes are cut', async () => {
    for (const chunks of everyChunking(bytesOf('aé€😀\r\n'))) expect(await decodeAll(chunks)).toBe('aé€😀\r\n');
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.startsWith('\ufeff'));
    const cut = text.chain((value) => fc.tuple(fc.constant(value), choppings(bytesOf(value))));
    await fc.assert(
      fc.asyncProperty(cut, async ([value, chunks]) => {
        expect(await decodeAll(chunks)).toBe(value);
      }),
    );
  });

  it('knows ISO 8859-1 from windows-1252, which TextDecoder calls latin1', async () => {
    const bytes = [Uint8Array.of(0x80, 0xe9)];
    for (const label of ['latin1', 'Latin1', '\t LATIN1\n']) expect(await decodeAll(bytes, label)).toBe('\u0080é');
    expect(await decodeAll(bytes, 'windows-1252')).toBe('€é');
    expect(await decodeAll([], 'latin1')).toBe('');
  });

  it('drops a byte order mark', async () => {
    expect(await decodeAll([bytesOf('\ufeffa')])).toBe('a');
  });

  it('replaces what is not valid, or errors when it is fatal', async () => {
    expect(await decodeAll([Uint8Array.of(0x61, 0xff)])).toBe('a\ufffd');
    await expect(decodeAll([Uint8Array.of(0x61, 0xff)], 'utf8', true)).rejects.toBeInstanceOf(FtpProtocolError);
    await expect(decodeAll([Uint8Array.of(0xe2)], 'utf8', true)).rejects.toBeInstanceOf(FtpProtocolError);
  });

  it('refuses an unknown encoding at once', () => {
    expect(() => decodeText('klingon')).toThrow(FtpUsageError);
  });

  it('starts afresh for each subscription', async () => {
    const cut$ = from([bytesOf('€').subarray(0, 1)]).pipe(decodeText());
    expect(await lastValueFrom(cut$)).toBe('\ufffd');
    expect(await lastValueFrom(cut$)).toBe('\ufffd');
  });
});
