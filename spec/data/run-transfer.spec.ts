/** The life of a transfer whose commands, data and script are told by the spec. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Facts, newFacts } from '../../lib/data/machine/facts.js';
import type { Outcome, TransferEvent } from '../../lib/data/machine/script.js';
import { runTransfer } from '../../lib/data/run-transfer.js';
import type { Transfer } from '../../lib/data/transfer.js';
import type { TransferPlan } from '../../lib/data/transfer-plan.js';
import { FtpConnectionError, FtpSecurityError, FtpUsageError } from '../../lib/errors.js';
import { Canceller } from '../../lib/net/cancellation.js';
import { DeadlinePassed } from '../../lib/net/deadline.js';
import { command } from '../../lib/protocol/command.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from './support/fake-session.js';

const reply = (code: number) => createReply(code, ['x']);
const kind = { direction: 'download', isListing: false, isSecure: false, withoutPwd: false } as const;

interface Staging {
  /** How its script ends, run by run; an error is thrown. */
  readonly outcomes?: (Outcome | Error | (() => Outcome))[];
  readonly plan?: Partial<TransferPlan>;
  readonly facts?: Partial<Facts>;
  readonly lostEarlyPort?: boolean;
  readonly protection?: { readonly resumed: boolean };
}

function staged({ outcomes = [], plan, facts, lostEarlyPort = false, protection }: Staging = {}) {
  const session = new FakeSession();
  const { told } = session;
  const signal = new Canceller();
  session.settings = { ...session.settings, connector: async () => new PassThrough() };
  session.answer = () => ({ reply: createReply(229, ['Here (|||4000|).']), outcome: 'completion' });
  const fake = {
    session: session.real,
    command: 'RETR /a',
    verb: 'RETR',
    bytes: 7,
    lostEarlyPort,
    facts: { ...newFacts(kind), ...facts },
    plan: { command: command('RETR', '/a'), type: undefined, start: 0, ...plan },
    data: { protection: undefined, attach: () => told.push('connected') },
    letGo: () => told.push('let go'),
    dispatch: ({ type }: TransferEvent) => told.push(type),
    startOver: () => {
      told.push('start over');
      fake.lostEarlyPort = false;
    },
    run: async () => {
      told.push('run');
      if (protection !== undefined) Object.assign(fake.data, { protection });
      const next = outcomes.shift() ?? 'complete';
      if (next instanceof Error) throw next;
      return typeof next === 'function' ? next() : next;
    },
  };
  return { session, signal, told, done: () => runTransfer(fake as unknown as Transfer, signal) };
}

const opened = ['sendable RETR /a', 'EPSV', 'connected'];
const ended = ['let go'];
const sent = { sent: true };

describe('a transfer', () => {
  it('is prepared, run, and cleared away', async () => {
    const at = staged();
    expect(await at.done()).toBe(true);
    expect(at.told).toEqual([...opened, 'run', ...ended]);
    at.signal.abort();
    expect(at.told).not.toContain('cancel');
  });

  it('waits for what its command has to wait for, then says that it is ready', async () => {
    const order: string[] = [];
    const opening = async (): Promise<void> => void order.push('opening');
    const at = staged({ plan: { opening, onReady: () => order.push('ready') } });
    await at.done();
    expect(order).toEqual(['opening', 'ready']);
  });

  it('does not send its command when it is told no at the last moment', async () => {
    const error = new FtpUsageError('No.');
    const onReady = (): never => {
      throw error;
    };
    const at = staged({ plan: { onReady } });
    await expect(at.done()).rejects.toBe(error);
    expect(at.told).toEqual([...opened, ...ended]);
  });

  it('does not send its command to an impostor', async () => {
    const dataError = new FtpSecurityError('Another server.');
    const at = staged({ facts: { attacked: true, dataError } });
    const { code, message } = dataError;
    await expect(at.done()).rejects.toMatchObject({ code, message, outcome: 'none' });
    expect(at.told).not.toContain('run');
  });

  it.each([
    ['refused', 'ERR_FTP_REPLY', []],
    ['broken off', 'ERR_FTP_TRANSFER', []],
    ['late', 'ERR_FTP_TIMEOUT', ['close']],
  ] as const)('that is %s fails by its error', async (failed, code, closed) => {
    const final = failed === 'late' ? undefined : reply(550);
    const at = staged({ outcomes: [{ failed }], facts: { ...sent, final } });
    await expect(at.done()).rejects.toMatchObject({ code });
    expect(at.told).toEqual([...opened, 'run', ...closed, ...ended]);
  });

  it.each([
    [true, 'unknown'],
    [false, 'none'],
  ])('whose connection is lost, the command written: %s, has the outcome %s', async (written, outcome) => {
    const lost = new FtpConnectionError('Lost.', { channel: 'control', phase: 'idle', outcome: 'unknown' });
    await expect(staged({ outcomes: [lost], facts: { sent: written } }).done()).rejects.toMatchObject({ outcome });
  });
});

describe('a user who leaves', () => {
  it('before it began has nothing sent', async () => {
    const at = staged();
    at.signal.abort();
    expect(await at.done()).toBe(false);
    expect(at.told).toEqual(ended);
  });

  it('while a file is being opened is not kept waiting', async () => {
    const at = staged({ plan: { opening: () => new Promise(() => at.signal.abort()) } });
    expect(await at.done()).toBe(false);
    expect(at.told).toEqual([...opened, 'cancel', ...ended]);
  });

  /** The signal aborts by this reason while the script runs, which ends as left. */
  const leaving = (reason: unknown) => {
    const outcomes: (() => Outcome)[] = [];
    const at = staged({ outcomes, facts: sent });
    outcomes.push(() => {
      at.signal.abort(reason);
      return 'left';
    });
    return at;
  };

  it('is told to the script, and no error', async () => {
    const at = leaving(undefined);
    expect(await at.done()).toBe(false);
    expect(at.told).toEqual([...opened, 'run', 'cancel', ...ended]);
  });

  it('by the deadline has its error', async () => {
    const error = { code: 'ERR_FTP_TIMEOUT', afterMs: 5_000, bytes: 7 };
    await expect(leaving(new DeadlinePassed(5_000)).done()).rejects.toMatchObject(error);
  });

  it('by an error of the client has that for its cause', async () => {
    const cause = new FtpUsageError('The client was closed.');
    await expect(leaving(cause).done()).rejects.toMatchObject({ code: 'ERR_FTP_TRANSFER', cause, transient: false });
  });
});

describe('a port that was asked for early', () => {
  const refused: Outcome = { failed: 'refused' };
  const NEVER_EARLY = 'EPSV in its turn for EPSV ahead';

  it('and is forgotten by the server is asked for again, and never early', async () => {
    const at = staged({ outcomes: [refused, 'complete'], lostEarlyPort: true, facts: { final: reply(425) } });
    expect(await at.done()).toBe(true);
    expect(at.told).toEqual([...opened, 'run', NEVER_EARLY, 'start over', ...opened, 'run', ...ended]);
    expect(at.session.learned.lacks('EPSV ahead')).toBe(true);
  });

  it('is not asked for again for a user who has left', async () => {
    const leave = (): Outcome => {
      at.signal.abort();
      return refused;
    };
    const at = staged({ outcomes: [leave], lostEarlyPort: true, facts: { ...sent, final: reply(425) } });
    await expect(at.done()).rejects.toMatchObject({ reply: { code: 425 } });
    expect(at.told).toEqual([...opened, 'run', 'cancel', NEVER_EARLY, ...ended]);
    expect(at.session.learned.lacks('EPSV ahead')).toBe(true);
  });

  it('is not asked for again where an APPE was refused by 426, which may break off what was begun', async () => {
    const plan = { command: command('APPE', '/a') };
    const at = staged({ outcomes: [refused], lostEarlyPort: true, plan, facts: { ...sent, final: reply(426) } });
    await expect(at.done()).rejects.toMatchObject({ reply: { code: 426 } });
    expect(at.told.filter((what) => what === 'run')).toHaveLength(1);
    expect(at.session.learned.lacks('EPSV ahead')).toBe(true);
  });

  it('is not asked for again where the transfer was refused for another reason', async () => {
    const at = staged({ outcomes: [refused], facts: { ...sent, final: reply(550) } });
    await expect(at.done()).rejects.toMatchObject({ reply: { code: 550 } });
    expect([at.told.includes('start over'), at.session.learned.lacks('EPSV ahead')]).toEqual([false, false]);
  });
});

describe('a TLS session that was not resumed', () => {
  it.each([
    [425, false, true],
    [522, false, true],
    [550, false, false],
    [425, true, false],
  ])('refused by %i, resumed: %s, costs the connection: %s', async (code, resumed, closes) => {
    const facts = { ...sent, final: reply(code) };
    const at = staged({ outcomes: [{ failed: 'refused' }], facts, protection: { resumed } });
    await expect(at.done()).rejects.toMatchObject({ reply: { code } });
    expect(at.session.closedBy instanceof FtpSecurityError).toBe(closes);
  });
});
