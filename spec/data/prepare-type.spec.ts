/** TYPE and the data connection: one after the other, or at once where the server takes that. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpProtocolError, FtpReplyError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { Preparing, usual } from './support/preparing.js';

const refusal = new FtpReplyError('TYPE A was refused.', { command: 'TYPE A', reply: createReply(504, ['No.']) });
const sendable = 'sendable RETR /a';
const plan = { type: 'A' };

let at: Preparing;

/** A server that takes several commands at once. */
function takesMany(): void {
  at.session.profile = profileOf('vsFTPd');
}

/** Holds the answer to `verb` back until it is called. */
function hold(verb: string): () => void {
  let answer = (): void => {};
  at.answers[verb] = (line) =>
    new Promise((resolve) => {
      answer = () => resolve(usual(line));
    });
  return () => answer();
}

const refuse = (error: unknown) => (): Promise<FinalReply> => Promise.reject(error);

beforeEach(() => {
  at = new Preparing();
});

describe('TYPE', () => {
  it('is answered before a port is asked for', async () => {
    const answer = hold('TYPE');
    const done = at.prepare(plan);
    await Promise.resolve();
    expect(at.told).toEqual([sendable, 'TYPE A']);
    answer();
    expect(await done).toBe(true);
    expect(at.told).toEqual([sendable, 'TYPE A', 'EPSV', 'connected']);
  });

  it('is not waited for where the server takes both at once, but by the transfer', async () => {
    takesMany();
    const answer = hold('TYPE');
    let prepared = false;
    const done = at.prepare(plan).finally(() => {
      prepared = true;
    });
    await vi.waitUntil(() => at.told.includes('connected'));
    expect([at.told, prepared]).toEqual([[sendable, 'TYPE A', 'EPSV', 'connected'], false]);
    answer();
    expect(await done).toBe(true);
  });

  it('refused has no port asked for', async () => {
    at.answers.TYPE = refuse(refusal);
    await expect(at.prepare(plan)).rejects.toBe(refusal);
    expect(at.told).toEqual([sendable, 'TYPE A']);
  });

  it('refused beside EPSV is the error, when both are over', async () => {
    takesMany();
    at.answers.TYPE = refuse(refusal);
    const answer = hold('EPSV');
    let over = false;
    const failed = at.prepare(plan).catch((error: unknown) => {
      over = true;
      return error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    answer();
    expect(await failed).toBe(refusal);
    expect(at.told).toEqual([sendable, 'TYPE A', 'EPSV', 'connected']);
  });

  it('refused beside EPSV that fails too is the error', async () => {
    takesMany();
    at.answers.TYPE = refuse(refusal);
    at.answers.EPSV = refuse(new Error('lost'));
    await expect(at.prepare(plan)).rejects.toBe(refusal);
  });

  it('accepted does not hide the error of EPSV beside it', async () => {
    const error = new Error('lost');
    takesMany();
    at.answers.EPSV = refuse(error);
    await expect(at.prepare(plan)).rejects.toBe(error);
  });
});

describe('a transfer that can do with any type', () => {
  const anyPlan = { ...plan, anyTypeWillDo: true };

  it('goes on when TYPE is refused, which is remembered', async () => {
    at.answers.TYPE = refuse(refusal);
    expect(await at.prepare(anyPlan)).toBe(true);
    expect(at.told).toEqual([sendable, 'TYPE A', 'the type that is set for TYPE A', 'EPSV', 'connected']);
    expect(at.session.learned.lacks('TYPE A')).toBe(true);
  });

  it('fails when it is not known what came of TYPE', async () => {
    const error = new FtpProtocolError('Nonsense.');
    at.answers.TYPE = refuse(error);
    await expect(at.prepare(anyPlan)).rejects.toBe(error);
    expect(at.session.learned.lacks('TYPE A')).toBe(false);
  });
});

describe('a user who leaves', () => {
  it('at TYPE has no port asked for', async () => {
    at.leaveAt('TYPE');
    expect(await at.prepare(plan)).toBe(false);
    expect(at.told).toEqual([sendable, 'TYPE A']);
  });

  it('at TYPE beside EPSV is not sent the command', async () => {
    takesMany();
    at.leaveAt('TYPE');
    expect(await at.prepare({ ...plan, start: 5 })).toBe(false);
    expect(at.told).not.toContain('REST 5');
  });
});
