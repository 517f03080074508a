import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/dir/a': 'a', '/dir/sub/': '', '/-x/b': '', '/empty/': '' };

describe('list$ and nlst$', () => {
  it('emit lines, in TYPE A once a type was set', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.nlst$('/dir')).settled).toEqual(['a', 'sub']);
    expect((await observe(ftp.list$('/dir')).settled)[0]).toMatch(/^-rw-r--r-- .* a$/);
    await observe(ftp.retr$('/dir/a')).settled;
    await observe(ftp.nlst$('dir')).settled;
    expect(afterLogin(server).filter((line) => !/^EPSV/.test(line))).toEqual([
      'NLST /dir',
      'LIST /dir',
      'TYPE I',
      'RETR /dir/a',
      'TYPE A',
      'NLST dir',
    ]);
  });

  it.each([
    ['220 Ready', ['TYPE I', 'TYPE A', 'TYPE I', 'TYPE A', 'TYPE I']],
    ['220 localhost FTP server (GNU inetutils 2.4) ready.', ['TYPE I', 'TYPE A', 'TYPE I', 'TYPE A', 'TYPE I']],
    ['220 (vsFTPd 3.0.3)', ['TYPE I']],
    ['220 ProFTPD Server (Debian) [127.0.0.1]', ['TYPE I']],
    ['220 Welcome to Pure-FTPd', ['TYPE I']],
    ['220 pyftpdlib 1.5.7 ready.', ['TYPE I']],
  ])('are in TYPE A between downloads, where the server needs it: %s', async (greeting, types) => {
    await using server = await scriptedServer({ files, greeting });
    server.answer('MLSD', '500 Unknown.');
    await using ftp = clientOf(server);
    for (const listing of [ftp.list$('/dir'), ftp.nlst$('/dir'), ftp.entries$('/dir')]) {
      expect(await observe<unknown>(listing).settled).toHaveLength(2);
      expect(Buffer.concat(await observe(ftp.retr$('/dir/a')).settled).toString()).toBe('a');
      expect(await observe(ftp.size$('/dir/a')).settled).toEqual([1]);
    }
    expect(afterLogin(server).filter((line) => line.startsWith('TYPE'))).toEqual(types);
  });

  it('are in the ASCII type that the user has set, on any server', async () => {
    await using server = await scriptedServer({ files, greeting: '220 (vsFTPd 3.0.3)' });
    await using ftp = clientOf(server);
    await observe(ftp.type$('A')).settled;
    await observe(ftp.list$('/dir')).settled;
    await observe(ftp.retr$('/dir/a', { type: 'binary' })).settled;
    await observe(ftp.list$('/dir')).settled;
    await observe(ftp.retr$('/dir/a')).settled;
    expect(afterLogin(server).filter((line) => /^(TYPE|LIST|RETR)/.test(line))).toEqual([
      'TYPE A',
      'LIST /dir',
      'TYPE I',
      'RETR /dir/a',
      'TYPE A',
      'LIST /dir',
      'RETR /dir/a',
    ]);
  });

  it('list the current directory without a path, and an empty one as nothing', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { directory: '/dir' });
    expect(await observe(ftp.nlst$()).settled).toEqual(['a', 'sub']);
    expect(server.commands.at(-1)).toBe('NLST');
    expect(await observe(ftp.list$('/empty')).settled).toEqual([]);
  });

  it('give args to the server, and keep a path that begins with a hyphen from being taken for them (T-19)', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.list$('/dir', { args: '-la' })).settled;
    expect(server.commands.at(-1)).toBe('LIST -la /dir');
    await observe(ftp.list$(undefined, { args: '-a' })).settled;
    expect(server.commands.at(-1)).toBe('LIST -a');
    expect(await observe(ftp.nlst$('-x')).settled).toEqual(['b']);
    expect(server.commands.at(-1)).toBe('NLST ./-x');
  });

  it('error with the refusal', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (const listing$ of [ftp.list$('/no'), ftp.nlst$('/no')]) {
      expect(await observe(listing$).failed).toMatchObject({ reply: { code: 550 } });
    }
  });

  it('are aborted by leaving', async () => {
    await using server = await scriptedServer();
    server.on('LIST', async (session) => {
      await session.reply('150 Endless.');
      await session.sendData('', { chunks: endless() });
      await session.reply('426 Cut.');
    });
    await using ftp = clientOf(server);
    expect(await observe(ftp.list$().pipe(take(3))).settled).toEqual(['line', 'line', 'line']);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
  });
});

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.from('line\r\n'.repeat(1000));
}

describe('mlsd$ and mlst$', () => {
  it('emit every entry, cdir and pdir too', async () => {
    await using server = await scriptedServer({ files });
    server.on('MLSD', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('type=cdir; .\r\ntype=pdir; ..\r\ntype=file;size=5;  a b\r\n');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const entries = await observe(ftp.mlsd$('/dir')).settled;
    expect(entries.map(({ type, name }) => [type, name])).toEqual([
      ['cdir', '.'],
      ['pdir', '..'],
      ['file', ' a b'],
    ]);
    expect(entries[2]?.size).toBe(5);
    expect(afterLogin(server).filter((line) => line.startsWith('TYPE'))).toEqual([]);
  });

  it('ask for facts by OPTS, which stays set', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.mlsd$('/dir', { facts: ['type', 'size'] })).settled;
    expect(afterLogin(server)).toContain('OPTS MLST type;size;');
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    await observe(ftp.mlsd$('/dir')).settled;
    expect(afterLogin(server).filter((line) => line === 'OPTS MLST type;size;')).toHaveLength(2);
  });

  it('error when the facts are refused, with nothing listed', async () => {
    await using server = await scriptedServer({ files });
    server.answer('OPTS', '501 No such facts.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.mlsd$('/dir', { facts: ['type'] })).failed).toBeInstanceOf(FtpReplyError);
    expect(server.commands).not.toContain('MLSD /dir');
  });

  it('give the entry of one file', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.mlst$('/dir/a')).settled).toMatchObject([{ type: 'file', size: 1, name: '/dir/a' }]);
    expect(await observe(ftp.mlst$()).settled).toMatchObject([{ type: 'dir', name: '/' }]);
    expect(await observe(ftp.mlst$('/no')).failed).toMatchObject({ command: 'MLST /no', reply: { code: 550 } });
    server.answer('MLST', '250-No entry here.\r\n250 End');
    expect(await observe(ftp.mlst$('/dir/a')).failed).toBeInstanceOf(FtpProtocolError);
  });
});
