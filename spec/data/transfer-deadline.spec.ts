/** How long the work of a transfer may last, with a clock that the spec turns. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transfer } from '../../lib/data/transfer.js';
import { deadlineOf, type TimedWork, withinDeadline } from '../../lib/data/transfer-deadline.js';
import { FtpConnectionError, FtpProtocolError, FtpTimeoutError } from '../../lib/errors.js';
import { type Cancellation, Canceller } from '../../lib/net/cancellation.js';
import { DeadlinePassed } from '../../lib/net/deadline.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from './support/fake-session.js';

const deadlineMs = 5_000;
const lost = new FtpConnectionError('Lost.', { channel: 'control', phase: 'transfer', bytes: 7 });

let session: FakeSession;
let outer: Canceller;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  session = new FakeSession();
  outer = new Canceller();
});

/** Work of this session, which goes on until the spec ends it. */
function begin(work: Partial<TimedWork<string>> = {}) {
  let inner: Cancellation | undefined;
  let end: (result: string) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const run = (signal: Cancellation): Promise<string> => {
    inner = signal;
    return new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
  };
  const done = withinDeadline({ session: session.real, deadlineMs, command: 'RETR /a', run, ...work }, outer);
  if (inner === undefined) throw new Error('The work was not begun.');
  return { done, signal: inner as Cancellation, end, fail };
}

/** Work that fails by `error` when the deadline has passed. */
function failLate(error: unknown): Promise<string> {
  const { done, fail } = begin();
  vi.advanceTimersByTime(deadlineMs);
  fail(error);
  return done;
}

describe('work without a deadline', () => {
  it('gets the signal of its caller, and no timer', async () => {
    const { done, signal, end } = begin({ deadlineMs: 0 });
    expect([signal === outer, vi.getTimerCount()]).toEqual([true, 0]);
    end('done');
    expect(await done).toBe('done');
  });
});

describe('work that is done in time', () => {
  it('gives its result, and leaves neither timer nor listener', async () => {
    const { done, signal, end } = begin();
    vi.advanceTimersByTime(deadlineMs - 1);
    end('done');
    expect(await done).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    outer.abort();
    expect(signal.aborted).toBe(false);
  });

  it('fails by its own error, and leaves no timer', async () => {
    const { done, fail } = begin();
    fail(lost);
    await expect(done).rejects.toBe(lost);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('work that lasts too long', () => {
  it('is told to stop when the deadline passes, not before', async () => {
    const { done, signal, end } = begin();
    vi.advanceTimersByTime(deadlineMs - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toBeInstanceOf(DeadlinePassed);
    expect(signal.reason).toMatchObject({ ms: deadlineMs });
    end('done too late');
    await expect(done).rejects.toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'data', afterMs: deadlineMs, bytes: 0 });
  });

  it('has the time limit of an abort from then on, and no other timer', () => {
    begin();
    vi.advanceTimersByTime(deadlineMs - 1);
    expect(session.told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([session.told, vi.getTimerCount()]).toEqual([['limit abort'], 0]);
  });

  it('and stops then leaves no timer', async () => {
    const { done, end } = begin();
    vi.advanceTimersByTime(deadlineMs);
    end('');
    await expect(done).rejects.toBeInstanceOf(FtpTimeoutError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails by the deadline, of which its own error is a consequence', async () => {
    await expect(failLate(lost)).rejects.toMatchObject({
      message: 'RETR /a was not done within its deadlineMs of 5000 ms: 7 bytes had moved.',
      code: 'ERR_FTP_TIMEOUT',
      command: 'RETR /a',
      phase: 'data',
      afterMs: deadlineMs,
      bytes: 7,
      cause: lost,
    });
  });

  it.each(['fails', 'ends'])('behind its transfer says what that has moved when it %s', async (how) => {
    const { done, end, fail } = begin({ moved: () => 9 });
    vi.advanceTimersByTime(deadlineMs);
    if (how === 'fails') fail(new FtpProtocolError('Nonsense.'));
    else end('done too late');
    await expect(done).rejects.toMatchObject({ code: 'ERR_FTP_TIMEOUT', afterMs: deadlineMs, bytes: 9 });
  });

  it('has moved no bytes where its error names none', async () => {
    await expect(failLate(new FtpProtocolError('Nonsense.'))).rejects.toMatchObject({ afterMs: deadlineMs, bytes: 0 });
  });

  it.each([
    ['data', deadlineMs, true],
    ['data', deadlineMs + 1, false],
    ['abort', deadlineMs, false],
  ] as const)('keeps its time-out of the phase %s after %i ms: %s', async (phase, afterMs, kept) => {
    const error = new FtpTimeoutError('Late.', { phase, afterMs });
    const failure = await failLate(error).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(FtpTimeoutError);
    expect(failure === error).toBe(kept);
  });

  it('keeps an error that is not of this library', async () => {
    const error = new Error('The disk is full.');
    await expect(failLate(error)).rejects.toBe(error);
  });
});

describe('work whose caller leaves', () => {
  const reason = new FtpProtocolError('Enough.');

  it('is told by the same reason, which stays when the deadline passes', async () => {
    const { done, signal, fail } = begin();
    outer.abort(reason);
    expect(signal.reason).toBe(reason);
    vi.advanceTimersByTime(deadlineMs);
    expect(signal.reason).toBe(reason);
    fail(lost);
    await expect(done).rejects.toBe(lost);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('before it begins is told at once', async () => {
    outer.abort(reason);
    const { done, signal, end } = begin();
    expect(signal.reason).toBe(reason);
    end('left');
    expect(await done).toBe('left');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a transfer that was cancelled', () => {
  const reply = createReply(426, ['Broken off.']);
  const transfer = { command: 'RETR /a', bytes: 3, facts: { final: reply } } as unknown as Transfer;

  it('by its deadline has an error that says so', () => {
    outer.abort(new DeadlinePassed(2_000));
    const error = deadlineOf(transfer, outer);
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ command: 'RETR /a', phase: 'data', afterMs: 2_000, bytes: 3, reply });
  });

  it('by its user has no error of the deadline', () => {
    outer.abort();
    expect(deadlineOf(transfer, outer)).toBeUndefined();
  });
});
