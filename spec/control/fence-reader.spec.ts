/** A fence in reply order; spec/protocol/fence.spec.ts has what its replies tell. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FenceReader, type Held } from '../../lib/control/fence-reader.js';
import type { Verdict } from '../../lib/control/reply-reader.js';
import { FtpProtocolError } from '../../lib/errors.js';
import { createReply, type Reply } from '../../lib/protocol/reply.js';
import { incomingText, WrittenCommands } from './support/fence-writer.js';
import { closing, Reading } from './support/wire.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

class Deciding extends Reading {
  decided: readonly Reply[] | undefined;

  decide(between: readonly Reply[]): void {
    this.decided = between;
  }
}

/** A fence of 1000 ms that has begun; `held` holds a 150 that came after 80 ms. */
function fencing(reader: Deciding | 'none' = new Deciding('DELE x'), pwdRefused = false) {
  const held = reader === 'none' ? undefined : reader;
  const writer = new WrittenCommands();
  const verdicts: Verdict[] = [];
  const onEnd = vi.fn<() => void>();
  const { incoming, receive } = incomingText({ onReply: (reply) => void verdicts.push(fence.accept(reply)) });
  const terms: Held | undefined = held && { reader: held, reply: createReply(150, ['Working.']), afterMs: 80 };
  const fence = new FenceReader(writer, incoming, { held: terms, pwdRefused, timeoutMs: 1_000, onEnd });
  fence.start();
  return { writer, fence, held, onEnd, verdicts, receive };
}

describe('a fence', () => {
  it('asks NOOP, and PWD at its reply; with nothing between the held reply was the answer', () => {
    const { writer, held, onEnd, verdicts, receive } = fencing();
    expect(writer.lines).toEqual(['NOOP']);
    receive('200 fine\r\n');
    expect(writer.lines).toEqual(['NOOP', 'PWD']);
    receive('257 "/"\r\n');
    expect([verdicts, held?.decided, onEnd.mock.calls.length]).toEqual([['more', 'over'], [], 1]);
    expect([writer.roundTrip.isTooShort(39), writer.roundTrip.isTooShort(40)]).toEqual([true, false]);
    writer.timers.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hands on what came between, which shows no round trip', () => {
    const { writer, held, receive } = fencing();
    receive('250 Deleted.\r\n');
    receive('200 fine\r\n');
    receive('257 "/"\r\n');
    expect(held?.decided).toMatchObject([{ code: 250 }]);
    expect(writer.roundTrip.isTold).toBe(false);
    writer.timers.close();
  });

  it('counts no reply that began before its command was written', () => {
    const { writer, fence, verdicts, receive } = fencing();
    receive('200 fine\r\n257 "/old"\r\n');
    expect([writer.lines, verdicts]).toEqual([
      ['NOOP', 'PWD'],
      ['more', 'more'],
    ]);
    writer.close(closing);
    fence.fail(closing);
  });

  it('ends at a refusal of PWD where that was refused before', () => {
    const { writer, onEnd, receive } = fencing(undefined, true);
    receive('200 fine\r\n');
    receive('502 what?\r\n');
    expect(onEnd).toHaveBeenCalledOnce();
    writer.timers.close();
  });

  it.each([
    [new Deciding('DELE x'), 'DELE', 'DELE x', '"150 Working." came as an answer to DELE x'],
    ['none' as const, 'NOOP', 'NOOP', 'The connection was closed: the server did not answer'],
  ])('goes by the command of the reader that holds, and closes without an end in time: %#', (reader, verb, command, text) => {
    const { writer, fence, held, onEnd, receive } = fencing(reader);
    expect([fence.verb, fence.command]).toEqual([verb, command]);
    receive('200 fine\r\n');
    vi.advanceTimersByTime(999);
    expect(writer.causes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(writer.causes).toEqual([expect.any(FtpProtocolError)]);
    expect(writer.causes[0]).toMatchObject({ command: held?.command, outcome: 'unknown' });
    expect(writer.causes[0]?.message).toContain(text);
    expect(onEnd).not.toHaveBeenCalled();
  });

  it('fails its reader with the connection, and leaves no timer', () => {
    const { writer, fence, held, onEnd } = fencing();
    writer.close(closing);
    fence.fail(closing);
    expect([held?.failures, held?.decided, onEnd.mock.calls.length]).toEqual([[closing], undefined, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes the value of PWD alone as one', () => {
    const { writer, fence } = fencing();
    expect([257, 250].map((code) => fence.carriesValue(createReply(code, ['"/"'])))).toEqual([true, false]);
    writer.close(closing);
    fence.fail(closing);
  });
});
