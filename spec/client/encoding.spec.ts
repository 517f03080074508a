import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

/** The bytes of the last command line. */
function lastLine(server: Awaited<ReturnType<typeof scriptedServer>>): Buffer | undefined {
  return server.journal.of('command').at(-1)?.line;
}

/** Answers PWD with these bytes as the path. */
function pwdOf(bytes: readonly number[]) {
  return Buffer.concat([Buffer.from('257 "'), Buffer.from(bytes), Buffer.from('"\r\n')]);
}

describe('the option encoding', () => {
  it('utf8 keeps names that are not UTF-8: what was read leads back to the same file (T-20)', async () => {
    await using server = await scriptedServer();
    const name = [0x61, 0xff, 0xe9, 0xc3, 0xa9, 0xc0, 0xaf];
    server.on('PWD', (session) => session.replyRaw(pwdOf(name)));
    await using ftp = clientOf(server);
    const [path = ''] = await observe(ftp.pwd$()).settled;
    expect(path).toContain('é');
    await observe(ftp.dele$(path)).failed;
    expect(lastLine(server)).toEqual(Buffer.concat([Buffer.from('DELE '), Buffer.from(name), Buffer.from('\r\n')]));
  });

  it('latin1 is used for commands, replies and listings, and asks for no UTF8', async () => {
    await using server = await scriptedServer();
    server.on('PWD', (session) => session.replyRaw(pwdOf([0xe9, 0xff])));
    server.on('NLST', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData(Buffer.of(0xe9, 0x0d, 0x0a));
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server, { encoding: 'latin1' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['éÿ']);
    expect(await observe(ftp.nlst$()).settled).toEqual(['é']);
    expect(server.commands).not.toContain('OPTS UTF8 ON');
    await observe(ftp.dele$('é')).failed;
    expect(lastLine(server)).toEqual(Buffer.from('DELE \xe9\r\n', 'latin1'));
  });

  it('latin1 refuses what it cannot write, with nothing sent', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { encoding: 'latin1' });
    // U+010D cut to a byte would be a CR, U+010A a LF.
    for (const name of ['€', '\u010d', '\u010a', '\u0100']) {
      expect(await observe(ftp.dele$(name)).failed).toBeInstanceOf(FtpUsageError);
      expect(await observe(ftp.retr$(name)).failed).toBeInstanceOf(FtpUsageError);
    }
    expect(server.sessions).toHaveLength(0);
  });

  it('may be any pair of functions, whose bytes are checked too', async () => {
    await using server = await scriptedServer();
    const rot13 = (text: string): string =>
      text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));
    const encoding = {
      encode: (text: string) => Buffer.from(rot13(text).replace('!', '\n')),
      decode: (bytes: Uint8Array) => rot13(Buffer.from(bytes).toString()),
    };
    await using ftp = clientOf(server, { encoding, user: 'ANN' });
    server.answer('PWD', '257 "/uryyb"');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/hello']);
    await observe(ftp.dele$('hello')).failed;
    expect(server.commands.at(-1)).toBe('DELE uryyb');
    expect(await observe(ftp.dele$('hello!')).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands.at(-1)).toBe('DELE uryyb');
  });

  it('applies to text that is transferred by lines', async () => {
    await using server = await scriptedServer({ files: { '/a': Buffer.of(0xe9, 0x0a, 0xff) } });
    await using ftp = clientOf(server, { encoding: 'latin1' });
    expect(await observe(ftp.retrLines$('/a')).settled).toEqual(['é', 'ÿ']);
    await observe(ftp.storLines$('/b', ['é'])).settled;
    expect(server.tree.file('/b')?.bytes).toEqual(Buffer.of(0xe9, 0x0a));
  });
});
