/** By which commands a directory is listed, on servers that misread a path, lack a command, or refuse where nothing is. */
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpReplyError, FtpTransferError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/a': 'a', '/dir/b': 'bc', '/dir/sub/': '', '/my dir/c': 'c', '/br[1]/d': 'd', '/empty/': '' };
const VSFTPD = '220 (vsFTPd 3.0.5)';
const STRANGER = '220 Device ready.';
/** Its MLSD is given a path at once. */
const KNOWN = '220 Ready (rxftp test server)';
const NOWHERE = '.rxftp-no-such-directory';

async function open(greeting: string, features: readonly string[] = []): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting });
  server.features = features;
  return server;
}

async function names(ftp: FtpClient, path?: string): Promise<string[]> {
  return (await observe(ftp.entries$(path)).settled).map(({ name }) => name);
}

/** The commands that list, move or ask where the session is. */
function dialogue(server: ScriptedServer): string[] {
  return afterLogin(server).filter((line) => /^(LIST|MLSD|CWD|PWD|STAT)/.test(line));
}

/** Refuses the command with a path, or without one, as the reply says. */
function refuses(server: ScriptedServer, verb: string, reply: string, where: (argument: string) => boolean): void {
  server.on(verb, (session, argument, command) => (where(argument) ? session.reply(reply) : command.byDefault()));
}

const always = (): boolean => true;

describe('entries$ on a server whose LIST ignores its argument', () => {
  it('goes into the directory and comes back', async () => {
    await using server = await open(STRANGER);
    server.on('LIST', async (session, _argument, command) => {
      if (command.argument === '') return command.byDefault();
      await session.reply('150 Here.');
      await session.sendData('-rw-r--r-- 1 u g 1 Jan  1  2024 a\r\n');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(dialogue(server)).toEqual(['PWD', 'CWD /dir', 'LIST', 'CWD /']);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('lists where it is for an empty path', async () => {
    await using server = await open(STRANGER);
    await using ftp = clientOf(server);
    expect(await names(ftp, '')).toEqual(await names(ftp));
    expect(dialogue(server)).toEqual(['LIST', 'LIST']);
  });

  it('gives it the path where the session could not come back, since the server has no PWD', async () => {
    await using server = await open(STRANGER);
    server.answer('PWD', '502 What?');
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(await names(ftp, '/my dir')).toEqual(['c']);
    expect(dialogue(server)).toEqual(['PWD', 'LIST /dir', 'CWD /my dir', 'LIST']);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(server.sessions).toHaveLength(2);
  });

  it('gives it the path where the server has no CWD', async () => {
    await using server = await open(STRANGER);
    server.answer('CWD', '502 What?');
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(dialogue(server)).toEqual(['PWD', 'CWD /dir', 'LIST /dir']);
  });
});

describe('entries$ on a server whose LIST is known to take paths', () => {
  it('gives it the path', async () => {
    await using server = await open(VSFTPD);
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(dialogue(server)).toEqual(['LIST /dir']);
  });

  it.each([
    ['/my dir', 'c'],
    ['/br[1]', 'd'],
  ])('but not %s', async (path, name) => {
    await using server = await open(VSFTPD);
    await using ftp = clientOf(server);
    expect(await names(ftp, path)).toEqual([name]);
    expect(dialogue(server)).toEqual(['PWD', `CWD ${path}`, 'LIST', 'CWD /']);
  });

  it('does so no more once a path was refused for its form, and tells it', async () => {
    await using server = await open(VSFTPD);
    refuses(server, 'LIST', '501 No arguments.', (path) => path === '/dir');
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    const within = ['PWD', 'CWD /dir', 'LIST', 'CWD /'];
    expect(dialogue(server)).toEqual(['LIST /dir', ...within, ...within]);
    expect(told.values).toContainEqual(expect.objectContaining({ type: 'fallback', what: 'LIST path' }));
  });
});

describe('entries$ by MLSD', () => {
  it.each([
    ['a pattern, of which it lists what fits', '/br[1]', 'd'],
    ['a name with a blank', '/my dir', 'c'],
  ])('lists from within what an unknown server may take for %s', async (_what, path, name) => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    refuses(server, 'MLSD', '501 Syntax error.', (argument) => argument.includes(' '));
    await using ftp = clientOf(server);
    expect(await names(ftp, path)).toEqual([name]);
    expect(dialogue(server)).toEqual(['PWD', `CWD ${path}`, 'MLSD', 'CWD /']);
  });

  it('gives ProFTPD any path but one with control characters', async () => {
    await using server = await open('220 ProFTPD Server ready.', ['MLST type*;size*;']);
    await using ftp = clientOf(server);
    expect(await names(ftp, '/br[1]')).toEqual(['d']);
    expect(dialogue(server)).toEqual(['MLSD /br[1]']);
  });

  it('gives Pure-FTPd no path that begins with a hyphen: of a missing one it lists its own directory', async () => {
    await using server = await open('220 Welcome to Pure-FTPd', ['MLST type*;']);
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('-none')).failed).toBeInstanceOf(FtpReplyError);
    expect(dialogue(server)[0]).toBe('MLSD ./-none');
  });

  it('goes into the directory where the path is refused, and remembers', async () => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    server.on('MLSD', (session, _path, command) =>
      command.argument === '' ? command.byDefault() : session.reply('501 No arguments.'),
    );
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    const within = ['PWD', 'CWD /dir', 'MLSD', 'CWD /'];
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, 'MLSD /dir', ...within, ...within]);
  });

  it('does not look further where it is refused for now, or of rights', async () => {
    for (const reply of ['450 Busy.', '550 Permission denied.']) {
      await using server = await open(KNOWN, ['MLST type*;size*;']);
      server.answer('MLSD', reply);
      await using ftp = clientOf(server);
      const error = await observe(ftp.entries$('/dir')).failed;
      expect(error).toMatchObject({ command: 'MLSD /dir', reply: { code: Number(reply.slice(0, 3)) } });
      expect(dialogue(server)).toEqual(['MLSD /dir']);
    }
  });

  it('errors with its refusal where the directory cannot be entered', async () => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/no')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'MLSD /no', reply: { code: 550 } });
    expect(dialogue(server)).toEqual([`MLSD /no/${NOWHERE}`, 'MLSD /no', 'PWD', 'CWD /no']);
  });
});

describe('entries$ on a server whose FEAT names MLST, and which has no MLSD', () => {
  it.each([
    '500',
    '502',
    '504',
    '402',
    '501',
    '550',
  ])('lists by LIST where it answers %s, and remembers', async (code) => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    server.answer('MLSD', `${code} No.`);
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    const sent = dialogue(server).length;
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    expect(dialogue(server).slice(sent)).toEqual([`LIST /dir/${NOWHERE}`, 'LIST /dir']);
    expect(await names(ftp)).toEqual(expect.arrayContaining(['a', 'dir']));
    expect(dialogue(server).at(-1)).toBe('LIST');
    expect(told.values.filter(({ type }) => type === 'fallback')).toMatchObject([{ what: 'MLSD', to: 'LIST' }]);
  });

  it('is the refusal of MLSD where LIST is refused too', async () => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    server.answer('MLSD', '550 Cannot.').answer('LIST', '550 Cannot either.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$()).failed).toMatchObject({ command: 'MLSD', reply: { code: 550 } });
    expect(await observe(ftp.entries$('/dir')).failed).toMatchObject({ command: 'MLSD' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is used again after a refusal, where it has worked before', async () => {
    await using server = await open(STRANGER, ['MLST type*;size*;']);
    await using ftp = clientOf(server);
    await names(ftp, '/dir');
    server.once('MLSD', (session) => session.reply('550 Cannot.'));
    expect(await names(ftp, '/dir')).toEqual(['b', 'sub']);
    server.answer('MLSD', '550 Cannot.');
    expect(await observe(ftp.entries$()).failed).toMatchObject({ command: 'MLSD', reply: { code: 550 } });
    expect(server.commands.filter((line) => line.startsWith('LIST'))).toEqual([]);
  });
});

describe('entries$ of a directory without files', () => {
  it.each([
    ['550 No files found.', '/empty'],
    ['550 No files found.', undefined],
    ['450 /empty: No such file or directory', '/empty'],
    ['450 No members.', undefined],
  ])('is empty where LIST is refused by %j (%s)', async (reply, path) => {
    for (const greeting of [STRANGER, VSFTPD]) {
      await using server = await open(greeting);
      server.answer('LIST', reply);
      await using ftp = clientOf(server);
      expect(await names(ftp, path)).toEqual([]);
      expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    }
  });

  it.each([
    '550 No files found.',
    '450 Nothing.',
    '450 No such file',
  ])('is an error where there is no directory: %s', async (reply) => {
    for (const greeting of [STRANGER, VSFTPD]) {
      await using server = await open(greeting);
      server.answer('LIST', reply);
      await using ftp = clientOf(server);
      expect(await observe(ftp.entries$('/no')).failed).toBeInstanceOf(FtpReplyError);
    }
  });

  it.each([
    '550 Permission denied.',
    '550 /dir: what now',
    '450 /dir: what now',
    '450 Zugriff verweigert.',
    '450 Device not ready.',
    '550 Directory listing failed: module not found',
    '450 Busy, try again later.',
    '550 No files: access denied.',
    '553 No files.',
  ])('is no empty one where LIST is refused by %j', async (reply) => {
    await using server = await open(STRANGER);
    refuses(server, 'LIST', reply, always);
    await using ftp = clientOf(server);
    for (const path of ['/dir', undefined]) {
      expect(await observe(ftp.entries$(path)).failed).toMatchObject({ reply: { code: Number(reply.slice(0, 3)) } });
    }
  });

  it.each([
    ['the directory is gone', '257 "/dir"', '550 No such directory.'],
    ['PWD does not tell it', '502 What?', '250 Ok.'],
  ])('is an error for the own directory where %s', async (_why, pwd, cwd) => {
    await using server = await open(STRANGER);
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/dir')).settled;
    server.answer('LIST', '550 No such file or directory').answer('PWD', pwd).answer('CWD', cwd);
    const error = await observe(ftp.entries$()).failed;
    expect(error).toMatchObject({ command: 'LIST', reply: { code: 550, text: 'No such file or directory' } });
  });

  it('is empty where CWD shows that the own directory is there', async () => {
    await using server = await open(STRANGER);
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/empty')).settled;
    server.answer('LIST', '550 No such file or directory');
    const before = dialogue(server).length;
    expect(await names(ftp)).toEqual([]);
    expect(dialogue(server).slice(before)).toEqual(['LIST', 'PWD', 'CWD /empty']);
  });
});

describe('entries$ of what is listed as empty', () => {
  const nothing = async (server: ScriptedServer, verb: string, text = ''): Promise<void> => {
    server.on(verb, async (session) => {
      await session.reply('150 Here.');
      await session.sendData(text);
      await session.reply('226 Done.');
    });
  };

  it.each([
    ['MLSD', '', ['MLST type*;size*;']],
    ['LIST', '', []],
    ['LIST', '\r\n', []],
    ['LIST', 'total 0\r\n', []],
  ])('by %s (%j) is an error unless CWD enters it', async (verb, text, features) => {
    await using server = await open(verb === 'MLSD' ? KNOWN : VSFTPD, features);
    await nothing(server, verb, text);
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/no')).failed).toMatchObject({ command: 'CWD /no', reply: { code: 550 } });
    expect(await names(ftp, '/empty')).toEqual([]);
    expect(dialogue(server)).toEqual([`${verb} /no`, 'PWD', 'CWD /no', `${verb} /empty`, 'PWD', 'CWD /empty', 'CWD /']);
  });

  it.each([
    ['MLSD', ['MLST type*;size*;']],
    ['LIST', []],
  ])('by %s is an error where the own directory is gone', async (verb, features) => {
    await using server = await open(STRANGER, features);
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/empty')).settled;
    await nothing(server, verb);
    expect(await names(ftp)).toEqual([]);
    server.answer('CWD', '550 No such directory.');
    expect(await observe(ftp.entries$()).failed).toMatchObject({ command: 'CWD /empty', reply: { code: 550 } });
    server.answer('PWD', '502 What?');
    expect(await names(ftp)).toEqual([]);
  });
});

describe('entries$ of a directory that may not be read', () => {
  it('is an error where the final reply says so', async () => {
    for (const greeting of [STRANGER, VSFTPD]) {
      for (const path of ['/dir', undefined]) {
        await using server = await open(greeting);
        server.on('LIST', async (session) => {
          await session.reply('150 Here.');
          await session.sendData('');
          await session.reply('226 Transfer done (but failed to open directory).');
        });
        await using ftp = clientOf(server);
        const error = await observe(ftp.entries$(path)).failed;
        expect(error).toBeInstanceOf(FtpReplyError);
        expect(error).toMatchObject({ outcome: 'refused', reply: { code: 226 } });
        expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
      }
    }
  });

  it.each([
    ['/none', FtpReplyError, 'CWD /none'],
    ['/dir', FtpTransferError, 'LIST -a /dir'],
  ])('tells of %s, whose listing begins and is refused, what CWD tells', async (path, type, command) => {
    await using server = await open('220 ProFTPD Server');
    server.answer('LIST', '150 Here it comes.\r\n450 none: No such file or directory');
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$(path, { hidden: true })).failed;
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ command });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is the refusal of CWD where the final reply says so of what is no directory', async () => {
    await using server = await open(VSFTPD);
    server.on('LIST', async (session) => {
      await session.reply('150 Here.');
      await session.sendData('');
      await session.reply('226 Transfer done (but failed to open directory).');
    });
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/no/')).failed).toMatchObject({ command: 'CWD /no/', reply: { code: 550 } });
    expect(String(await observe(ftp.entries$('/dir/b')).failed)).toContain('/dir/b is a file, and not a directory');
  });
});
