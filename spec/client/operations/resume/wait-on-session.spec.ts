import { Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { waitOn } from '../../../../lib/client/operations/resume/wait-on-session.js';
import { FtpConnectionError, type FtpError } from '../../../../lib/errors.js';
import { Canceller } from '../../../../lib/net/cancellation.js';

function stage() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const closed$ = new Subject<FtpError>();
  const channel: { cause: FtpError | undefined; closed$: Subject<FtpError> } = { cause: undefined, closed$ };
  const signal = new Canceller();
  const wait = (ms: number): Promise<unknown> =>
    waitOn({ channel }, ms, signal).then(
      () => 'over',
      (error: unknown) => error,
    );
  return { channel, signal, wait };
}

describe('the wait between two tries on one session', () => {
  it('is over after its time', async () => {
    const { channel, wait } = stage();
    const waiting = wait(100);
    vi.advanceTimersByTime(99);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await waiting).toBe('over');
    expect(channel.closed$.observed).toBe(false);
  });

  it('is over when the user leaves, and leaves no timer', async () => {
    const { signal, wait } = stage();
    const waiting = wait(100);
    signal.abort();
    expect(await waiting).toBe('over');
    expect([vi.getTimerCount(), await wait(100)]).toEqual([0, 'over']);
  });

  it('ends with the cause when the connection is lost', async () => {
    const { channel, wait } = stage();
    const cause = new FtpConnectionError('Lost.', { channel: 'control', phase: 'command' });
    const waiting = wait(100);
    channel.cause = cause;
    channel.closed$.next(cause);
    expect(await waiting).toBe(cause);
    expect(vi.getTimerCount()).toBe(0);
  });
});
