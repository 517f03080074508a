/** The driver of a transfer's script, over a session and a mover that write down what they are told. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { perform } from '../../lib/data/perform.js';
import type { Transfer } from '../../lib/data/transfer.js';
import { FtpConnectionError, FtpProtocolError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { end as endAll, transferOf as newTransfer, turn } from './support/driven.js';
import { FakeSession } from './support/fake-session.js';

const reply = (code: number, text = 'x') => createReply(code, [text]);

let session: FakeSession;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  session = new FakeSession();
  told = session.told;
});

const transferOf = (): Transfer => newTransfer(session);
const end = (transfer: Transfer): void => endAll(transfer, session);

/** Its data connection is there, and it has begun. */
async function begun() {
  const transfer = transferOf();
  transfer.dispatch({ type: 'connected' });
  const ending = transfer.run(perform);
  ending.catch(() => {});
  expect(transfer.accept(reply(150), false)).toBe('more');
  await turn();
  return { transfer, ending };
}

describe('a transfer', () => {
  it('does at an event what its script says, a microtask later', async () => {
    const transfer = transferOf();
    transfer.dispatch({ type: 'connected' });
    const ending = transfer.run(perform);
    expect(told).toEqual(['RETR /a']);
    transfer.accept(reply(150), false);
    expect(told).toEqual(['RETR /a']);
    await turn();
    expect(told).toEqual(['RETR /a', 'begun', 'start']);
    transfer.dispatch({ type: 'ended' });
    expect(transfer.accept(reply(226), false)).toBe('over');
    expect(await ending).toBe('complete');
    expect(told).toEqual(['RETR /a', 'begun', 'start', 'stop']);
    end(transfer);
  });

  it('is late when the time of its wait has passed', async () => {
    const transfer = transferOf();
    const ending = transfer.run(perform);
    vi.advanceTimersByTime(29_999);
    transfer.dispatch({ type: 'connected' });
    await turn();
    vi.advanceTimersByTime(1);
    expect(await ending).toEqual({ failed: 'late' });
    end(transfer);
  });

  it('stalls when nothing moves for too long, and is brought into step', async () => {
    const { transfer, ending } = await begun();
    transfer.dispatch({ type: 'moved' });
    transfer.deadlines.stall.start();
    transfer.pause();
    vi.advanceTimersByTime(100_000);
    expect(transfer.facts.stalled).toBe(false);
    transfer.resume();
    vi.advanceTimersByTime(8_000);
    await turn();
    expect(told.slice(3)).toEqual(['stop', 'limit abort', 'ABOR']);
    for (const code of [426, 226]) transfer.accept(reply(code), false);
    await turn();
    expect(transfer.accept(reply(257), false)).toBe('over');
    expect(await ending).toEqual({ failed: 'stalled' });
    end(transfer);
  });

  it('is held by its user, and by what inflates its bytes, until both let go', () => {
    const transfer = transferOf();
    const held: boolean[] = [];
    const note = (): number => held.push(transfer.data.held);
    for (const act of ['holdWire', 'pause', 'resume', 'pause', 'releaseWire', 'resume'] as const) {
      transfer[act]();
      note();
    }
    expect(held).toEqual([true, true, true, true, true, false]);
    end(transfer);
  });

  it('starts over with new facts and another connection, which is held as the last one was', () => {
    const transfer = transferOf();
    const { facts, data } = transfer;
    transfer.pause();
    transfer.dispatch({ type: 'moved' });
    transfer.startOver();
    expect([transfer.facts === facts, transfer.data === data]).toEqual([false, false]);
    expect([transfer.facts.moved, transfer.data.held]).toEqual([false, true]);
    end(transfer);
  });

  it.each([
    [425, true, false, true],
    [426, true, false, true],
    [503, true, false, true],
    [550, true, false, false],
    [425, false, false, false],
    [425, true, true, false],
  ])('refused by %i, its port early: %s, its data moved: %s, has lost that: %s', (code, early, moved, lost) => {
    const transfer = transferOf();
    transfer.data.toEarlyPort = early;
    if (moved) transfer.dispatch({ type: 'moved' });
    transfer.accept(reply(code), false);
    expect(transfer.lostEarlyPort).toBe(lost);
    end(transfer);
  });
});

describe('a reply', () => {
  it.each([
    [226, false, undefined],
    [226, true, 226],
    [200, false, 200],
  ])('%i, too soon: %s, is held: %s', async (code, soon, held) => {
    const { transfer } = await begun();
    transfer.accept(reply(code), soon);
    expect(transfer.facts.held?.code).toBe(held);
    end(transfer);
  });

  it('that the fence shows to be the answer is usual from then on', async () => {
    const { transfer, ending } = await begun();
    transfer.dispatch({ type: 'ended' });
    expect(transfer.accept(reply(200), false)).toBe('held');
    transfer.decide([]);
    expect(await ending).toBe('complete');
    expect(session.learned.isUsual('RETR', 200)).toBe(true);
    end(transfer);
  });

  it('that another one came behind is dropped for that', async () => {
    const { transfer, ending } = await begun();
    transfer.dispatch({ type: 'ended' });
    transfer.accept(reply(200, 'stray'), false);
    transfer.decide([reply(226)]);
    expect(await ending).toBe('complete');
    expect([transfer.facts.final?.code, told.includes('dropped 200 stray')]).toEqual([226, true]);
    end(transfer);
  });

  it('that two others came behind is not understood', async () => {
    const { transfer, ending } = await begun();
    transfer.dispatch({ type: 'ended' });
    transfer.accept(reply(200), false);
    transfer.decide([reply(226), reply(226)]);
    await expect(ending).rejects.toBeInstanceOf(FtpProtocolError);
    end(transfer);
  });
});

describe('a NOOP', () => {
  /** It has begun, and so many NOOPs are unanswered. */
  async function kept(noops: number) {
    session.settings = { ...session.settings, transferKeepAliveMs: 10 };
    const at = await begun();
    vi.advanceTimersByTime(10 * noops);
    expect(told.filter((line) => line === 'NOOP')).toHaveLength(noops);
    return at;
  }

  it('puts its turn off by each reply, and by each line that is none', async () => {
    const { transfer } = await kept(0);
    vi.advanceTimersByTime(9);
    transfer.accept(reply(110), false);
    vi.advanceTimersByTime(9);
    transfer.onSkipped();
    vi.advanceTimersByTime(9);
    expect(told).not.toContain('NOOP');
    vi.advanceTimersByTime(1);
    expect(told).toContain('NOOP');
    end(transfer);
  });

  it('that the final reply leaves unanswered has a fence follow, and the transfer is complete', async () => {
    const { transfer, ending } = await kept(2);
    transfer.dispatch({ type: 'ended' });
    expect(transfer.accept(reply(200), false)).toBe('more');
    expect(transfer.accept(reply(226), false)).toBe('fence');
    expect(await ending).toBe('complete');
    transfer.letGo();
    session.channel.timers.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has its answer left out of what came behind a held reply', async () => {
    const { transfer, ending } = await kept(2);
    transfer.dispatch({ type: 'ended' });
    expect(transfer.accept(reply(225), false)).toBe('held');
    transfer.decide([reply(200), reply(500), reply(226)]);
    expect(await ending).toBe('complete');
    expect(transfer.facts.final?.code).toBe(226);
    end(transfer);
  });

  it('is not sent once the transfer is let go', async () => {
    const { transfer } = await kept(1);
    transfer.letGo();
    vi.advanceTimersByTime(100);
    expect(told.filter((line) => line === 'NOOP')).toHaveLength(1);
    session.channel.timers.close();
  });

  it('asks for no port early', async () => {
    session.profile = { ...session.profile, earlyPort: true };
    session.nextKind = 'transfer';
    const { transfer } = await kept(0);
    transfer.dispatch({ type: 'ended' });
    await turn();
    expect(told).not.toContain('EPSV');
    end(transfer);
  });
});

describe('a control connection that is lost', () => {
  it('ends the transfer, with what was going on', async () => {
    const { transfer, ending } = await begun();
    transfer.bytes = 3;
    transfer.fail(new FtpConnectionError('Gone.', { channel: 'control', phase: 'idle' }));
    await expect(ending).rejects.toMatchObject({
      message: 'The control connection was lost during RETR /a, after 3 bytes: Gone.',
      phase: 'transfer',
      bytes: 3,
    });
    end(transfer);
  });

  it('because it was out of step is a fault of the protocol', async () => {
    const { transfer, ending } = await begun();
    transfer.fail(new FtpProtocolError('Nonsense.'));
    await expect(ending).rejects.toMatchObject({
      code: 'ERR_FTP_PROTOCOL',
      message: 'RETR /a was broken off after 0 bytes: Nonsense.',
    });
    end(transfer);
  });
});
