/** `retr$` with a `start` below 0: the last bytes of a file. */
import { describe, expect, it } from 'vitest';
import {
  collectBytes,
  FtpReplyError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
  type RetrOptions,
} from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const content = '0123456789abcdef';
const files = { '/a': content, '/empty': '' };

async function tailOf(server: ScriptedServer, options: RetrOptions, path = '/a'): Promise<string> {
  await using ftp = clientOf(server);
  const [bytes] = await observe(ftp.retr$(path, options).pipe(collectBytes())).settled;
  return Buffer.from(bytes ?? []).toString();
}

async function failure(server: ScriptedServer, options: RetrOptions, path = '/a'): Promise<unknown> {
  await using ftp = clientOf(server);
  return await observe(ftp.retr$(path, options)).failed;
}

const sentTo = (server: ScriptedServer): string[] =>
  afterLogin(server).filter((line) => /^(SIZE|REST|RETR|ABOR)/.test(line));

describe('a start below 0', () => {
  it.each<[RetrOptions, string, readonly string[]]>([
    [{ start: -3 }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -1 }, 'f', ['SIZE /a', 'REST 15', 'RETR /a']],
    [{ start: -16 }, content, ['SIZE /a', 'RETR /a']],
    [{ start: -17 }, content, ['SIZE /a', 'RETR /a']],
    [{ start: Number.MIN_SAFE_INTEGER }, content, ['SIZE /a', 'RETR /a']],
    [{ start: -3, verify: 'size' }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -3, verify: false }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -3, size: 16 }, 'def', ['REST 13', 'RETR /a']],
    [{ start: -3, size: 16, verify: 'size' }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -3, end: 16 }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -3, end: 99 }, 'def', ['SIZE /a', 'REST 13', 'RETR /a']],
    [{ start: -0 }, content, ['RETR /a']],
  ])('of %j is the end of the file', async (options, expected, sent) => {
    await using server = await scriptedServer({ files });
    expect(await tailOf(server, options)).toBe(expected);
    expect(sentTo(server)).toEqual(sent);
  });

  it('ends at the offset end', async () => {
    await using server = await scriptedServer({ files });
    expect(await tailOf(server, { start: -6, end: 12 })).toBe('ab');
  });

  it('of an empty file is nothing', async () => {
    await using server = await scriptedServer({ files });
    expect(await tailOf(server, { start: -5 }, '/empty')).toBe('');
  });

  it('is found anew for each subscription', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const tail$ = ftp.retr$('/a', { start: -2 }).pipe(collectBytes());
    expect(Buffer.from((await observe(tail$).settled)[0] ?? []).toString()).toBe('ef');
    server.answer('SIZE', '213 8');
    server.on('RETR', async (session) => {
      await session.reply('150 Here.');
      await session.sendData(Buffer.from('67'));
      await session.reply('226 Done.');
    });
    expect(Buffer.from((await observe(tail$).settled)[0] ?? []).toString()).toBe('67');
    expect(sentTo(server)).toEqual(['SIZE /a', 'REST 14', 'RETR /a', 'SIZE /a', 'REST 6', 'RETR /a']);
  });

  it.each([Number.NaN, -1.5, 0.5, Number.NEGATIVE_INFINITY, -(2 ** 53), '-1'])('is not %j', async (start) => {
    await using server = await scriptedServer({ files });
    expect(await failure(server, { start: start as number })).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('is not above the end', async () => {
    await using server = await scriptedServer({ files });
    expect(await failure(server, { start: -3, end: 13 })).toMatchObject({
      name: 'FtpUsageError',
      message: expect.stringContaining('16 bytes'),
    });
    expect(sentTo(server)).toEqual(['SIZE /a']);
  });

  it('is not for the type ascii, by the option or as it was set', async () => {
    await using server = await scriptedServer({ files });
    expect(await failure(server, { start: -3, type: 'ascii' })).toBeInstanceOf(FtpUsageError);
    await using ftp = clientOf(server);
    await observe(ftp.type$('A')).settled;
    expect(await observe(ftp.retr$('/a', { start: -3 })).failed).toBeInstanceOf(FtpUsageError);
    expect(sentTo(server)).toEqual([]);
  });
});

describe('a start below 0, without a size', () => {
  it('is an error that says why, by the refusal of SIZE', async () => {
    await using server = await scriptedServer({ files });
    server.answer('SIZE', '550 Not now.');
    const error = await failure(server, { start: -3 });
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({
      command: 'SIZE /a',
      reply: { code: 550 },
      message: expect.stringMatching(/-3.*SIZE/),
    });
    expect(sentTo(server)).toEqual(['SIZE /a']);
  });

  it('is unsupported on a server that does not know SIZE, which is asked once', async () => {
    await using server = await scriptedServer({ files });
    server.answer('SIZE', '502 What?');
    await using ftp = clientOf(server);
    for (let n = 0; n < 2; n += 1) {
      expect(await observe(ftp.retr$('/a', { start: -3 })).failed).toBeInstanceOf(FtpUnsupportedError);
    }
    expect(sentTo(server)).toEqual(['SIZE /a']);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });

  it('asks nothing more when it is left at SIZE', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    server.on('SIZE', (session) => {
      leaving.unsubscribe();
      return session.reply('213 16');
    });
    const leaving = observe(ftp.retr$('/a', { start: -3 }));
    await leaving.ended;
    await observe(ftp.noop$()).settled;
    expect(sentTo(server)).toEqual(['SIZE /a']);
  });
});

describe('a start below 0, and what comes', () => {
  const giving =
    (bytes: string, opening = '150 Here.') =>
    (server: ScriptedServer): ScriptedServer =>
      server.on('RETR', async (session) => {
        await session.reply(opening);
        await session.sendData(Buffer.from(bytes));
        await session.reply('226 Done.');
      });

  it('may be more, where the file has grown since', async () => {
    await using server = await scriptedServer({ files });
    giving('defGHI')(server);
    server.once('SIZE', (session) => session.reply('213 16')).answer('SIZE', '213 20');
    expect(await tailOf(server, { start: -3 })).toBe('defGHI');
    expect(sentTo(server)).toEqual(['SIZE /a', 'REST 13', 'RETR /a', 'SIZE /a']);
  });

  it.each([
    ['the whole file, since REST was ignored', content, '213 16'],
    ['more than the file has grown', 'defGHIJKLMN', '213 20'],
  ])('is no success when it is %s', async (_what, bytes, size) => {
    await using server = await scriptedServer({ files });
    giving(bytes)(server);
    server.once('SIZE', (session) => session.reply('213 16')).answer('SIZE', size);
    const error = await failure(server, { start: -3 });
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: bytes.length, message: expect.stringContaining('REST 13') });
  });

  it('is truncated when it is less', async () => {
    await using server = await scriptedServer({ files });
    giving('de')(server);
    const error = await failure(server, { start: -3 });
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: 2, transient: true, message: expect.stringContaining('truncated') });
  });

  it('is not looked at with verify: false', async () => {
    await using server = await scriptedServer({ files });
    giving('de')(server);
    expect(await tailOf(server, { start: -3, verify: false })).toBe('de');
  });
});
