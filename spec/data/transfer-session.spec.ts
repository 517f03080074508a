/** The driver of a transfer's script: what it takes from its session, what it tells it, and what it leaves behind. */
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { perform } from '../../lib/data/perform.js';
import type { Transfer } from '../../lib/data/transfer.js';
import type { TlsLink } from '../../lib/net/tls-link.js';
import { createReply } from '../../lib/protocol/reply.js';
import { transferOf, turn } from './support/driven.js';
import { FakeSession } from './support/fake-session.js';

const reply = (code: number) => createReply(code, ['x']);

let session: FakeSession;
let transfer: Transfer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  session = new FakeSession();
});

afterEach(() => {
  // A second time it has nothing to let go of.
  if (transfer.data !== undefined) transfer.letGo();
  session.channel.timers.close();
  vi.useRealTimers();
});

/** It has its data connection, and its 150. */
async function begin(verb = 'RETR', direction: 'download' | 'upload' = 'download') {
  transfer = transferOf(session, verb, direction);
  transfer.dispatch({ type: 'connected' });
  const ending = transfer.run(perform);
  ending.catch(() => {});
  transfer.accept(reply(150), false);
  await turn();
  return { ending };
}

/** Its user leaves; both replies to ABOR and PWD's answer come. */
async function leave(): Promise<void> {
  transfer.dispatch({ type: 'cancel' });
  await turn();
  for (const code of [426, 226]) transfer.accept(reply(code), false);
  await turn();
  transfer.accept(reply(257), false);
}

function secureSession(): void {
  session.settings = { ...session.settings, secure: 'explicit' };
  session.server = { ...session.server, protection: 'P' };
  session.tls = {} as TlsLink;
}

describe('the kind of a transfer', () => {
  it.each(['LIST', 'NLST', 'MLSD'])('%s is a listing', (verb) => {
    transfer = transferOf(session, verb);
    expect(transfer.facts.kind).toMatchObject({ isListing: true, isSecure: false, withoutPwd: false });
  });

  it('of a file is none', () => {
    transfer = transferOf(session, 'STOR', 'upload');
    expect(transfer.facts.kind).toMatchObject({ isListing: false, direction: 'upload' });
  });

  it('names a server without PWD', () => {
    session.learned.doWithout('PWD');
    transfer = transferOf(session);
    expect(transfer.facts.kind.withoutPwd).toBe(true);
  });

  it('names a data connection under TLS', () => {
    secureSession();
    transfer = transferOf(session);
    expect(transfer.facts.kind.isSecure).toBe(true);
  });
});

describe('what is known of the server', () => {
  it.each([
    true,
    false,
  ])('decides whether a listing may come back, and the connection is given up: %s', async (comes) => {
    session.profile = { ...session.profile, repeatsListings: comes };
    const { ending } = await begin('LIST');
    transfer.dispatch({ type: 'moved' });
    transfer.dispatch({ type: 'stalled' });
    await turn();
    await leave();
    expect(await ending).toEqual({ failed: 'stalled' });
    expect(session.told.includes('close')).toBe(comes);
  });

  it.each([
    [true, 0],
    [false, 1_000],
  ])('decides whether it shakes hands first: %s, and is waited for so long: %i', async (first, ms) => {
    secureSession();
    if (first) session.learned.doWithout('the TLS handshake after 150');
    transfer = transferOf(session);
    const startTls = vi.spyOn(transfer.data, 'startTls');
    transfer.run(perform).catch(() => {});
    expect(startTls.mock.calls.length).toBe(first ? 1 : 0);
    vi.advanceTimersByTime(ms);
    expect(startTls).toHaveBeenCalledTimes(1);
  });
});

describe('a wait that counts from an earlier time', () => {
  /** The handshake is expected, and `ms` later the user leaves. */
  async function leaveAfter(ms: number): Promise<void> {
    secureSession();
    await begin();
    transfer.dispatch({ type: 'handshake-expected', at: performance.now() });
    vi.advanceTimersByTime(ms);
    transfer.dispatch({ type: 'cancel' });
    await turn();
  }

  it('lasts for what is left of it', async () => {
    await leaveAfter(1_000);
    vi.advanceTimersByTime(1_999);
    expect(session.told).not.toContain('ABOR');
    vi.advanceTimersByTime(1);
    expect(session.told).toContain('ABOR');
  });

  it('is over at once where nothing is left', async () => {
    await leaveAfter(3_000);
    expect(session.told).toContain('ABOR');
  });
});

describe('a final reply', () => {
  it('may be a second 1yz, behind which the own one may follow', async () => {
    const { ending } = await begin();
    transfer.dispatch({ type: 'ended' });
    expect(transfer.accept(reply(150), false)).toBe('over');
    expect(await ending).toEqual({ failed: 'broken off' });
    expect(session.told).toContain('surplus');
  });

  it('of another class has none behind it', async () => {
    await begin();
    transfer.accept(reply(226), false);
    expect(session.told).not.toContain('surplus');
  });

  it('changes what is known of the state of the server', async () => {
    session.server = { ...session.server, restartPending: 'granted' };
    await begin();
    transfer.accept(reply(226), false);
    expect(session.server.restartPending).toBe(false);
  });

  it('that came before all of an upload was sent completes nothing, also where a fence shows that it is the answer', async () => {
    const { ending } = await begin('STOR', 'upload');
    transfer.accept(reply(226), true);
    transfer.dispatch({ type: 'all-sent' });
    await turn();
    expect(session.told).toContain('decide 226 x');
    transfer.decide([]);
    expect(await ending).toEqual({ failed: 'broken off' });
  });
});

describe('a value', () => {
  it('is carried by the preliminary reply', async () => {
    await begin();
    expect(transfer.carriesValue(reply(150))).toBe(true);
  });

  it('is carried by no reply to an abort', async () => {
    await begin();
    transfer.dispatch({ type: 'moved' });
    transfer.dispatch({ type: 'cancel' });
    await turn();
    expect(session.told).toContain('ABOR');
    expect(transfer.carriesValue(reply(150))).toBe(false);
  });
});

describe('a transfer that is held', () => {
  it('by its consumer is held too long when others wait', async () => {
    await begin();
    transfer.pause();
    session.await('transfer');
    vi.advanceTimersByTime(7_999);
    expect(transfer.facts.heldTooLong).toBe(false);
    vi.advanceTimersByTime(1);
    expect(transfer.facts.heldTooLong).toBe(true);
  });

  it('and goes on is not', async () => {
    await begin();
    transfer.pause();
    session.await('transfer');
    transfer.resume();
    vi.advanceTimersByTime(100_000);
    expect(transfer.facts.heldTooLong).toBe(false);
  });
});

describe('what a transfer leaves behind', () => {
  it('is no time limit', async () => {
    await begin();
    transfer.deadlines.stall.start();
    transfer.deadlines.holding.hold();
    session.await('transfer');
    transfer.letGo();
    vi.advanceTimersByTime(100_000);
    const { stalled, heldTooLong } = transfer.facts;
    expect([stalled, heldTooLong, session.watchers]).toEqual([false, false, 0]);
  });

  it('is no data connection of before it started over', () => {
    transfer = transferOf(session);
    const old = new PassThrough();
    transfer.data.attach(old);
    transfer.startOver();
    expect(old.destroyed).toBe(true);
  });
});
