import { describe, expect, it } from 'vitest';
import { type Skipped, SkippedReplies } from '../../lib/control/skipped-replies.js';
import { FtpProtocolError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';

const line = (text: string): Skipped => ({ line: text });
const reply = (text: string): Skipped => ({ reply: createReply(200, [text]) });

function counting() {
  const told: Skipped[] = [];
  const skipped = new SkippedReplies((one) => told.push(one));
  /** The first that is one too many, and how many came before it. */
  const addUntilFault = (one: Skipped, most = 1_000): { before: number; error: FtpProtocolError | undefined } => {
    for (let before = 0; before < most; before += 1) {
      const error = skipped.add(one);
      if (error !== undefined) return { before, error };
    }
    return { before: most, error: undefined };
  };
  return { told, skipped, addUntilFault };
}

describe('replies and lines that answer nothing', () => {
  it.each([
    ['replies', reply('x'), 100, /101 replies and lines, the last "200 x"/],
    ['lines', line('x\u0007'), 100, /the last "x\\x07"/],
    ['empty lines', line(''), 100, /the last ""/],
    ['long replies', reply('x'.repeat(32 * 1024)), 2, /3 replies and lines/],
    ['long lines', line('x'.repeat(32 * 1024 + 1)), 1, /2 replies and lines/],
  ])('are too many at a bound: %s', (_what, one, most, message) => {
    const { told, addUntilFault } = counting();
    const { before, error } = addUntilFault(one);
    expect([before, told.length]).toEqual([most, most + 1]);
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error?.message).toMatch(message);
    expect(error?.message.length).toBeLessThan(1_000);
    expect(error?.reply).toBe('reply' in one ? one.reply : undefined);
  });

  it('are counted together, and anew after an answer', () => {
    const { skipped, addUntilFault } = counting();
    addUntilFault(line('x'), 60);
    addUntilFault(reply('x'), 40);
    skipped.answered();
    expect(addUntilFault(line('x'.repeat(32 * 1024)), 2).error).toBeUndefined();
    skipped.answered();
    addUntilFault(line('x'), 60);
    expect(addUntilFault(reply('x')).before).toBe(40);
  });
});
