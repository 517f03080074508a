import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { incomingText } from './support/fence-writer.js';
import { closing } from './support/wire.js';

/** What a listener is told of each chunk: `began: text`, with `+` where more stood behind it. */
function listening(onTold: (text: string) => void = () => {}) {
  const told: string[] = [];
  const faults: unknown[] = [];
  const note = (text: string, more = ''): void => {
    told.push(`${incoming.began}: ${text}${more}`);
    onTold(text);
  };
  const { incoming, receive } = incomingText({
    onReply: ({ code, text }, moreCame) => note(`${code} ${text}`, moreCame ? ' +' : ''),
    onLine: (line) => note(`"${line}"`),
    onFault: (error) => faults.push(error),
  });
  return { incoming, receive, told, faults };
}

describe('what comes in', () => {
  it('is told with the chunk in which it began', () => {
    const { incoming, receive, told } = listening();
    receive('220 a\r\n230 b\r\n2');
    receive('50');
    expect([incoming.chunks, incoming.hasMore, incoming.unfinished]).toEqual([2, true, '250']);
    receive(' c\r\n226 d\r\n');
    expect(told).toEqual(['1: 220 a +', '1: 230 b', '1: 250 c +', '3: 226 d']);
    expect([incoming.hasMore, incoming.unfinished]).toEqual([false, '']);
  });

  it('keeps lines that are no replies in their place, and counts them as more', () => {
    const { receive, told } = listening();
    receive('hello\r\n220 a\r\n\r\n230 b\r\nbye\r\n');
    expect(told).toEqual(['1: "hello"', '1: 220 a +', '1: ""', '1: 230 b +', '1: "bye"']);
  });

  it('is the same however it is cut', () => {
    const piece = fc.constantFrom('220 a\r\n', '214-x\r\n y\r\n214 z\r\n', 'noise\r\n', '\r\n', '550 é\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
        const bytes = Buffer.from(pieces.join(''));
        const [whole, cut] = [listening(), listening()];
        whole.incoming.receive(bytes);
        for (let at = 0; at < bytes.length; at += size) cut.incoming.receive(bytes.subarray(at, at + size));
        const texts = (told: readonly string[]): string[] => told.map((text) => text.replace(/^\d+: | \+$/g, ''));
        expect(texts(cut.told)).toEqual(texts(whole.told));
      }),
    );
  });

  it('is forgotten as far as it is unfinished when something new begins', () => {
    const { incoming, receive, told } = listening();
    receive('220-half');
    incoming.begin();
    expect([incoming.hasMore, incoming.unfinished]).toEqual([false, '']);
    receive('230 whole\r\n');
    expect(told).toEqual(['2: 230 whole']);
  });

  it('breaks the grammar after what came before the fault', () => {
    const { incoming, receive, told, faults } = listening();
    receive(`220 a\r\n${'x'.repeat(501)}`);
    expect(told).toEqual(['1: 220 a']);
    expect(faults).toEqual([expect.any(FtpProtocolError)]);
    expect(incoming.hasMore).toBe(true);
  });

  it('tells what a listener throws as a fault', () => {
    const { receive, faults } = listening((text) => {
      if (text === '230 b') throw closing;
    });
    receive('220 a\r\n230 b\r\n');
    expect(faults).toEqual([closing]);
  });

  it('is nothing before the first chunk', () => {
    const { incoming } = listening();
    expect([incoming.chunks, incoming.began, incoming.hasMore]).toEqual([0, 0, false]);
  });
});
