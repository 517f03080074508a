/** Names in other charsets than UTF-8, on the wire: whatever bytes a listing has, they come back in the next command. */
import { firstValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import type { FtpClient } from '../../lib/index.js';
import { FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

/** Names as bytes, in an encoding; blanks and marks of each language, second bytes that look like signs, and bytes that are none. */
const cases: readonly (readonly [encoding: string, names: readonly number[][]])[] = [
  [
    'windows-1251',
    [
      [0xff, 0xff],
      [0xa0, 0xe0, 0xa0],
      [0x98, 0x41],
      [0x20, 0xe0, 0x20],
      [0xe0, 0x20, 0x2d, 0x3e, 0x20, 0xe1],
    ],
  ],
  ['iso-8859-1', [[0xff], [0xa0], [0xa0, 0x61], [0x85, 0x61, 0x85], [0x80, 0x9f]]],
  [
    'shift_jis',
    [[0x83, 0x5c], [0x95, 0x5c, 0x2e], [0x81, 0x40, 0x41, 0x81, 0x40], [0x83, 0x7c, 0x83], [0xed, 0x40], [0x81]],
  ],
  [
    'gbk',
    [
      [0xd6, 0xd0],
      [0xa1, 0xa1],
      [0x81, 0x5c, 0x81, 0x7c],
      [0xff, 0xff],
      [0x22, 0xd6, 0x22],
      [0xa1, 0xa1, 0x61],
    ],
  ],
  ['big5', [[0xa5, 0x5c], [0xa1, 0x40], [0xa1, 0x40, 0x61, 0xa1, 0x40], [0xff], [0x88, 0x62], [0xa2, 0xa4]]],
  [
    'euc-kr',
    [
      [0xc7, 0xd1],
      [0xa1, 0xa1],
      [0xc9, 0xff],
      [0x81, 0x41],
      [0x2d, 0x6c, 0xc7, 0xd1],
    ],
  ],
  ['gb18030', [[0x94, 0x39, 0xfc, 0x36], [0x80], [0xa1, 0xa1], [0x81, 0x30], [0xa6, 0xd9, 0x20]]],
];

/** Serves the names, each as a file of one byte, by every command that lists. */
function serveNames(server: ScriptedServer, names: readonly Uint8Array[]): void {
  const send = (verb: string, before: string, end = '\r\n'): void => {
    server.on(verb, async (session) => {
      await session.reply('150 Here.');
      await session.sendData(Buffer.concat(names.map((name) => lineOf(before, name, end))));
      await session.reply('226 Done.');
    });
  };
  send('NLST', '');
  send('MLSD', 'type=file;size=1; ');
  send('LIST', '-rw-r--r-- 1 u g 1 Jan  1  2024 ');
  server.on('STAT', (session) =>
    session.replyRaw(
      Buffer.concat([
        Buffer.from('213-Status:\r\n'),
        ...names.map((name) => lineOf('-rw-r--r-- 1 u g 1 Jan  1  2024 ', name)),
        Buffer.from('213 End.\r\n'),
      ]),
    ),
  );
}

function lineOf(before: string, name: Uint8Array, after = '\r\n'): Buffer {
  return Buffer.concat([Buffer.from(before), name, Buffer.from(after)]);
}

/** The arguments of all commands with this verb, as bytes. */
function argumentsOf(server: ScriptedServer, verb: string): Buffer[] {
  const lines = server.journal.of('command').map(({ line }) => line);
  return lines.filter((line) => line.subarray(0, 5).toString() === `${verb} `).map((line) => line.subarray(5, -2));
}

/** Deletes what was listed, and gives the bytes that came to the server. */
async function deleted(server: ScriptedServer, ftp: FtpClient, names: readonly string[]): Promise<Buffer[]> {
  server.answer('DELE', '250 Gone.');
  const before = argumentsOf(server, 'DELE').length;
  for (const name of names) await observe(ftp.dele$(name)).settled;
  return argumentsOf(server, 'DELE').slice(before);
}

async function listed(ftp: FtpClient, way: string): Promise<string[]> {
  if (way === 'NLST') return firstValueFrom(ftp.nlst$().pipe(toArray()));
  if (way === 'MLSD') return (await firstValueFrom(ftp.mlsd$().pipe(toArray()))).map(({ name }) => name);
  const via = way === 'STAT' ? ({ via: 'stat' } as const) : {};
  return (await firstValueFrom(ftp.entries$(undefined, via).pipe(toArray()))).map(({ name }) => name);
}

describe.each(cases)('in %s', (encoding, names) => {
  const bytes = names.map((name) => Buffer.from(name));

  it.each(['NLST', 'MLSD', 'LIST', 'STAT'])('each name that %s has is the same in the next command', async (way) => {
    await using server = await scriptedServer();
    if (way === 'LIST') server.features = [];
    serveNames(server, bytes);
    await using ftp = clientOf(server, { encoding });
    const found = await listed(ftp, way);
    expect(found).toEqual(bytes.map((name) => codecFor(encoding).decode(name)));
    expect(await deleted(server, ftp, found)).toEqual(bytes);
  });

  it('so is each that PWD, MKD and MLST tell', async () => {
    for (const name of bytes) {
      await using server = await scriptedServer();
      const quoted = Buffer.from(name.toString('latin1').replaceAll('"', '""'), 'latin1');
      server.on('PWD', (session) => session.replyRaw(lineOf('257 "/', quoted, '" is here.\r\n')));
      server.on('MKD', (session) => session.replyRaw(lineOf('257 "/', quoted, '"\r\n')));
      server.on('MLST', (session) =>
        session.replyRaw(lineOf('250-Here:\r\n type=file;size=1; /', name, '\r\n250 End.\r\n')),
      );
      await using ftp = clientOf(server, { encoding });
      const told = [
        await firstValueFrom(ftp.pwd$()),
        await firstValueFrom(ftp.mkd$('x')),
        (await firstValueFrom(ftp.mlst$('x'))).name,
      ];
      const expected = Buffer.concat([Buffer.from('/'), name]);
      expect(await deleted(server, ftp, told)).toEqual([expected, expected, expected]);
    }
  });
});

describe('an encoding by label', () => {
  it('asks for no UTF8, whether the server names it or not, step by step and at once', async () => {
    for (const greeting of ['220 Hello.', '220 (vsFTPd 3.0.5)'])
      for (const pipelineLogin of [false, true]) {
        await using server = await scriptedServer({ greeting });
        server.features = ['UTF8', 'MLST type*;'];
        await using ftp = clientOf(server, { encoding: 'gbk', pipelineLogin });
        await observe(ftp.noop$()).settled;
        await observe(ftp.cwd$('/')).settled;
        expect(server.commands.filter((line) => line.startsWith('OPTS'))).toEqual([]);
      }
  });

  it('is that of UTF-8 under its other labels, with what goes with it', async () => {
    await using server = await scriptedServer();
    server.features = ['UTF8'];
    await using ftp = clientOf(server, { encoding: 'UTF-8' });
    await observe(ftp.noop$()).settled;
    expect(server.commands).toContain('OPTS UTF8 ON');
  });

  it('refuses a character that it does not have, with nothing sent', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { encoding: 'windows-1251' });
    for (const operation$ of [
      ftp.dele$('中'),
      ftp.retr$('中'),
      ftp.stor$('中', 'x'),
      ftp.rename$('a', '中'),
      ftp.nlst$('中'),
      ftp.entries$('中'),
      ftp.send$('SITE 中'),
    ])
      expect(await observe<unknown>(operation$).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
    await observe(ftp.noop$()).settled;
  });

  it('still refuses line ends and NUL', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { encoding: 'shift_jis' });
    for (const name of ['ソ\r\nDELE x', 'ソ\n', 'ソ\0', '\ud83d', 'ソ\udc41'])
      expect(await observe(ftp.dele$(name)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('is checked when a client is made', async () => {
    await using server = await scriptedServer();
    for (const encoding of ['utf-16', 'iso-2022-jp', 'replacement', 'klingon'])
      expect(() => clientOf(server, { encoding })).toThrow(FtpUsageError);
  });

  it('encodes a password, and hides its echo', async () => {
    await using server = await scriptedServer();
    const seen: Buffer[] = [];
    server.on('PASS', (session) => {
      seen.push(Buffer.from(argumentsOf(server, 'PASS').at(-1) ?? []));
      return session.replyRaw(lineOf('530 Not ', Buffer.from(codecFor('windows-1251').encode('тайна')), '.\r\n'));
    });
    await using ftp = clientOf(server, { encoding: 'windows-1251', user: 'ann', password: 'тайна' });
    const error = await observe(ftp.noop$()).failed;
    expect(seen).toEqual([Buffer.from([0xf2, 0xe0, 0xe9, 0xed, 0xe0])]);
    expect(`${error}`).toContain('530 Not ***.');
    expect(`${error}`).not.toContain('тайна');
  });

  it('says nothing of a password that cannot be encoded', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { encoding: 'windows-1251', user: 'ann', password: 'sesame中' });
    const error = await observe(ftp.noop$()).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(`${error}`).not.toMatch(/sesame|中/);
  });

  it('applies to text that is transferred by lines', async () => {
    const text = codecFor('gbk').encode('中文\n€\n');
    await using server = await scriptedServer({ files: { '/a': Buffer.from(text) } });
    await using ftp = clientOf(server, { encoding: 'gbk' });
    expect(await observe(ftp.retrLines$('/a')).settled).toEqual(['中文', '€']);
    await observe(ftp.storLines$('/b', ['中文', '€'])).settled;
    expect(server.tree.file('/b')?.bytes).toEqual(Buffer.from(text));
  });

  it('ends an upload of lines at a character that it does not have, and the session goes on', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { encoding: 'gbk' });
    expect(await observe(ftp.storLines$('/b', ['中', '한국😀'])).failed).toBeInstanceOf(FtpUsageError);
    await observe(ftp.noop$()).settled;
  });

  it('keeps the session in step when a listing is left after its first name', async () => {
    await using server = await scriptedServer();
    const names = Array.from({ length: 50 }, (_, at) => Buffer.from(codecFor('shift_jis').encode(`表${at}`)));
    serveNames(server, names);
    await using ftp = clientOf(server, { encoding: 'shift_jis' });
    expect(await firstValueFrom(ftp.nlst$())).toBe('表0');
    expect(await deleted(server, ftp, ['表1'])).toEqual([names[1]]);
  });
});
