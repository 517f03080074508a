import { describe, expect, it } from 'vitest';
import { lineLimit } from '../../lib/control/encode-line.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { doubleIac, withoutDoubledIac } from '../../lib/control/telnet.js';
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from '../../lib/protocol/encoding.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { connected } from './support/connected.js';

const latin1 = { name: 'latin1', encode: encodeLatin1, decode: decodeLatin1 } as const;
const utf8 = { name: 'utf8', encode: encodeUtf8, decode: decodeUtf8 } as const;

describe('the byte 0xFF', () => {
  it.each([
    [[], []],
    [[97], [97]],
    [[255], [255, 255]],
    [
      [97, 255, 255, 98],
      [97, 255, 255, 255, 255, 98],
    ],
  ])('of %j is doubled: %j', (bytes, doubled) => {
    expect([...doubleIac(Uint8Array.from(bytes))]).toEqual(doubled);
  });

  it.each([
    ['a', 'a', latin1],
    ['aÿÿb', 'aÿb', latin1],
    ['aÿÿÿÿ', 'aÿÿ', latin1],
    ['ÿ', 'ÿ', latin1],
    ['ÿÿÿ', 'ÿÿ', latin1],
    ['ÿÿ', 'ÿÿ', utf8],
    ['a\udcff\udcff', 'a\udcff', utf8],
  ])('of %j is single in %j', (text, single, codec) => {
    expect(withoutDoubledIac(text, codec)).toBe(single);
  });
});

describe('a name with the byte 0xFF', () => {
  it.each([
    ['220 ProFTPD Server ready.', 'ÿÿ'],
    ['220 host FTP server (GNU inetutils 2.4) ready.', 'ÿÿ'],
    ['220 (vsFTPd 3.0.5)', 'ÿ'],
    ['220 Some server', 'ÿ'],
  ])('is sent to %s as %s', async (greeting, sent) => {
    await using at = await connected({ greeting }, { encoding: 'latin1' }, (server) =>
      server.answer('DELE', '250 Ok.'),
    );
    await observe(at.ftp.dele$('aÿb')).settled;
    expect(at.server.clear.toString('latin1')).toContain(`DELE a${sent}b\r\n`);
  });

  it('counts as what is sent for the longest line', async () => {
    const greeting = '220 host FTP server (GNU inetutils 2.4) ready.';
    const limit = lineLimit(profileOf(greeting), undefined).bytes;
    await using at = await connected({ greeting }, { encoding: 'latin1' });
    const name = 'ÿ'.repeat(limit / 2);
    expect(await observe(at.ftp.dele$(name)).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(at.commands).toEqual([]);
  });

  it.each([
    ['220 (vsFTPd 3.0.5)', '/aÿb'],
    ['220 Some server', '/aÿÿb'],
  ])('is taken from the replies of %s as %s', async (greeting, path) => {
    await using at = await connected({ greeting }, { encoding: 'latin1' }, (server) => {
      const reply = Buffer.from('257 "/aÿÿb" is it\r\n', 'latin1');
      server.on('PWD', (session) => session.replyRaw(reply)).on('MKD', (session) => session.replyRaw(reply));
    });
    expect(await observe(at.ftp.pwd$()).settled).toEqual([path]);
    expect(await observe(at.ftp.mkd$('x')).settled).toEqual([path]);
  });
});

describe('a server that its greeting does not name', () => {
  const greeting = '220 Welcome.';

  it.each([
    ['331 Please specify the password.', '/aÿb'],
    ['331 Please specify the password', '/aÿÿb'],
    ['331 Password required for me.', '/aÿÿb'],
  ])('doubles 0xFF in its replies where it says "%s" to USER, as vsftpd: %s', async (reply, path) => {
    await using server = await scriptedServer({ greeting, login: false });
    server.answer('USER', reply).answer('PASS', '230 In.');
    server.on('PWD', (session) => session.replyRaw(Buffer.from('257 "/aÿÿb"\r\n', 'latin1')));
    await using ftp = clientOf(server, { encoding: 'latin1' });
    for (let session = 1; session <= 2; session += 1) {
      expect(await observe(ftp.pwd$()).settled).toEqual([path]);
      await server.sessions.at(-1)?.closeControl('fin');
      await server.event('control-closed', { where: (closed) => closed.session === session });
    }
  });

  it.each([
    [['MFF modify;UNIX.group;UNIX.mode;'], 'ÿÿ'],
    [['MFF modify;'], 'ÿ'],
    [['MFMT'], 'ÿ'],
    [['LPRT', 'LPSV'], 'ÿÿ'],
    [['LPRT'], 'ÿ'],
  ])('wants 0xFF twice where FEAT names %j, as those of ProFTPD and inetutils do: %s', async (features, sent) => {
    await using server = await scriptedServer({ greeting });
    server.features = [...server.features, ...features];
    await using ftp = clientOf(server.answer('DELE', '250 Ok.'), { encoding: 'latin1' });
    await observe(ftp.dele$('aÿb')).settled;
    expect(server.clear.toString('latin1')).toContain(`DELE a${sent}b\r\n`);
  });
});
