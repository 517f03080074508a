import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { latch } from '../support/latch.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const files = { '/dir/a': 'abc', '/dir/sub/': '', '/-x/b': '', '/empty/': '' };

async function listed(ftp: FtpClient, path?: string): Promise<unknown[]> {
  return (await observe(ftp.entries$(path)).settled).map(({ name, kind, size }) => [name, kind, size]);
}

const both = [
  ['a', 'file', 3],
  ['sub', 'directory', undefined],
];

const VSFTPD = '220 (vsFTPd 3.0.5)';

/** As vsftpd: a directory that does not exist is listed as an empty one. */
function listsWhatIsMissing(server: ScriptedServer): void {
  server.on('LIST', async (session, path, command) => {
    if (server.tree.get(path) !== undefined) return command.byDefault();
    await session.reply('150 Here comes the directory listing.');
    await session.sendData('');
    await session.reply('226 Directory send OK.');
  });
}

describe('entries$', () => {
  it('uses MLSD where FEAT names it, without . and ..', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await listed(ftp, '/dir')).toEqual(both);
    server.on('MLSD', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('type=cdir; .\r\ntype=pdir; ..\r\ntype=dir; x\r\n');
      await session.reply('226 Done.');
    });
    expect(await listed(ftp, '/dir')).toEqual([['x', 'directory', undefined]]);
    expect(server.commands.filter((line) => line.startsWith('LIST'))).toEqual([]);
  });

  it('uses LIST where FEAT does not name it', async () => {
    await using server = await scriptedServer({ files });
    server.features = [];
    await using ftp = clientOf(server, { directory: '/dir' });
    const entries = await observe(ftp.entries$()).settled;
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'file'],
      ['sub', 'directory'],
    ]);
    expect(entries[0]).toMatchObject({ size: 3, modified: new Date('2024-02-03T00:00:00.000Z') });
    expect(await listed(ftp, '/-x')).toHaveLength(1);
    expect(server.commands.filter((line) => line.startsWith('MLSD'))).toEqual([]);
  });

  it('errors for a missing directory that the server lists as empty, and stays where it was', async () => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    listsWhatIsMissing(server);
    await using ftp = clientOf(server, { directory: '/dir' });
    const error = await observe(ftp.entries$('/no')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'CWD /no', reply: { code: 550 } });
    expect(await observe(ftp.entries$('/empty')).settled).toEqual([]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/dir']);
    expect(server.commands.slice(-4)).toEqual(['PWD', 'CWD /empty', 'CWD /dir', 'PWD']);
  });

  it.each(['/sp ace', '/st*r', '/br[1]'])('lists %j from within, and comes back', async (path) => {
    await using server = await scriptedServer({ files: { '/dir/': '', [`${path}/a`]: 'abc' } });
    server.features = [];
    await using ftp = clientOf(server, { directory: '/dir' });
    expect(await listed(ftp, path)).toEqual([['a', 'file', 3]]);
    expect(afterLogin(server).filter((line) => !/^(CWD \/dir|EPSV|TYPE)/.test(line))).toEqual([
      'PWD',
      `CWD ${path}`,
      'LIST',
    ]);
    expect(server.commands.at(-1)).toBe('CWD /dir');
  });

  describe('on inetutils ftpd, whose LIST is ls', () => {
    const inetutils = async (): Promise<ScriptedServer> => {
      const server = await scriptedServer({ files, greeting: '220 h FTP server (GNU inetutils 2.4) ready.' });
      server.features = [];
      return server;
    };

    it('lists a directory from within', async () => {
      await using server = await inetutils();
      await using ftp = clientOf(server);
      expect((await observe(ftp.entries$('/dir')).settled).map(({ name }) => name)).toEqual(['a', 'sub']);
      expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    });

    it('errors for one that is not there with the refusal of CWD', async () => {
      await using server = await inetutils();
      await using ftp = clientOf(server);
      const error = await observe(ftp.entries$('no')).failed;
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ command: 'CWD no', reply: { code: 550 } });
      expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    });

    it('comes back from what was left', async () => {
      await using server = await inetutils();
      await using ftp = clientOf(server);
      const listing = observe(ftp.entries$('/dir'), { next: (_entry, self) => self.unsubscribe() });
      expect(await listing.ended).toBe('unsubscribed');
      expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    });

    it('sends nothing for what is left before its turn', async () => {
      await using server = await inetutils();
      await using ftp = clientOf(server);
      const noop = observe(ftp.noop$());
      observe(ftp.entries$('/dir')).unsubscribe();
      await noop.settled;
      await observe(ftp.noop$()).settled;
      expect(afterLogin(server)).toEqual(['NOOP', 'NOOP']);
    });

    it('gives the session up when it cannot come back', async () => {
      await using server = await inetutils();
      await using open = await sessionOf(server);
      const states = observe(open.ftp.state$);
      server.on('CWD', (session, path, command) => (path === '/' ? session.reply('550 Gone.') : command.byDefault()));
      expect(await observe(open.ftp.entries$('/dir')).settled).toHaveLength(2);
      expect((await states.settled).at(-1)).toMatchObject({ status: 'closed', cause: { code: 'ERR_FTP_CONNECTION' } });
    });
  });

  describe('where facts were chosen for mlsd$', () => {
    const usual = 'OPTS MLST type;size;modify;';

    it.each([
      ['mlsd$', (ftp: FtpClient) => ftp.mlsd$('/dir', { facts: ['size'] }), 'OPTS MLST size;'],
      ['mlsd$ with none', (ftp: FtpClient) => ftp.mlsd$('/dir', { facts: [] }), 'OPTS MLST '],
      ['opts$', (ftp: FtpClient) => ftp.opts$('MLST', 'Type;Size;'), 'OPTS MLST Type;Size;'],
      ['send$', (ftp: FtpClient) => ftp.send$('OPTS MLST'), 'OPTS MLST '],
    ])('lists with the usual ones, and leaves the choice as it was: %s', async (_name, choose, option) => {
      await using server = await scriptedServer({ files });
      await using ftp = clientOf(server);
      await observe<unknown>(choose(ftp)).settled;
      const sent = server.commands.length;
      expect(await listed(ftp, '/dir')).toEqual(both);
      expect(server.commands.slice(sent).filter((line) => !line.startsWith('EPSV'))).toEqual([
        usual,
        'MLSD /dir',
        option,
      ]);
    });

    it('sends nothing for it where none is missing', async () => {
      await using server = await scriptedServer({ files });
      await using ftp = clientOf(server);
      await observe(ftp.opts$('MLST', 'modify;unique;SIZE;type;')).settled;
      expect(await listed(ftp, '/dir')).toEqual(both);
      expect(server.commands.filter((line) => line.startsWith('OPTS MLST'))).toHaveLength(1);
    });

    it('asks for those that the server marks, and for what it needs itself', async () => {
      await using server = await scriptedServer({ files });
      server.features = ['MLST Type*;Size;Unix.Mode*;UNIX.group;Perm*;'];
      await using ftp = clientOf(server);
      await observe(ftp.opts$('MLST', 'size;')).settled;
      await listed(ftp, '/dir');
      expect(server.commands).toContain('OPTS MLST Type;Unix.Mode;Perm;size;modify;');
    });

    it('errors with the refusal, and lists nothing', async () => {
      await using server = await scriptedServer({ files });
      await using ftp = clientOf(server);
      await observe(ftp.opts$('MLST', 'size;')).settled;
      server.once('OPTS', (session) => session.reply('451 Not now.'));
      expect(await observe(ftp.entries$('/dir')).failed).toMatchObject({ command: usual, reply: { code: 451 } });
      expect(server.commands.at(-1)).toBe(usual);
    });

    it('gives the session up when the choice cannot be restored', async () => {
      await using server = await scriptedServer({ files });
      await using ftp = clientOf(server);
      await observe(ftp.opts$('MLST', 'size;')).settled;
      server.on('OPTS', async (session, argument, command) => {
        if (argument === 'MLST size;') await session.reply('501 No.');
        else await command.byDefault();
      });
      await observe(ftp.entries$('/dir')).settled;
      await server.event('control-closed');
    });

    it('restores it when the listing fails, and when it is left', async () => {
      await using server = await scriptedServer({ files });
      await using open = await sessionOf(server);
      await observe(open.ftp.opts$('MLST', 'size;')).settled;
      expect(await observe(open.ftp.entries$('/missing')).failed).toMatchObject({ reply: { code: 550 } });
      expect(server.commands.at(-1)).toBe('OPTS MLST size;');
      server.once('OPTS', async (_session, _argument, command) => {
        left.unsubscribe();
        await command.byDefault();
      });
      const left = observe(open.ftp.entries$('/dir'));
      expect((await observe(open.ftp.mlst$('/dir/a')).settled)[0]?.facts.size).toBe(1);
      expect(server.commands.slice(-3)).toEqual([usual, 'OPTS MLST size;', 'MLST /dir/a']);
      expect(left.values).toEqual([]);
    });
  });

  it.each([
    ['LIST', '-rw-r--r-- 1 u g 7 Jan  1  2024', []],
    ['MLSD', 'type=file;', ['MLST type*;']],
  ])('gives its first entries by %s before more data comes', async (verb, row, features) => {
    await using server = await scriptedServer({ files });
    server.features = features;
    const seen = latch();
    server.on(verb, async (session) => {
      await session.reply('150 Ok.');
      const data = await session.data();
      data.write(`${row} a\r\n${row} b\r\n${row} cut of`);
      // A client that waits for more would wait for ever.
      await seen.opened;
      data.end(`f\r\n${row} d\r\n`);
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const listing = observe(ftp.entries$(), { next: (_entry) => seen.open() });
    expect((await listing.nth(1)).name).toBe('a');
    expect((await listing.settled).map(({ name }) => name)).toEqual(['a', 'b', 'cut off', 'd']);
  });

  it('is cold: each subscription chooses anew', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const entries$ = ftp.entries$('/dir');
    expect(await observe(entries$).settled).toHaveLength(2);
    server.answer('MLSD', '502 Gone.');
    expect(await observe(entries$).settled).toHaveLength(2);
  });

  it('is aborted by leaving', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const listing = observe(ftp.entries$('/dir'), { next: (_entry, self) => self.unsubscribe() });
    expect(await listing.ended).toBe('unsubscribed');
    expect(listing.values).toHaveLength(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});
