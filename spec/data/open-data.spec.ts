/** Checks the port of a passive data connection, and the commands that ask for it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FinalReply } from '../../lib/control/request.js';
import { FtpConnectionError, FtpProtocolError, FtpTimeoutError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { byEpsv, byPasv, final, HOST, Opening, OVER_PASV, refused } from './support/opening.js';

let at: Opening;
let told: string[];

beforeEach(() => {
  at = new Opening();
  told = at.told;
});

afterEach(() => {
  at.data.close();
});

describe('EPSV', () => {
  it('names the port, at the host of the session', async () => {
    await at.open();
    expect(told).toEqual(['EPSV', `${HOST}:4000`, 'connected']);
    expect([at.data.portIsDoubtful, at.data.toEarlyPort]).toEqual([false, false]);
  });

  it('names the port, at the peer that the connector names', async () => {
    at.session.peer = '192.0.2.9';
    await at.open();
    expect(told).toContain('192.0.2.9:4000');
  });

  it('answered by a 227 names the port alone, whatever is trusted', async () => {
    at.set({ trustPasvHost: true });
    at.answers.EPSV = byPasv;
    await at.open();
    expect(told).toEqual(['EPSV', `${HOST}:5000`, 'connected']);
  });

  it('refused gives way to PASV, for good', async () => {
    at.answers.EPSV = refused;
    await at.open();
    await at.openNext();
    expect(told).toEqual(['EPSV', 'PASV for EPSV', ...OVER_PASV, ...OVER_PASV]);
  });

  it.each<[string, () => void]>([
    ['the user wants EPSV alone', () => at.set({ mode: 'epsv' })],
    ['the server has an IPv6 address', () => at.set({ host: '2001:db8::1' })],
  ])('refused is the error where %s', async (_why, stage) => {
    stage();
    at.answers.EPSV = refused;
    await expect(at.open()).rejects.toMatchObject({ command: 'EPSV', reply: { code: 500 } });
    expect(told).toEqual(['EPSV']);
  });

  it('whose answer is not known gives way to PASV', async () => {
    at.answers.EPSV = new FtpProtocolError('Nonsense.');
    await at.open();
    expect(told).toEqual(['EPSV', 'PASV for EPSV', ...OVER_PASV]);
  });

  it('whose answer is not known is the error where the connection is closed', async () => {
    at.answers.EPSV = at.session.closedBy = new FtpProtocolError('Nonsense.');
    await expect(at.open()).rejects.toBe(at.answers.EPSV);
    expect(told).toEqual(['EPSV']);
  });

  it('that is never answered has done nothing, and is not asked again', async () => {
    at.answers.EPSV = new FtpTimeoutError('Late.', { command: 'EPSV', phase: 'reply', afterMs: 9 });
    const details = { command: 'EPSV', phase: 'reply', afterMs: 9, outcome: 'none', cause: at.answers.EPSV };
    await expect(at.open()).rejects.toMatchObject({ code: 'ERR_FTP_TIMEOUT', message: 'Late.', ...details });
    expect(told).toEqual(['EPSV', 'PASV for EPSV']);
  });

  it('that is never answered stays the way where there is no other', async () => {
    at.set({ mode: 'epsv' });
    at.answers.EPSV = new FtpTimeoutError('Late.', { phase: 'reply', afterMs: 9 });
    await expect(at.open()).rejects.toBe(at.answers.EPSV);
    expect(at.session.learned.lacks('EPSV')).toBe(false);
  });

  it('fails with the connection', async () => {
    at.answers.EPSV = new FtpConnectionError('Lost.', { channel: 'control', phase: 'idle' });
    await expect(at.open()).rejects.toBe(at.answers.EPSV);
    expect(at.session.learned.lacks('EPSV')).toBe(false);
  });
});

describe('PASV', () => {
  beforeEach(() => at.set({ mode: 'pasv' }));

  it('names the port; its host is not trusted', async () => {
    await at.open();
    expect(told).toEqual(OVER_PASV);
  });

  it('names the host too where the user trusts it', async () => {
    at.set({ trustPasvHost: true });
    await at.open();
    expect(told).toEqual(['PASV', '10.0.0.5:5000', 'connected']);
  });

  it('refused is the error', async () => {
    at.answers.PASV = refused;
    await expect(at.open()).rejects.toMatchObject({ command: 'PASV', reply: { code: 500 } });
  });

  it('without a port is an error', async () => {
    at.answers.PASV = final(227, 'Hello.');
    await expect(at.open()).rejects.toBeInstanceOf(FtpProtocolError);
    expect(told).toEqual(['PASV']);
  });

  it('whose port cannot be reached is an error', async () => {
    at.closePorts(5000);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', phase: 'connect' });
    expect(told).toEqual(['PASV', `${HOST}:5000`]);
  });
});

describe('an odd reply', () => {
  it.each([
    ['EPSV', 'passive', byEpsv],
    ['PASV', 'pasv', byPasv],
  ] as const)('to %s may lead on where it names a port, which is doubtful', async (verb, mode, answer) => {
    const request = vi.spyOn(at.session, 'request');
    at.set({ mode });
    at.answers[verb] = { ...answer, odd: true };
    await at.open();
    expect(at.data.portIsDoubtful).toBe(true);
    const [, options] = request.mock.calls[0] as unknown as [unknown, { inSequence: (reply: unknown) => boolean }];
    expect([answer.reply, createReply(200, ['Ok'])].map(options.inSequence)).toEqual([true, false]);
  });
});

describe('a port of EPSV that cannot be reached', () => {
  it('gives way to PASV once, for good', async () => {
    at.closePorts(4000);
    await at.open();
    expect(told).toEqual(['EPSV', `${HOST}:4000`, 'PASV for EPSV', ...OVER_PASV]);
  });

  it('and whose PASV cannot be reached either is an error', async () => {
    at.closePorts(4000, 5000);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', message: expect.stringContaining(':5000') });
    expect(told).toEqual(['EPSV', `${HOST}:4000`, 'PASV for EPSV', 'PASV', `${HOST}:5000`]);
  });

  it('since EPSV was refused is not asked for by PASV twice', async () => {
    at.answers.EPSV = refused;
    at.closePorts(5000);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data' });
    expect(told).toEqual(['EPSV', 'PASV for EPSV', 'PASV', `${HOST}:5000`]);
  });

  it.each([
    { mode: 'epsv' },
    { host: '2001:db8::1' },
  ] as const)('is an error where PASV may not be asked: %o', async (settings) => {
    at.set(settings);
    at.closePorts(4000);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', phase: 'connect' });
    expect([told[0], told.length]).toEqual(['EPSV', 2]);
  });
});

describe('a user who leaves', () => {
  it.each(['EPSV', 'PASV'])('at %s has nothing connected', async (verb) => {
    at.set({ mode: verb === 'PASV' ? 'pasv' : 'passive' });
    at.session.answer = async (line) => {
      at.signal.abort();
      return at.answers[line] as FinalReply;
    };
    await at.open();
    expect(told).toEqual([verb]);
  });

  it('while it is being connected has no other way tried', async () => {
    const cause = new Error('Enough.');
    at.onConnect = () => at.signal.abort(cause);
    await expect(at.open()).rejects.toMatchObject({ channel: 'data', cause });
    expect(told).toEqual(['EPSV', `${HOST}:4000`]);
    expect(at.session.learned.lacks('EPSV')).toBe(false);
  });
});
