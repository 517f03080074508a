/** Checks the commands before a transfer command, and their order. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpConnectionError, FtpUsageError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';
import { createReply } from '../../lib/protocol/reply.js';
import type { FakeSession } from './support/fake-session.js';
import { Preparing, usual } from './support/preparing.js';

const reply = (code: number) => createReply(code, ['x']);
const lost = new FtpConnectionError('Lost.', { channel: 'control', phase: 'idle' });

let at: Preparing;
let session: FakeSession;
let told: string[];

beforeEach(() => {
  at = new Preparing();
  ({ session, told } = at);
});

const sendable = 'sendable RETR /a';
const opened = ['EPSV', 'connected'];

describe('a transfer', () => {
  it('that needs no type and starts at 0 gets a data connection alone', async () => {
    session.server = { ...session.server, type: 'A' };
    expect(await at.prepare()).toBe(true);
    expect(told).toEqual([sendable, ...opened]);
  });

  it('gets its type, then its data connection, then its start', async () => {
    expect(await at.prepare({ type: 'I', start: 5 })).toBe(true);
    expect(told).toEqual([sendable, 'TYPE I', ...opened, 'REST 5']);
  });

  it('does not set a type that is set', async () => {
    session.server = { ...session.server, type: 'I' };
    expect(await at.prepare({ type: 'I' })).toBe(true);
    expect(told).toEqual([sendable, ...opened]);
  });

  it('waits for the rest of the login before it is sent', async () => {
    let settle = (): void => {};
    session.settled = new Promise((resolve) => {
      settle = resolve;
    });
    const done = at.prepare({ start: 5 });
    await vi.waitUntil(() => told.includes('connected'));
    expect(told).not.toContain('REST 5');
    settle();
    expect(await done).toBe(true);
    expect(told.at(-1)).toBe('REST 5');
  });

  it('fails with the rest of the login', async () => {
    session.settled = Promise.reject(lost);
    await expect(at.prepare({ start: 5 })).rejects.toBe(lost);
    expect(told).not.toContain('REST 5');
  });

  it('whose port is doubtful is doubtful itself', async () => {
    at.answers.EPSV = (line) => ({ ...usual(line), odd: true });
    expect(await at.prepare()).toBe(true);
    expect(told).toEqual([sendable, ...opened, 'doubtful']);
  });

  it('that cannot be sent has nothing sent before it', async () => {
    const error = new FtpUsageError('Too long.');
    vi.spyOn(session.channel, 'requireSendable').mockImplementation(() => {
      throw error;
    });
    await expect(at.prepare({ type: 'I' })).rejects.toBe(error);
    expect(told).toEqual([]);
  });

  it('that would destroy a file has nothing sent before it', async () => {
    session.profile = profileOf('Pure-FTPd');
    session.server = { ...session.server, storedUnique: true };
    await expect(at.prepare({ command: command('APPE', '/a') })).rejects.toBeInstanceOf(FtpUsageError);
    expect(told).toEqual([]);
  });
});

describe('REST', () => {
  it('goes on in sequence: no fence may come before its transfer', async () => {
    const request = vi.spyOn(session, 'request');
    await at.prepare({ start: 5 });
    expect(request).toHaveBeenLastCalledWith(expect.objectContaining({ line: 'REST 5' }), { inSequence: true });
  });

  it('refused is the error of the transfer', async () => {
    at.answers.REST = () => ({ reply: reply(502), outcome: 'refusal' });
    await expect(at.prepare({ start: 5 })).rejects.toMatchObject({ command: 'REST 5', reply: { code: 502 } });
  });

  it('answered by an odd reply makes the transfer doubtful', async () => {
    at.answers.REST = () => ({ reply: reply(200), outcome: 'completion', odd: true });
    expect(await at.prepare({ start: 5 })).toBe(true);
    expect(told).toEqual([sendable, ...opened, 'REST 5', 'doubtful']);
  });

  it.each<[number, string]>([
    [0, 'REST 0'],
    [5, 'REST 5'],
  ])('of an earlier transfer is replaced, where this one starts at %i', async (start, line) => {
    session.server = { ...session.server, restartPending: 'in doubt' };
    expect(await at.prepare({ start })).toBe(true);
    expect(told).toEqual([sendable, ...opened, line]);
  });

  it('that the server has granted and keeps costs the session, and the command is not sent', async () => {
    session.server = { ...session.server, restartPending: 'granted' };
    at.answers.REST = () => ({ reply: reply(501), outcome: 'refusal' });
    await expect(at.prepare()).rejects.toMatchObject({ code: 'ERR_FTP_REPLY', command: 'REST 0' });
    expect(session.closedBy).toMatchObject({ command: 'REST 0' });
  });

  it('that was perhaps granted does not hinder this one, though REST 0 is refused', async () => {
    session.server = { ...session.server, restartPending: 'in doubt' };
    at.answers.REST = () => ({ reply: reply(501), outcome: 'refusal' });
    expect(await at.prepare()).toBe(true);
  });
});

describe('a user who leaves', () => {
  const plan = { type: 'I', start: 5 };

  it('before anything was sent has nothing sent, and nothing checked', async () => {
    at.signal.abort();
    expect(await at.prepare(plan)).toBe(false);
    expect(told).toEqual([]);
  });

  it.each([
    ['TYPE', ['TYPE I']],
    ['EPSV', ['TYPE I', 'EPSV']],
    ['REST', ['TYPE I', ...opened, 'REST 5']],
  ])('at %s has nothing more sent', async (verb, sent) => {
    at.leaveAt(verb);
    expect(await at.prepare(plan)).toBe(false);
    expect(told).toEqual([sendable, ...sent]);
  });

  it('at REST 0 does not have the command sent', async () => {
    session.server = { ...session.server, restartPending: 'in doubt' };
    at.leaveAt('REST');
    expect(await at.prepare()).toBe(false);
  });

  it('while the rest of the login comes has nothing more sent', async () => {
    session.settled = Promise.resolve().then(() => at.signal.abort());
    expect(await at.prepare(plan)).toBe(false);
    expect(told).not.toContain('REST 5');
  });
});
