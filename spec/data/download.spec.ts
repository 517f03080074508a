import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpReplyError, FtpTransferError } from '../../lib/errors.js';
import { type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import type { Handler, ScriptedServer, Session } from '../support/scripted-server.js';
import { arrived, failedFetch, fetch } from './support/fetch.js';

const content = '0123456789';
const files = { '/a': content, '/text': 'one\ntwo\nthree\n', '/dir/f': '' };

/** A session on a server whose RETR does as `script` says. */
function retrieving(script: (session: Session) => Promise<unknown>): Promise<Connected> {
  return connected({ files }, {}, (server) => server.once('RETR', script));
}

/** The session is in step: commands get their own answers, and a download is whole. */
async function expectInStep(at: Connected): Promise<void> {
  expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  expect(await fetch(at, '/a')).toBe(content);
  expect(at.status).toBe('idle');
}

describe('what comes before the transfer', () => {
  it('is TYPE only where it is not set', async () => {
    await using at = await connected({ files });
    await fetch(at, '/a');
    await fetch(at, '/a');
    await fetch(at, '/text', { type: 'ascii' });
    await lastValueFrom(at.ftp.list$());
    await lastValueFrom(at.ftp.mlsd$());
    await fetch(at, '/a');
    const steps = ['TYPE I', 'RETR /a', 'RETR /a', 'TYPE A', 'RETR /text', 'LIST', 'MLSD', 'TYPE I', 'RETR /a'];
    expect(at.commands.filter((line) => line !== 'EPSV')).toEqual(steps);
  });

  it('is REST, directly', async () => {
    await using at = await connected({ files });
    expect(await fetch(at, '/a', { start: 4 })).toBe('456789');
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'REST 4', 'RETR /a']);
    expect(await fetch(at, '/a')).toBe(content);
    expect(at.commands.slice(4)).toEqual(['EPSV', 'RETR /a']);
  });

  it('takes a REST back that a failed transfer may have left behind', async () => {
    await using at = await connected({ files }, {}, (server) =>
      server.once('RETR', (session) => session.reply('550 No.')),
    );
    await failedFetch(at, '/a', { start: 4 });
    expect(await fetch(at, '/a')).toBe(content);
    expect(at.commands.slice(4)).toEqual(['SIZE /a', 'EPSV', 'REST 0', 'RETR /a']);
  });

  it('may be refused: nothing is transferred, and the session goes on', async () => {
    await using at = await connected({ files }, {}, (server) => {
      server.once('REST', (session) => session.reply('502 No REST here.'));
    });
    const { error, text } = await failedFetch(at, '/a', { start: 4 });
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'REST 4', reply: { code: 502 } });
    expect([text, at.commands.includes('RETR /a')]).toEqual(['', false]);
    await expectInStep(at);
    await at.server.event('data-closed');
  });

  it.each(['TYPE', 'EPSV'])('breaks the transfer off when the connection is lost during %s', async (verb) => {
    await using at = await connected({ files }, {}, (server) =>
      server.on(verb, (session) => session.closeControl('rst')),
    );
    expect((await failedFetch(at, '/a')).error).toBeInstanceOf(FtpConnectionError);
    expect(at.status).toBe('closed');
  });
});

describe('the order of data and replies', () => {
  const orders: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
    '150, data, 226': async (session) => {
      await session.reply('150 Here.');
      await session.sendData(content);
      await session.reply('226 Done.');
    },
    '150, 226 and then the data': async (session) => {
      await session.reply('150 Here.', '226 Done.');
      await session.sendData(content);
    },
    '226 without 150, after the data': async (session) => {
      await session.sendData(content);
      await session.reply('226 Done.');
    },
    '226 without 150, before the data': async (session) => {
      await session.reply('226 Done.');
      await session.sendData(content);
    },
    'data before 150 and 226': async (session) => {
      await session.sendData(content);
      await session.reply('150 Here.', '226 Done.');
    },
    '125 instead of 150': async (session) => {
      await session.reply('125 Already open.');
      await session.sendData(content);
      await session.reply('226 Done.');
    },
    '250 instead of 226': async (session) => {
      await session.reply('150 Here.');
      await session.sendData(content);
      await session.reply('250 Done.');
    },
    'FIN on the control connection right after 226': async (session) => {
      await session.reply('150 Here.');
      await session.sendData(content);
      await session.reply('226 Done.');
      await session.closeControl('fin');
    },
  };

  it.each(Object.entries(orders))('%s is a whole download', async (_order, script) => {
    await using at = await retrieving(script);
    expect(await fetch(at, '/a')).toBe(content);
  });

  it('does not let the download complete before the final reply', async () => {
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.');
      await session.sendData(content);
    });
    const download = observe(at.ftp.retr$('/a'));
    // The client's half closes once it has seen the end of the data.
    await at.server.event('data-closed');
    expect(download.end).toBeUndefined();
    await at.server.sessions[0]?.reply('226 Done.');
    expect(await download.ended).toBe('complete');
  });

  it('does not let the download complete before the end of the data', async () => {
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.', '226 Done.');
      await session.sendData(content, { end: 'open' });
    });
    const final = firstValueFrom(at.ftp.reply$.pipe(filter(({ code }) => code === 226)));
    const download = observe(at.ftp.retr$('/a'));
    await Promise.all([final, arrived(download, content.length)]);
    expect(download.end).toBeUndefined();
    await at.server.sessions[0]?.sendData('x');
    expect(await download.ended).toBe('complete');
    expect(Buffer.concat(download.values).toString()).toBe(`${content}x`);
  });
});

describe('a transfer that fails', () => {
  const refusals: readonly [string, string][] = [
    ['550 No such file.', 'RETR /a was refused: 550'],
    ['425 No data connection.', 'RETR /a was refused: 425'],
    ['450 Busy.', 'RETR /a was refused: 450'],
  ];
  it.each(refusals)('before it began is a refusal: %s', async (reply, message) => {
    await using at = await retrieving((session) => session.reply(reply));
    const { error, text } = await failedFetch(at, '/a');
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(String(error)).toContain(message);
    expect(text).toBe('');
    await expectInStep(at);
  });

  /** A download whose server has said 150 and sent four bytes, which have arrived; what comes next is up to the spec. */
  async function begun(end: 'fin' | 'open', opening = '150 Here.') {
    const at = await retrieving(async (session) => {
      await session.reply(opening);
      await session.sendData('0123', { end });
    });
    const [session] = at.server.sessions;
    if (session === undefined) throw new Error('nobody is connected');
    const download = observe(at.ftp.retr$('/a'));
    await arrived(download, 4);
    // The client ends its half when it has seen the end of the data.
    if (end === 'fin') await at.server.event('data-closed');
    return { at, session, download, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
  }

  it.each([
    ['426 Broken.', 'fin'],
    ['451 Read error.', 'open'],
    ['551 Page type unknown.', 'fin'],
    ['552 Quota.', 'open'],
    // Pure-FTPd's final reply of a broken RETR.
    ['150 0.205 seconds (measured here), 18.29 Mbytes per second', 'fin'],
  ] as const)('after 150 carries the bytes and the reply: %s (data: %s)', async (reply, end) => {
    await using it = await begun(end);
    await it.session.reply(reply);
    const error = await it.download.failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: 4, command: 'RETR /a', reply: { code: Number(reply.slice(0, 3)) } });
    await expectInStep(it.at);
  });

  it('by a reset waits for what the server says of it', async () => {
    await using it = await begun('open');
    it.session.link?.reset();
    await it.at.server.event('data-closed');
    await it.session.reply('426 The disk went away.');
    const error = await it.download.failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: 4, reply: { code: 426 } });
    expect(it.at.commands).not.toContain('ABOR');
    await expectInStep(it.at);
  });

  it('by a reset is no success, whatever the server says', async () => {
    await using it = await begun('open');
    it.session.link?.reset();
    await it.at.server.event('data-closed');
    await it.session.reply('226 Transfer complete.');
    expect(await it.download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 4, reply: { code: 226 } });
    await expectInStep(it.at);
  });

  it('by a reset of which the server says nothing is brought into step', async () => {
    await using it = await begun('open');
    it.session.link?.reset();
    expect(await it.download.failed).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
      bytes: 4,
      reply: undefined,
      cause: { code: 'ECONNRESET' },
    });
    expect(it.at.commands.slice(-2)).toEqual(['ABOR', 'PWD']);
    await expectInStep(it.at);
  });

  it.each([
    '150 Here.',
    '125 Here.',
  ])('by the loss of the control connection carries the bytes (%s)', async (opening) => {
    await using it = await begun('open', opening);
    await it.session.closeControl('rst');
    const error = await it.download.failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'transfer', bytes: 4, command: 'RETR /a' });
    expect(it.at.status).toBe('closed');
  });

  it('by the loss of the control connection is no success, though all data has come', async () => {
    await using it = await begun('fin');
    await it.session.closeControl('fin');
    expect(await it.download.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', bytes: 4 });
  });

  it('by 421 carries the bytes and the reply', async () => {
    await using it = await begun('open');
    await it.session.reply('421 Shutting down.');
    expect(await it.download.failed).toMatchObject({
      code: 'ERR_FTP_CONNECTION',
      phase: 'transfer',
      bytes: 4,
      reply: { code: 421 },
    });
  });

  it.each([
    '331 Password?',
    '350 Go on.',
  ])('by a 3yz is an error, when a fence has shown that nothing else came: %s', async (reply) => {
    await using it = await begun('fin');
    await it.session.reply(reply);
    expect(await it.download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 4 });
    expect(it.at.commands.slice(-2)).toEqual(['NOOP', 'PWD']);
    await expectInStep(it.at);
  });
});

describe('an odd final reply', () => {
  it.each([
    '257 "/"',
    '200 Ok.',
    '225 No transfer.',
    '220 Hello.',
  ])('of its class completes a transfer whose data has ended, by a fence the first time alone: %s', async (reply) => {
    await using at = await connected({ files }, {}, (server) =>
      server.on('RETR', async (session) => {
        await session.reply('150 Here.');
        await session.sendData('0123');
        await session.reply(reply);
      }),
    );
    for (const fence of [['NOOP', 'PWD'], []]) {
      const before = at.commands.length;
      expect(await fetch(at, '/a')).toBe('0123');
      expect(at.commands.slice(before).filter((line) => !/^(TYPE|EPSV|RETR)/.test(line))).toEqual(fence);
    }
    expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  });

  it.each(['200 Ok.', '150 Again.'])('before the data has ended is waited through: %s', async (reply) => {
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('01', { end: 'open' });
      await session.reply(reply);
      await session.sendData('23');
      await session.reply('226 Done.');
    });
    expect(await fetch(at, '/a')).toBe('0123');
    await expectInStep(at);
  });

  it('without any data is an error soon, and the session goes on', async () => {
    await using at = await retrieving((session) => session.reply('200 Ok.'));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({
      code: 'ERR_FTP_PROTOCOL',
      outcome: 'unknown',
      reply: { code: 200 },
    });
    await expectInStep(at);
  });
});

describe('the byte count', () => {
  const sends =
    (opening: string, bytes: string): Handler =>
    async (session) => {
      session.state.restart = 0;
      await session.reply(opening);
      await session.sendData(bytes);
      await session.reply('226 Transfer complete.');
    };
  const sized = (opening: string, bytes: string, more?: (server: ScriptedServer) => void): Promise<Connected> =>
    connected({ files }, {}, (server) => {
      server.once('RETR', sends(opening, bytes));
      more?.(server);
    });
  const announcing = '150 Opening BINARY mode data connection for a (10 bytes).';

  it.each([
    ['less', '0123', 'was truncated: 4 bytes came where 10'],
    ['nothing', '', 'was truncated: 0 bytes came where 10'],
    ['more', `${content}x`, 'is longer than announced: 11 bytes came where 10'],
  ])('must be the size that 150 names: %s is an error, though the server says 226', async (_what, bytes, message) => {
    await using at = await sized(announcing, bytes);
    const { error, text } = await failedFetch(at, '/a');
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: bytes.length, reply: { code: 226 } });
    expect(String(error)).toContain(message);
    expect(text).toBe(bytes);
    await expectInStep(at);
  });

  it.each([
    ['the remainder', '(6 bytes)'],
    ['the whole file', '(10 bytes)'],
  ])('after REST may be that of %s', async (_what, size) => {
    await using at = await sized(`150 Opening BINARY mode data connection for a ${size}.`, '456789');
    expect(await fetch(at, '/a', { start: 4 })).toBe('456789');
  });

  it('after REST that is neither is an error', async () => {
    await using at = await sized('150 Opening BINARY mode data connection for a (10 bytes).', content);
    const { error } = await failedFetch(at, '/a', { start: 4, size: 10 });
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 10 });
  });

  it.each([0, 4])('must be the size that is given (start %i)', async (start) => {
    await using at = await sized('150 Here.', '0123');
    const { error } = await failedFetch(at, '/a', { size: 10, start });
    expect(String(error)).toContain(`4 bytes came where ${10 - start} were expected`);
    expect(await fetch(at, '/a', { size: 10 })).toBe(content);
  });

  it("must be SIZE's where that is asked for", async () => {
    await using at = await sized('150 Here.', '0123');
    const { error } = await failedFetch(at, '/a', { verify: 'size' });
    expect(String(error)).toContain('4 bytes came where 10 were expected');
    expect(at.commands).toEqual(['TYPE I', 'SIZE /a', 'EPSV', 'RETR /a']);
    expect(await fetch(at, '/a', { verify: 'size' })).toBe(content);
  });

  it('is not held against a SIZE that the server refuses', async () => {
    await using at = await sized('150 Here.', '0123', (server) => server.answer('SIZE', '550 No.'));
    expect(await fetch(at, '/a', { verify: 'size' })).toBe('0123');
  });

  it.each([
    ['unknown', '150 Here.', {}],
    ['not to be checked', announcing, { verify: false }],
    ["that of ASCII, which is not the file's", announcing, { type: 'ascii' }],
  ] as const)('is taken as it comes where the size is %s', async (_what, opening, options) => {
    await using at = await sized(opening, '0123');
    expect(await fetch(at, '/a', options)).toBe('0123');
  });

  it('refuses a start beyond the size that is given, with nothing sent', async () => {
    await using at = await connected({ files });
    const { error } = await failedFetch(at, '/a', { start: 11, size: 10, verify: 'size' });
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining('option size (10)') });
    expect(at.commands).toEqual([]);
    expect(await fetch(at, '/a', { start: 10, size: 10 })).toBe('');
  });

  it("refuses a start beyond SIZE's, with nothing more sent", async () => {
    await using at = await connected({ files });
    const { error } = await failedFetch(at, '/a', { start: 11, verify: 'size' });
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(at.commands).toEqual(['TYPE I', 'SIZE /a']);
  });
});

describe('the option end', () => {
  it.each([
    [{ end: 4 }, '0123'],
    [{ start: 2, end: 4 }, '23'],
    [{ start: 2, end: 4, size: 10 }, '23'],
    [{ end: 9 }, '012345678'],
  ])('%j stops there, and the session is in step', async (options, expected) => {
    await using at = await connected({ files });
    expect(await fetch(at, '/a', options)).toBe(expected);
    await expectInStep(at);
  });

  it.each([
    [{ end: 10 }, content],
    [{ end: 10, size: 10 }, content],
    [{ end: 11, size: 10 }, content],
    [{ end: 10, verify: 'size' as const }, content],
  ])('%j is the whole file', async (options, expected) => {
    await using at = await connected({ files });
    expect(await fetch(at, '/a', options)).toBe(expected);
    await expectInStep(at);
  });

  it('stops an endless transfer with ABOR', async () => {
    function* endless(): Generator<Uint8Array> {
      for (;;) yield Buffer.alloc(1_000, 'x');
    }
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('', { chunks: endless() });
      await session.reply('426 Broken off.');
    });
    expect(await fetch(at, '/a', { end: 12_345 })).toBe('x'.repeat(12_345));
    expect(at.commands).toContain('ABOR');
    await expectInStep(at);
  });

  it('does not make an error out of a file that is shorter', async () => {
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('0123');
      await session.reply('226 Done.');
    });
    expect(await fetch(at, '/a', { end: 6 })).toBe('0123');
  });
});

describe('the ASCII type', () => {
  it.each(['whole', 'bytes'] as const)('gives local line ends (%s)', async (chunking) => {
    await using at = await connected({ files, chunking });
    expect(await fetch(at, '/text', { type: 'ascii' })).toBe('one\ntwo\nthree\n');
    expect(await lastValueFrom(at.ftp.retrLines$('/text').pipe(toArray()))).toEqual(['one', 'two', 'three']);
    expect(at.commands).toContain('TYPE A');
  });

  it('keeps a carriage return that is none of a line end, also at the very end', async () => {
    await using at = await retrieving(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('a\rb\r\nc\r');
      await session.reply('226 Done.');
    });
    expect(await fetch(at, '/text', { type: 'ascii' })).toBe('a\rb\nc\r');
  });
});
