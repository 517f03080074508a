/** `lookup$` on servers with and without MLST: the entry, none, or an error where neither can be told. */
import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FileEntry, FtpProtocolError, FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const files = {
  '/dir/a.txt': 'abc',
  '/dir/a b': 'blank',
  '/dir/x[1]': 'pattern',
  '/dir/.rc': 'hidden',
  '/dir/-a': 'like an option',
  '/dir/sub/': '',
  '/top': 'abcd',
};

/** Unknown to the client, and without MLSx. Its LIST leaves out dotfiles, unless -a asks for them. */
async function plainServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, ...options });
  server.features = ['SIZE'];
  server.answer('MLST', '500 What?').answer('MLSD', '500 What?');
  return server;
}

function sendsRows(server: ScriptedServer, verb: string, ...rows: readonly string[]): void {
  server.on(verb, async (session) => {
    await session.reply('150 Here it comes.');
    await session.sendData(rows.map((row) => `${row}\r\n`).join(''));
    await session.reply('226 Done.');
  });
}

const mlst = (...rows: readonly string[]): string => ['250-Here', ...rows, '250 End'].join('\r\n');

async function lookedUp(server: ScriptedServer, path: string): Promise<FileEntry[]> {
  await using ftp = clientOf(server);
  const entries = await observe(ftp.lookup$(path)).settled;
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  return entries;
}

describe('lookup$ by MLST', () => {
  it.each([
    ['/dir/a.txt', { name: 'a.txt', kind: 'file', size: 3, precision: 'second', dialect: 'mlsx' }],
    ['dir/a.txt', { name: 'a.txt', kind: 'file' }],
    ['top', { name: 'top', kind: 'file', size: 4 }],
    ['/dir/sub', { name: 'sub', kind: 'directory' }],
    ['/dir/sub///', { name: 'sub', kind: 'directory' }],
    ['/dir/a b', { name: 'a b', kind: 'file', size: 5 }],
    ['/dir/x[1]', { name: 'x[1]', kind: 'file', size: 7 }],
    ['/dir/.rc', { name: '.rc', kind: 'file', size: 6 }],
    ['/', { name: '/', kind: 'directory' }],
    ['.', { name: '.', kind: 'directory' }],
    ['', { name: '.', kind: 'directory' }],
    ['dir/..', { name: '..', kind: 'directory' }],
    ['//', { name: '/', kind: 'directory' }],
  ])('finds %j', async (path, entry) => {
    await using server = await scriptedServer({ files });
    expect(await lookedUp(server, path)).toEqual([expect.objectContaining(entry)]);
    expect(server.commands.filter((line) => /^(LIST|MLSD|SIZE|CWD)/.test(line))).toEqual([]);
  });

  it.each(['-a', '~a', ' a'])('sends ./ before %j, which may be lost', async (name) => {
    await using server = await scriptedServer({ files: { [`/${name}`]: 'x' } });
    expect(await lookedUp(server, name)).toMatchObject([{ name, size: 1 }]);
    expect(server.commands).toContain(`MLST ./${name}`);
  });

  it.each([
    '550 No such file or directory.',
    '550 /dir/no: Not found',
    '501 The file does not exist',
    "553 Can't find it",
    '450 No such file',
  ])('completes without an entry at %j', async (reply) => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', reply);
    expect(await lookedUp(server, '/dir/no')).toEqual([]);
    expect(afterLogin(server)).toEqual(['MLST /dir/no', 'PWD']);
  });

  it.each([
    ['its path', ' type=file;size=3; /dir/a.txt', 'a.txt'],
    ['its name', ' type=file;size=3; a.txt', 'a.txt'],
    ['its path from a drive', ' type=file;size=3; C:\\dir\\a.txt', 'a.txt'],
    ['the name in another case', ' type=file;size=3; /DIR/A.TXT', 'A.TXT'],
  ])('takes %s for the file', async (_what, row, name) => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', mlst(row));
    expect(await lookedUp(server, '/dir/a.txt')).toMatchObject([{ name, size: 3, raw: row.slice(1) }]);
    expect(afterLogin(server)).toEqual(['MLST /dir/a.txt', 'PWD']);
  });

  it.each([
    ['another name', mlst(' type=file;size=99; /other/real')],
    ['no row', mlst()],
    ['a row that is none', mlst('  What a nice file')],
    ['a row without a type', mlst(' size=99; a.txt')],
    ['one line without a row', '250 Fine.'],
  ])('asks further where the answer has %s', async (_what, reply) => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', reply);
    expect(await lookedUp(server, '/dir/a.txt')).toMatchObject([{ name: 'a.txt', kind: 'file', size: 3 }]);
    expect(await lookedUp(server, '/dir/no')).toEqual([]);
  });

  it('never takes a file for the directory that a path names by itself', async () => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', mlst(' type=file;size=1; x'));
    expect(await lookedUp(server, '/')).toMatchObject([{ name: '/', kind: 'directory' }]);
  });

  it('goes by the default facts, and keeps all that are told', async () => {
    const row =
      'Type=OS.unix=slink:/real;Size=3;Perm=adfr;Unique=8U7;UNIX.mode=0644;Media-Type=text/plain;Lang=fr;X.y=Z=1; /dir/a.txt';
    await using server = await scriptedServer({ files });
    server.answer('MLST', mlst(` ${row}`));
    sendsRows(server, 'MLSD', row.replace('/dir/', ''));
    await using ftp = clientOf(server);
    await observe(ftp.opts$('MLST', 'size;')).settled;
    const [entry] = await observe(ftp.lookup$('/dir/a.txt')).settled;
    const [listed] = await observe(ftp.entries$('/dir')).settled;
    const facts = {
      type: 'OS.unix=slink:/real',
      size: '3',
      perm: 'adfr',
      unique: '8U7',
      'unix.mode': '0644',
      'media-type': 'text/plain',
      lang: 'fr',
      'x.y': 'Z=1',
    };
    for (const found of [entry, listed]) {
      expect(found).toMatchObject({ name: 'a.txt', kind: 'symlink', target: '/real', unique: '8U7', mode: 0o644 });
      expect(Object.fromEntries(found?.facts ?? [])).toEqual(facts);
    }
    for (const told of [ftp.mlst$('/dir/a.txt'), ftp.mlsd$('/dir')]) {
      const [machine] = await observe(told).settled;
      expect(Object.fromEntries(machine?.facts ?? [])).toEqual(facts);
    }
    expect(server.commands).toContain('OPTS MLST type;size;modify;');
  });
});

describe('lookup$ without MLST', () => {
  it.each([
    ['/dir/a.txt', { name: 'a.txt', kind: 'file', size: 3, dialect: 'unix' }],
    ['dir/a.txt', { name: 'a.txt' }],
    ['top', { name: 'top', size: 4 }],
    ['/dir/sub/', { name: 'sub', kind: 'directory' }],
    ['/dir/a b', { name: 'a b', size: 5 }],
    ['/dir/x[1]', { name: 'x[1]', size: 7 }],
    ['/dir/.rc', { name: '.rc', size: 6 }],
    ['/dir/-a', { name: '-a', size: 14 }],
  ])('finds %j in the listing of its directory', async (path, entry) => {
    await using server = await plainServer();
    expect(await lookedUp(server, path)).toEqual([expect.objectContaining(entry)]);
    expect(server.commands.filter((line) => line.startsWith('SIZE'))).toEqual([]);
  });

  it.each([
    '/dir/no',
    'no',
    '/no/a.txt',
    '/dir/a.txt/b',
    '/dir/A.TXT',
    '/dir/a',
    '/dir/a ',
    '/dir/*',
    '/dir/.no',
    'dir/sub/x',
  ])('completes without an entry for %j', async (path) => {
    await using server = await plainServer();
    expect(await lookedUp(server, path)).toEqual([]);
  });

  it.each(['/', '.', '..', 'dir/..', 'dir/.'])('finds the directory %j by CWD, and goes back', async (path) => {
    await using server = await plainServer();
    expect(await lookedUp(server, path)).toMatchObject([{ kind: 'directory', precision: 'none' }]);
  });

  it('tells the fallback once, where MLST was refused', async () => {
    await using server = await plainServer();
    server.features = ['MLST type*;', 'SIZE'];
    await using ftp = clientOf(server);
    const events = observe(ftp.events$.pipe(filter(({ type }) => type === 'fallback')));
    for (const path of ['/dir/a.txt', '/top']) expect(await observe(ftp.lookup$(path)).settled).toHaveLength(1);
    expect(events.values.filter((event) => 'what' in event && event.what === 'MLST')).toMatchObject([
      { to: 'LIST of the directory, CWD and SIZE', reply: { code: 500 } },
    ]);
    expect(server.commands.filter((line) => line.startsWith('MLST'))).toEqual(['MLST /dir/a.txt']);
    events.unsubscribe();
  });

  it.each([
    ['the file, by SIZE', '/dir/a.txt', { kind: 'file', size: 3, name: 'a.txt' }],
    ['the directory, by CWD', '/dir/sub', { kind: 'directory', name: 'sub' }],
  ])('finds %s, where the listing does not show it', async (_what, path, entry) => {
    await using server = await plainServer();
    sendsRows(server, 'LIST', '-rw-r--r--   1 ftp      ftp             3 Feb 03  2024 other');
    expect(await lookedUp(server, path)).toEqual([expect.objectContaining({ ...entry, precision: 'none' })]);
  });

  it.each([
    [
      'a symbolic link',
      'lrwxrwxrwx   1 ftp      ftp             3 Feb 03  2024 a.txt -> b.txt',
      { kind: 'symlink', target: 'b.txt' },
    ],
    ['a row of DOS', '02-03-24  04:05AM                    3 a.txt', { kind: 'file', size: 3 }],
  ])('tells %s as it is listed', async (_what, row, entry) => {
    await using server = await plainServer();
    sendsRows(
      server,
      'LIST',
      '-rw-r--r--   1 ftp      ftp             9 Feb 03  2024 a.txt.old'.replace(/.*/, row),
      row.replace(/a\.txt/, 'zzz'),
    );
    expect(await lookedUp(server, '/dir/a.txt')).toEqual([expect.objectContaining({ name: 'a.txt', ...entry })]);
  });

  it('reads the times of LIST in the zone that it is given', async () => {
    await using server = await plainServer();
    sendsRows(
      server,
      'LIST',
      '02-03-24  04:05AM                    3 a.txt',
      '02-03-24  04:05AM                    3 b.txt',
    );
    await using ftp = clientOf(server);
    const [entry] = await observe(ftp.lookup$('/dir/a.txt', { timeZone: 60, dialect: 'dos' })).settled;
    expect(entry?.modified).toEqual(new Date('2024-02-03T03:05:00Z'));
  });

  it("reads them in the client's zone without one of its own, and asks MDTM for 'auto'", async () => {
    await using server = await plainServer();
    sendsRows(
      server,
      'LIST',
      '02-03-24  04:05AM                    3 a.txt',
      '02-03-24  04:05AM                    3 b.txt',
    );
    await using ftp = clientOf(server, { timeZone: -60 });
    const [zoned] = await observe(ftp.lookup$('/dir/a.txt')).settled;
    expect(zoned).toMatchObject({ modified: new Date('2024-02-03T05:05:00Z'), precision: 'minute' });
    const [measured] = await observe(ftp.lookup$('/dir/a.txt', { timeZone: 'auto' })).settled;
    expect(measured).toMatchObject({
      modified: new Date('2024-02-03T04:05:06Z'),
      precision: 'second',
      zoneKnown: true,
    });
    expect(server.commands).toContain('MDTM /dir/a.txt');
    server.answer('MDTM', '502 What?');
    const [listed] = await observe(ftp.lookup$('/dir/b.txt', { timeZone: 'auto' })).settled;
    expect(listed).toMatchObject({ precision: 'minute', zoneKnown: false });
  });

  it('finds a file of vsftpd, which says the same of all that it refuses', async () => {
    await using server = await plainServer({ greeting: '220 (vsFTPd 3.0.5)' });
    server.on('CWD', (session, argument, { byDefault }) =>
      server.tree.isDirectory(argument) ? byDefault() : session.reply('550 Failed to change directory.'),
    );
    server.on('SIZE', (session, argument, { byDefault }) =>
      server.tree.file(argument) === undefined ? session.reply('550 Could not get file size.') : byDefault(),
    );
    server.on('LIST', async (session, argument, { byDefault }) => {
      if (argument === '' || server.tree.isDirectory(argument)) return byDefault();
      await session.reply('150 Here comes the directory listing.');
      await session.sendData('');
      await session.reply('226 Directory send OK.');
    });
    expect(await lookedUp(server, '/dir/a.txt')).toHaveLength(1);
    expect(await lookedUp(server, '/dir/no')).toEqual([]);
    expect(await lookedUp(server, '/no/a.txt')).toEqual([]);
  });
});

describe('lookup$ that cannot tell', () => {
  it.each([
    '550 Permission denied.',
    '550 /dir/a.txt: Access is denied',
    '530 Not logged in',
  ])('errors with the refusal %j, where nothing else tells of the file', async (reply) => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', reply).answer('MLSD', reply).answer('LIST', reply).answer('CWD', reply).answer('SIZE', reply);
    await using ftp = clientOf(server);
    const error = await observe(ftp.lookup$('/dir/no')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ reply: { code: Number(reply.slice(0, 3)) }, transient: false });
    expect(String(error)).toContain('The client cannot tell whether /dir/no exists: ');
  });

  it('errors where MLST is forbidden, and nothing but the listing tells that it is not there', async () => {
    await using server = await scriptedServer({ files });
    server.features = ['MLST type*;', 'SIZE'];
    server.answer('MLST', '550 Permission denied.').answer('SIZE', '550 Failed.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/no')).failed).toMatchObject({ reply: { text: 'Permission denied.' } });
    server.answer('SIZE', '550 No such file.');
    expect(await observe(ftp.lookup$('/dir/no')).settled).toEqual([]);
  });

  it('errors where MLST is forbidden, and the directory is said not to be there (pyftpdlib)', async () => {
    await using server = await scriptedServer({ files, greeting: '220 pyftpdlib 1.5.7 ready.' });
    server.answer('MLST', '550 Permission denied.').answer('MLSD', '550 No such directory.');
    server.answer('CWD', '550 Permission denied.').answer('SIZE', '550 /dir/sub/no is not retrievable.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/sub/no')).failed).toMatchObject({ reply: { text: 'Permission denied.' } });
  });

  it('is not misled by "permission denied" of a file that a listing shows', async () => {
    await using server = await scriptedServer({ files });
    server.answer('MLST', '550 Permission denied.');
    expect(await lookedUp(server, '/dir/a.txt')).toMatchObject([{ size: 3 }]);
  });

  it.each([
    ['MLST', '450 Busy.'],
    ['MLST', '451 Local error.'],
  ])('errors at %s %s, for now', async (verb, reply) => {
    await using server = await scriptedServer({ files });
    server.answer(verb, reply);
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/a.txt')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', transient: true });
  });

  it.each([
    ['CWD', '450 Busy.'],
    ['SIZE', '451 Local error.'],
  ])('errors at %s %s, for now, also without MLST', async (verb, reply) => {
    await using server = await plainServer();
    server.answer(verb, reply);
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('no')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', transient: true });
  });

  it('errors where a row is not understood and the name is in no other, but not where it is', async () => {
    await using server = await plainServer();
    const row = '-rw-r--r--   1 ftp      ftp             3 Feb 03  2024 a.txt';
    sendsRows(server, 'LIST', row, '%% what is this? %%', row.replace('a.txt', 'b.txt'));
    server.answer('SIZE', '550 Could not get file size.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/b.txt')).settled).toHaveLength(1);
    const error = await observe(ftp.lookup$('/dir/c.txt')).failed;
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error).toMatchObject({ unparsed: ['%% what is this? %%'] });
    expect(String(error)).toContain('The client cannot tell whether /dir/c.txt exists: ');
    expect(String(error)).not.toContain("unparsed: 'report'");
  });

  it('errors where the directory is there and cannot be listed, and the server gives no reason', async () => {
    await using server = await plainServer();
    server.answer('LIST', '550 Failed.').answer('SIZE', '550 Failed.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/no')).failed).toBeInstanceOf(FtpReplyError);
    expect(await observe(ftp.lookup$('/no/no')).settled).toEqual([]);
  });

  it.each([' a', 'a ', 'a  '])('errors for %j where the listing has the name without its blanks', async (name) => {
    await using server = await plainServer();
    sendsRows(server, 'LIST', '-rw-r--r--   1 ftp      ftp             3 Feb 03  2024 a', 'total 0');
    await using ftp = clientOf(server);
    expect(String(await observe(ftp.lookup$(`/dir/${name}`)).failed)).toContain('so CWD and SIZE were not sent');
    expect(server.commands.filter((line) => line.startsWith('SIZE'))).toEqual([]);
  });

  it.each([' a', 'a '])('completes for %j where a known server lists another name', async (name) => {
    await using server = await plainServer({ greeting: '220 (vsFTPd 3.0.5)' });
    sendsRows(server, 'LIST', '-rw-r--r--   1 ftp      ftp             3 Feb 03  2024 a');
    expect(await lookedUp(server, name)).toEqual([]);
  });

  it('stays where it is on a server without PWD, and tells what SIZE tells', async () => {
    await using server = await plainServer();
    server.answer('PWD', '502 What?');
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.lookup$('/dir/a.txt')).settled).toMatchObject([{ kind: 'other', size: 3 }]);
    expect(await observe(open.ftp.lookup$('top')).settled).toMatchObject([{ kind: 'file', size: 4 }]);
    expect(await observe(open.ftp.lookup$('no')).settled).toEqual([]);
    expect(await observe(open.ftp.lookup$('/dir/sub')).ended).toBe('error');
    expect(server.commands.filter((line) => line.startsWith('CWD'))).toEqual([]);
    expect(await observe(open.ftp.noop$()).ended).toBe('complete');
  });
});

describe('lookup$', () => {
  it.each([
    'a\r\nDELE b',
    'a\0',
    undefined as never,
    5 as never,
  ])('refuses the path %j, with nothing sent', async (path) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$(path)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it.each([
    [{ timeZone: 'Nowhere/Never' }, /Nowhere/],
    [{ dialect: 'windows' as never }, /dialect/],
    [{ format: 'dos' } as never, /dialect/],
    [{ hidden: true } as never, /hidden/],
  ])('refuses the options %j, with nothing sent', async (options, words) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const error = await observe(ftp.lookup$('/a', options)).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toMatch(words);
    expect(server.sessions).toHaveLength(0);
  });

  it('runs each time that it is subscribed', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const entry$ = ftp.lookup$('/top');
    expect(afterLogin(server)).toEqual([]);
    await observe(entry$).settled;
    await observe(entry$).settled;
    expect(afterLogin(server)).toEqual(['MLST /top', 'MLST /top']);
  });

  it.each(['MLST', 'LIST', 'CWD'])('that is left at %s goes no further, and is where it was', async (verb) => {
    await using server = verb === 'MLST' ? await scriptedServer({ files }) : await plainServer();
    server.once(verb, async (_session, _argument, { byDefault }) => {
      leaving.unsubscribe();
      await byDefault();
    });
    await using ftp = clientOf(server);
    const leaving = observe(ftp.lookup$('/dir/no'));
    await server.received(verb);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(leaving.values).toEqual([]);
    expect(server.commands.filter((line) => line.startsWith('SIZE'))).toEqual([]);
  });

  it('that its signal aborts has the reason', async () => {
    await using server = await plainServer();
    const controller = new AbortController();
    const reason = new Error('mine');
    server.once('LIST', async (_session, _argument, { byDefault }) => {
      controller.abort(reason);
      await byDefault();
    });
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/a.txt', { signal: controller.signal })).failed).toBe(reason);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('errors where the connection is lost in the listing', async () => {
    await using server = await plainServer();
    server.on('LIST', (session) => session.closeControl('rst'));
    await using ftp = clientOf(server);
    expect(await observe(ftp.lookup$('/dir/a.txt')).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
  });
});
