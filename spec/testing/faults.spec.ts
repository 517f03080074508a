/** Each fault over bare sockets, and what our client makes of it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { collectBytes, FtpClient, FtpConnectionError, FtpReplyError, FtpTransferError } from '../../lib/index.js';
import { type TestFault, type TestServer, testServer } from '../../lib/testing/index.js';
import { CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { readToEnd } from '../support/raw-client.js';
import { loggedIn } from './support/raw.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const files = { '/a': '0123456789', '/large': 'x'.repeat(300_000) };

afterEach(() => vi.useRealTimers());

describe('a fault of a download', () => {
  it.each<[string, TestFault, string, (number | undefined)[]]>([
    ['is refused', { refuse: 450 }, '', [450]],
    ['is refused by a text of its own', { refuse: 550, text: 'Go away.' }, '', [550]],
    ['is cut', { cut: 'data', afterBytes: 3 }, '012', [150, 426]],
    ['is cut before its first byte', { cut: 'data' }, '', [150, 426]],
    ['is cut at its end', { cut: 'data', afterBytes: 99 }, '0123456789', [150, 426]],
    ['is truncated', { truncate: 4 }, '0123', [150, 226]],
    ['is truncated to nothing', { truncate: 0 }, '', [150, 226]],
    ['loses its session', { cut: 'control', afterBytes: 5 }, '01234', [150, Number.NaN]],
  ])('%s: %j', async (_what, fault, bytes, codes) => {
    await using at = await loggedIn({ files });
    const { client, server } = at;
    server.fail('RETR', fault);
    const data = await client.passive();
    data.on('error', () => {});
    const seen = [Number((await client.send('RETR a'))?.slice(0, 3))];
    if (codes.length > 1) {
      expect((await readToEnd(data)).toString()).toBe(bytes);
      seen.push(await client.code());
    }
    expect(seen).toEqual(codes);
    data.destroy();
  });

  it('is cut when the client has read, also with its timers faked', async () => {
    await using at = await loggedIn({ files });
    vi.useFakeTimers();
    at.server.fail('RETR', { cut: 'data', afterBytes: 250_000 });
    expect((await at.client.download('RETR large')).bytes).toHaveLength(250_000);
  });

  it('resets the data connection', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { reset: 'data' });
    const data = await at.client.passive();
    const received = expect(readToEnd(data)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await at.client.send('RETR large')).toContain('150 ');
    await received;
    expect(await at.client.code()).toBe(426);
  });

  it('resets the data connection after some bytes, as far as the client has read them', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { reset: 'data', afterBytes: 100_000 });
    const data = await at.client.passive();
    let received = 0;
    data.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    // libuv takes a reset right behind a short read for the end of the data.
    data.on('error', () => {});
    const closed = once(data, 'close');
    await at.client.send('RETR large');
    await closed;
    expect(received).toBeLessThanOrEqual(100_000);
    expect(await at.client.code()).toBe(426);
  });

  it('resets the control connection', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { reset: 'control', afterBytes: 100_000 });
    const data = await at.client.passive();
    await at.client.send('RETR large');
    expect((await readToEnd(data)).length).toBeLessThanOrEqual(100_000);
    expect(await at.client.reply()).toBeUndefined();
  });

  it('stalls until ABOR', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { stall: 'data', afterBytes: 2 });
    const data = await at.client.passive();
    const received = readToEnd(data);
    expect(await at.client.send('RETR a')).toContain('150 ');
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.code()).toBe(226);
    expect((await received).toString()).toBe('01');
  });

  it('stalls until the client closes the data connection', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { stall: 'data' });
    const data = await at.client.passive();
    await at.client.send('RETR a');
    data.destroy();
    expect(await at.client.code()).toBe(426);
  });
});

describe('a fault of an upload', () => {
  it.each<[string, TestFault, string | undefined, number[]]>([
    ['is cut', { cut: 'data', afterBytes: 3 }, '012', [150, 426]],
    ['is reset', { reset: 'data', afterBytes: 3 }, '012', [150, 426]],
    ['is truncated', { truncate: 4 }, '0123', [150, 226]],
    ['is truncated to nothing', { truncate: 0 }, '', [150, 226]],
    ['loses its session', { cut: 'control', afterBytes: 5 }, '01234', [150, Number.NaN]],
  ])('%s: %j', async (_what, fault, stored, codes) => {
    await using at = await loggedIn({ files: {} });
    at.server.fail('STOR', fault);
    const replies = await at.client.upload('STOR new', '0123456789');
    const seen = replies.map((reply) => Number(reply?.slice(0, 3)));
    expect(seen).toEqual(codes);
    expect(at.server.files.get('/new')?.text).toBe(stored);
  });

  it('is cut at once, whatever the client does, and with its timers faked', async () => {
    await using at = await loggedIn({ files: {} });
    vi.useFakeTimers();
    at.server.fail('STOR', { cut: 'data', afterBytes: 3 });
    const data = connect({ host: '127.0.0.1', port: await at.client.passivePort(), allowHalfOpen: true });
    data.on('error', () => {});
    expect(await at.client.send('STOR new')).toContain('150 ');
    data.write('0123456789');
    expect(await at.client.code()).toBe(426);
    expect(at.server.files.get('/new')?.text).toBe('012');
    data.destroy();
  });

  it('is refused, and stores nothing', async () => {
    await using at = await loggedIn({ files: {} });
    at.server.fail('STOR', { refuse: 452 });
    const data = await at.client.passive();
    expect(await at.client.send('STOR new')).toContain('452 ');
    expect(await readToEnd(data)).toHaveLength(0);
    expect(at.server.files.size).toBe(0);
  });

  it('stalls until ABOR', async () => {
    await using at = await loggedIn({ files: {} });
    at.server.fail('STOR', { stall: 'data', afterBytes: 2 });
    const data = await at.client.passive();
    data.on('error', () => {});
    await at.client.send('STOR new');
    data.write('0123');
    while (at.server.files.get('/new')?.size !== 2) await nextTurn();
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.code()).toBe(226);
    expect(at.server.files.get('/new')?.text).toBe('01');
    data.destroy();
  });
});

describe('a fault of a plain command', () => {
  it('breaks its reply off', async () => {
    const faults: readonly TestFault[] = [
      { cut: 'control', afterBytes: 5 },
      { reset: 'control', afterBytes: 5 },
    ];
    for (const fault of faults) {
      await using at = await loggedIn({ files });
      at.server.fail('PWD', fault);
      expect(await at.client.send('PWD')).toBeUndefined();
      if ('cut' in fault) expect(at.client.chunks.at(-1)).toBe('257 "');
    }
  });

  it('leaves it without a reply', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('PWD', { stall: 'control' });
    at.client.write('PWD\r\nNOOP\r\n');
    while (at.server.commands.at(-1) !== 'NOOP') await nextTurn();
    expect(at.client.chunks.at(-1)).toContain('200 The type is I');
  });

  it('delays it', async () => {
    await using at = await loggedIn({ files });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    at.server.fail('PWD', { delayMs: 60_000 });
    const reply = at.client.send('PWD');
    while (vi.getTimerCount() === 0) await nextTurn();
    vi.advanceTimersByTime(60_000);
    expect(await reply).toContain('257 ');
  });

  it('that waits leaves no timer when the session ends', async () => {
    const at = await loggedIn({ files });
    at.server.fail('PWD', { delayMs: 60_000 });
    at.client.write('PWD\r\n');
    while (at.server.commands.at(-1) !== 'PWD') await nextTurn();
    await at[Symbol.asyncDispose]();
  });

  it('is not done after its delay where the client has left', async () => {
    await using at = await loggedIn({ files });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    at.server.fail('DELE', { delayMs: 60_000 });
    at.client.write('DELE a\r\n');
    while (vi.getTimerCount() === 0) await nextTurn();
    at.client.socket.destroy();
    while (vi.getTimerCount() > 0) await nextTurn();
    await nextTurn();
    expect(at.server.files.has('/a')).toBe(true);
  });

  it('hits the next one alone, or as many as were asked for', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('PWD', { refuse: 450 });
    at.server.fail('pwd', { refuse: 550 });
    const codes = [];
    for (const command of ['NOOP', 'PWD', 'PWD', 'PWD'])
      codes.push(Number((await at.client.send(command))?.slice(0, 3)));
    expect(codes).toEqual([200, 450, 550, 257]);
  });

  it.each<[string, TestFault, (server: TestServer) => void]>([
    ['RETR nope', { cut: 'control', afterBytes: 3 }, () => {}],
    ['RETR a', { cut: 'control', afterBytes: 3 }, () => {}],
    ['RETR', { reset: 'control' }, () => {}],
    ['LIST nope', { cut: 'control' }, () => {}],
    ['STOR a', { cut: 'control' }, (server) => void server.on('STOR', () => '550 No.')],
  ])('breaks the reply of %s off, which has no transfer: %j', async (command, fault, prepare) => {
    await using at = await loggedIn({ files });
    prepare(at.server);
    at.server.fail(command.slice(0, 4), fault);
    const before = at.client.chunks.length;
    expect(await at.client.send(command)).toBeUndefined();
    expect(at.client.chunks.slice(before).join('')).toHaveLength('afterBytes' in fault ? 3 : 0);
  });

  it('is used up by a handler that throws', async () => {
    const at = await loggedIn({ files });
    const takeAway = at.server.on('RETR', () => {
      throw new Error('of the test');
    });
    at.server.fail('RETR', { cut: 'data' });
    expect(await at.client.send('RETR a')).toContain('451 ');
    takeAway();
    expect((await at.client.download('RETR a')).replies[1]).toContain('226 ');
    await expect(at[Symbol.asyncDispose]()).rejects.toThrow('of the test');
  });

  it('is used up by a transfer that was refused before its data', async () => {
    await using at = await loggedIn({ files });
    at.server.fail('RETR', { cut: 'data' });
    expect(await at.client.send('RETR nope')).toContain('550 ');
    expect((await at.client.download('RETR a')).replies[1]).toContain('226 ');
  });
});

describe('a fault for our client', () => {
  it.each<[string, TestFault, object]>([
    ['refused for now', { refuse: 450 }, { constructor: FtpReplyError, transient: true, outcome: 'refused' }],
    ['a cut data connection', { cut: 'data', afterBytes: 3 }, { constructor: FtpTransferError, bytes: 3 }],
    ['a truncated file', { truncate: 3 }, { constructor: FtpTransferError, bytes: 3 }],
    ['a lost session', { cut: 'control', afterBytes: 3 }, { constructor: FtpConnectionError, phase: 'transfer' }],
  ])('is an error that says so: %s', async (_what, fault, expected) => {
    await using server = await testServer({ files });
    await using ftp = new FtpClient(server.options);
    server.fail('RETR', fault);
    expect(await observe(ftp.retr$('/a').pipe(collectBytes())).failed).toMatchObject(expected);
    expect(Buffer.from(await lastValueFrom(ftp.retr$('/a').pipe(collectBytes()))).toString()).toBe('0123456789');
  });

  it.each<TestFault>([
    { cut: 'data', afterBytes: 2 },
    { reset: 'data', afterBytes: 2 },
    { cut: 'control', afterBytes: 2 },
    { reset: 'control' },
    { reset: 'control', afterBytes: 6 },
  ])('is the error of an upload, and of nothing else: %j', async (fault) => {
    await using server = await testServer({ files });
    await using ftp = new FtpClient(server.options);
    for (let round = 0; round < 10; round += 1) {
      server.fail('STOR', fault);
      const expected = Object.values(fault).includes('data') ? FtpTransferError : FtpConnectionError;
      expect(await observe(ftp.stor$('/new', 'abcdef')).failed).toBeInstanceOf(expected);
    }
    await lastValueFrom(ftp.stor$('/new', 'abcdef'));
    expect(server.files.get('/new')?.text).toBe('abcdef');
  });

  it.each([
    'explicit',
    'implicit',
  ] as const)('is the error of an upload under TLS, and of nothing else (%s)', async (mode) => {
    const pair = await (await CertificateAuthority.create()).issue();
    await using server = await testServer({ files, secure: { mode, ...pair } });
    await using ftp = new FtpClient(server.options);
    for (let round = 0; round < 10; round += 1) {
      server.fail('STOR', { cut: 'data' });
      expect(await observe(ftp.stor$('/new', new Uint8Array(1_000_000))).failed).toBeInstanceOf(FtpTransferError);
    }
  });

  it('can hit the login', async () => {
    await using server = await testServer({ files });
    server.fail('PASS', { refuse: 530, text: 'Login incorrect.' });
    await using ftp = new FtpClient(server.options);
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ command: 'PASS ***', reply: { code: 530 } });
  });

  it('can be a stall that the client breaks off', async () => {
    await using server = await testServer({ files });
    await using ftp = new FtpClient({ ...server.options, stallTimeoutMs: 250 });
    server.fail('RETR', { stall: 'data', afterBytes: 2 });
    expect(await observe(ftp.retr$('/a')).failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', bytes: 2 });
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    expect(server.commands.filter((command) => command.startsWith('USER'))).toHaveLength(1);
  });
});

describe('what is no fault', () => {
  it('does not compile', () => {
    expectTypeOf<{ cut: 'data'; afterBytes: number; truncate?: undefined }>().toExtend<TestFault>();
    expectTypeOf<{ cut: 'data'; truncate: number }>().not.toExtend<TestFault>();
    expectTypeOf<{ cut: 'data'; reset: 'data' }>().not.toExtend<TestFault>();
    expectTypeOf<{ refuse: number; delayMs: number }>().not.toExtend<TestFault>();
    expectTypeOf<{ refuse: number; afterBytes: number }>().not.toExtend<TestFault>();
    expectTypeOf<{ truncate: number; afterBytes: number }>().not.toExtend<TestFault>();
    expectTypeOf<object>().not.toExtend<TestFault>();
  });

  it.each<[string, unknown, RegExp]>([
    ['RETR', undefined, /exactly one of refuse, delayMs, cut, reset, stall, truncate/],
    ['RETR', 'cut', /exactly one of/],
    ['RETR', {}, /exactly one of/],
    ['RETR', { cut: 'data', truncate: 1 }, /exactly one of/],
    ['RETR', { cut: 'dat' }, /\{ cut: 'data' \} or \{ cut: 'control' \}/],
    ['RETR', { cut: 'data', after: 1 }, /no after beside cut/],
    ['RETR', { cut: 'data', afterBytes: -1 }, /a whole number from 0 as afterBytes/],
    ['RETR', { truncate: 1.5 }, /a whole number from 0 as truncate/],
    ['RETR', { truncate: 1, afterBytes: 1 }, /no afterBytes beside truncate/],
    ['RETR', { delayMs: Number.NaN }, /a whole number from 0 as delayMs/],
    ['RETR', { delayMs: 2 ** 31 }, /a delayMs below 2147483648/],
    ['RETR', { refuse: 226 }, /a code from 400 to 599/],
    ['RETR', { refuse: 550, text: 'a\r\n226 b' }, /a text of one line/],
    ['PWD', { truncate: 1 }, /PWD has no data connection/],
    ['PWD', { stall: 'data' }, /PWD has no data connection/],
    ['RETT', { delayMs: 1 }, /"RETT" is no verb of the test server: did you mean RETR\?/],
    ['GET', { delayMs: 1 }, /"GET" is no FTP verb: did you mean RETR\?/],
    ['', { delayMs: 1 }, /is no FTP verb/],
  ])('is refused: %s, %j', async (verb, how, message) => {
    await using server = await testServer();
    expect(() => server.fail(verb, how as TestFault)).toThrow(message);
    expect(() => server.fail(verb, how as TestFault)).toThrow(expect.objectContaining({ code: 'ERR_FTP_USAGE' }));
  });
});
