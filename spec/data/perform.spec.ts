/** Each effect, and what it does to the session, the data connection and the transfer. */
import { describe, expect, it, vi } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import type { Facts } from '../../lib/data/machine/facts.js';
import type { Effect, TransferEvent } from '../../lib/data/machine/script.js';
import { perform } from '../../lib/data/perform.js';
import type { Transfer } from '../../lib/data/transfer.js';
import { TransferReport } from '../../lib/data/transfer-report.js';
import { command } from '../../lib/protocol/command.js';
import { createReply } from '../../lib/protocol/reply.js';
import { observe } from '../support/observe.js';
import { FakeSession } from './support/fake-session.js';

const reply = (code: number) => createReply(code, ['x']);

/** A transfer that writes down what is done to it, with its session. */
function staged(facts: Partial<Facts> = {}, verb = 'RETR') {
  const session = new FakeSession();
  const { told } = session;
  const note = (what: string) => () => void told.push(what);
  const fake = {
    session: session.real,
    facts,
    command: `${verb} /a`,
    data: { startTls: note('tls'), release: note('release'), reset: note('reset'), close: note('close data') },
    deadlines: { stall: { stop: note('stop stall') } },
    way: { mover: { start: note('start'), stop: note('stop') } },
    plan: { command: command(verb, '/a'), onBegun: (first?: { code: number }) => told.push(`begun ${first?.code}`) },
    dispatch: (event: TransferEvent) => told.push(event.type === 'sent' ? `sent ${event.line}` : event.type),
  };
  return { session, told, transfer: fake as unknown as Transfer };
}

describe('an effect', () => {
  it.each<[Effect, string[], Partial<Facts>?]>([
    [{ do: 'send', line: 'transfer' }, ['sent transfer', 'RETR /a']],
    [{ do: 'send', line: 'ABOR' }, ['sent ABOR', 'ABOR']],
    [{ do: 'send', line: 'PWD' }, ['sent PWD', 'PWD']],
    [{ do: 'send', line: 'NOOP' }, ['sent NOOP', 'NOOP']],
    [{ do: 'start-tls' }, ['tls']],
    [{ do: 'begin' }, ['begun 150'], { preliminary: reply(150) }],
    [{ do: 'begin' }, ['begun undefined']],
    [{ do: 'flow' }, ['start']],
    [{ do: 'rest' }, ['stop', 'stop stall']],
    [{ do: 'read-on' }, ['release']],
    [{ do: 'decide' }, ['deciding', 'decide 200 x'], { held: reply(200) }],
    [{ do: 'fence' }, ['fence']],
    [{ do: 'bound' }, ['limit abort']],
    [{ do: 'unbound' }, ['end abort']],
    [{ do: 'reset' }, ['reset']],
    [{ do: 'close' }, ['close data']],
    [{ do: 'give-up', risk: 'may still wait at the server' }, ['close']],
  ])('%o', (effect, done, facts) => {
    const { transfer, told } = staged(facts);
    expect(perform(transfer, effect)).toBe(true);
    expect(told).toEqual(done);
  });

  it('that learns is for all sessions', () => {
    const { transfer, session } = staged();
    perform(transfer, { do: 'learn-handshake-first' });
    expect(session.learned.lacks('the TLS handshake after 150')).toBe(true);
  });

  it('that sends STOU notes it before any reply', () => {
    const { transfer, session } = staged({}, 'STOU');
    perform(transfer, { do: 'send', line: 'transfer' });
    expect(session.server.storedUnique).toBe(true);
  });

  it('that begins is told where the events are observed, before the user', () => {
    const { transfer, session, told } = staged();
    const events = observe(session.events.events$);
    perform(transfer, { do: 'begin' });
    expect([told, transfer.report]).toEqual([['transfer-started', 'begun undefined'], expect.any(TransferReport)]);
    events.unsubscribe();
    const unobserved = staged();
    perform(unobserved.transfer, { do: 'begin' });
    expect([unobserved.told, unobserved.transfer.report]).toEqual([['begun undefined'], undefined]);
  });

  it('that begins sends NOOPs from then on, where that is asked for, while the facts allow it', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { transfer, session, told } = staged({ preliminary: reply(150) });
    session.settings = { ...session.settings, transferKeepAliveMs: 10 };
    perform(transfer, { do: 'begin' });
    vi.advanceTimersByTime(20);
    expect(told).toEqual(['begun 150', 'sent NOOP', 'NOOP', 'sent NOOP', 'NOOP']);
    transfer.facts = { ...transfer.facts, final: reply(226) };
    vi.advanceTimersByTime(20);
    expect(told).toHaveLength(5);
    transfer.quiet?.end();
    session.channel.timers.close();
  });

  it('that begins starts no timer where no NOOPs are asked for', () => {
    const { transfer, session } = staged();
    session.settings = { ...session.settings, transferKeepAliveMs: 0 };
    perform(transfer, { do: 'begin' });
    expect(transfer.quiet).toBeUndefined();
  });

  it('that gives up says why', () => {
    const { transfer, session } = staged();
    perform(transfer, { do: 'give-up', risk: 'more was already asked for' });
    expect(session.closedBy).toMatchObject({
      message: 'RETR /a was cancelled but more was already asked for; the connection was given up.',
      code: 'ERR_FTP_CONNECTION',
      channel: 'control',
      phase: 'abort',
      command: 'RETR /a',
    });
  });
});

describe('the next port', () => {
  it('is not asked for where that is not sound, which the script is told', () => {
    const { transfer, told } = staged();
    expect(perform(transfer, { do: 'ask-port-early' })).toBe(false);
    expect(told).toEqual([]);
  });

  it('is asked for where the server takes that and another transfer waits', async () => {
    const { transfer, told, session } = staged();
    session.profile = { ...session.profile, earlyPort: true };
    session.nextKind = 'transfer';
    session.answer = () => ({ reply: reply(229), outcome: 'completion' });
    expect(perform(transfer, { do: 'ask-port-early' })).toBe(true);
    expect(told).toEqual(['EPSV', 'port-asked']);
    await session.earlyPort?.final;
  });

  it.each(['answered', 'lost'])('in doubt is never asked for again, and told of when it is %s', async (how) => {
    const { transfer, told, session } = staged();
    let settle: (lost: boolean) => void = () => {};
    const final = new Promise<FinalReply>((resolve, reject) => {
      settle = (lost) => (lost ? reject(new Error('lost')) : resolve({ reply: reply(229), outcome: 'completion' }));
    });
    session.earlyPort = { final, staleAt: 0 };
    expect(perform(transfer, { do: 'doubt-port' })).toBe(true);
    await Promise.resolve();
    expect([told, session.learned.lacks('EPSV ahead')]).toEqual([['EPSV in its turn for EPSV ahead'], true]);
    settle(how === 'lost');
    await expect.poll(() => told).toEqual(['EPSV in its turn for EPSV ahead', 'port-told']);
  });
});
