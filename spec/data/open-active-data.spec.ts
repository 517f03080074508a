/** A data connection that the server makes: who may, and how the port is offered. */
import dns from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpConnectionError } from '../../lib/errors.js';
import { final, Opening, refused } from './support/opening.js';

const done = final(200, 'Done.');
const LOCAL = '127.0.0.1';

let at: Opening;

beforeEach(() => {
  at = new Opening();
  at.set({ mode: 'active', activePeer: 'same', host: LOCAL, family: 0 });
  Object.assign(at.answers, { EPRT: done, PORT: done });
});

afterEach(() => {
  vi.restoreAllMocks();
  at.data.close();
});

/** The commands, without their port. */
const offers = () => at.told.map((line) => line.replace(/^EPRT (.*)\|\d+\|$/, 'EPRT $1').replace(/(,\d+){2}$/, ''));

/** The port that EPRT has offered. */
const port = () => Number(at.told[0]?.split('|')[3]);

/** Who connects from this address gets through, or is dropped. */
async function comesFrom(localAddress: string): Promise<boolean> {
  const socket = connect({ host: LOCAL, port: port(), localAddress });
  socket.on('error', () => undefined);
  const dropped = once(socket, 'close').then(() => false);
  const accepted = new Promise<boolean>((resolve) => {
    at.onConnected = () => resolve(true);
  });
  const through = await Promise.race([dropped, accepted]);
  socket.destroy();
  return through;
}

describe('EPRT', () => {
  it('offers a port at the address of the control connection', async () => {
    await at.open();
    expect([offers(), at.data.connected, at.data.portIsDoubtful]).toEqual([[`EPRT |1|${LOCAL}`], false, false]);
  });

  it('names an IPv4 address as one, and so does PORT, though the socket is of IPv6', async () => {
    Object.assign(at.session.channel.transport, { localAddress: `::ffff:${LOCAL}` });
    at.answers.EPRT = refused;
    await at.open();
    expect(offers()).toEqual([`EPRT |1|${LOCAL}`, 'PORT for EPRT', 'PORT 127,0,0,1']);
  });

  it('names the address that the user gives', async () => {
    at.set({ activeAddress: '192.0.2.77' });
    await at.open();
    expect(offers()).toEqual(['EPRT |1|192.0.2.77']);
  });

  it('refused gives way to PORT, for good', async () => {
    at.answers.EPRT = refused;
    await at.open();
    await at.openNext();
    expect(offers()).toEqual([`EPRT |1|${LOCAL}`, 'PORT for EPRT', 'PORT 127,0,0,1', 'PORT 127,0,0,1']);
  });

  it('refused is the error over IPv6, which PORT cannot name', async () => {
    at.set({ activeAddress: '2001:db8::1' });
    at.answers.EPRT = refused;
    await expect(at.open()).rejects.toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 500 } });
    expect(offers()).toEqual(['EPRT |2|2001:db8::1']);
  });

  it('is the error where PORT is refused too', async () => {
    at.answers.EPRT = refused;
    at.answers.PORT = final(502, 'Neither.', 'refusal');
    await expect(at.open()).rejects.toMatchObject({ reply: { code: 502 } });
  });
});

describe('an odd reply', () => {
  it.each([
    ['EPRT', done],
    ['PORT', refused],
  ])('to %s leads on to a port that is doubtful', async (verb, toEprt) => {
    const request = vi.spyOn(at.session, 'request');
    at.answers.EPRT = toEprt;
    at.answers[verb] = { ...done, odd: true };
    await at.open();
    expect(at.data.portIsDoubtful).toBe(true);
    expect(request).toHaveBeenLastCalledWith(expect.objectContaining({ verb }), { inSequence: true });
  });
});

describe('the listener', () => {
  it('takes the connection of the server', async () => {
    await at.open();
    expect(await comesFrom(LOCAL)).toBe(true);
  });

  it('takes that of the peer that the connector names, and no other', async () => {
    at.session.peer = '127.0.0.2';
    await at.open();
    expect(await comesFrom(LOCAL)).toBe(false);
    expect(await comesFrom('127.0.0.2')).toBe(true);
  });

  it('takes that of each address which the name of the server has', async () => {
    at.set({ host: 'localhost', family: 4 });
    await at.open();
    expect(await comesFrom('127.0.0.2')).toBe(false);
    expect(await comesFrom(LOCAL)).toBe(true);
  });

  it("asks for the name's addresses in the family that is wanted", async () => {
    const lookup = vi.spyOn(dns, 'lookup');
    at.set({ host: 'localhost', family: 4 });
    await at.open();
    expect(lookup).toHaveBeenCalledWith('localhost', { family: 4, all: true });
  });

  it('takes that of anybody where the user says so', async () => {
    at.set({ activePeer: 'any' });
    await at.open();
    expect(await comesFrom('127.0.0.2')).toBe(true);
  });

  it('is not there where it cannot listen, of which the error says why', async () => {
    Object.assign(at.session.channel.transport, { localAddress: '192.0.2.1' });
    const error = await at.open().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', outcome: 'none', cause: { code: 'EADDRNOTAVAIL' } });
    expect([String(error).includes('Cannot listen on 192.0.2.1'), at.told]).toEqual([true, []]);
  });

  it('is not there where nobody knows who may connect', async () => {
    at.set({ host: 'no such name' });
    const error = await at.open().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', outcome: 'none', cause: { syscall: 'getaddrinfo' } });
    expect([String(error).includes("set activePeer: 'any'"), at.told]).toEqual([true, []]);
  });
});

describe('the name of the server', () => {
  it('is looked up no longer than connectTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    at.set({ host: 'localhost' });
    const failed = at.open().catch((error: unknown) => error);
    vi.advanceTimersByTime(20_000);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'connect', cause: { ms: 20_000 } });
    expect(at.told).toEqual([]);
  });
});

describe('a user who leaves', () => {
  it('before it listens has no port offered', async () => {
    at.signal.abort();
    await at.open();
    expect(at.told).toEqual([]);
  });

  it('while the name of the server is looked up has no port offered', async () => {
    const cause = new Error('Enough.');
    at.set({ host: 'localhost' });
    const opened = at.open();
    at.signal.abort(cause);
    await expect(opened).rejects.toMatchObject({ code: 'ERR_FTP_CONNECTION', cause });
    expect(at.told).toEqual([]);
  });
});
