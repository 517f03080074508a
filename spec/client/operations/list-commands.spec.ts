/** `hidden` and `via: 'stat'` of `entries$`: what is sent, and what is made of the answers. */
import { describe, expect, it } from 'vitest';
import { type EntriesOptions, FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/dir/a': 'abc', '/dir/.h': '', '/one/one': 'x', '/my dir/c': '', '/empty/': '', '/file': 'x' };
const VSFTPD = '220 (vsFTPd 3.0.5)';
const DOT = 'drwxr-xr-x 2 u g 7 Jan  1  2024 .';
const ROWS = [`${DOT}`, '-rw-r--r-- 1 u g 3 Jan  1  2024 a', '-rw-r--r-- 1 u g 0 Jan  1  2024 .h'];

async function open(greeting = '220 Hello.'): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting });
  server.features = [];
  return server;
}

async function listed(server: ScriptedServer, path: string | undefined, options: EntriesOptions): Promise<string[]> {
  await using ftp = clientOf(server);
  return (await observe(ftp.entries$(path, options)).settled).map(({ name }) => name);
}

async function refusal(server: ScriptedServer, path: string, options: EntriesOptions): Promise<unknown> {
  await using ftp = clientOf(server);
  const error = await observe(ftp.entries$(path, options)).failed;
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  return error;
}

function dialogue(server: ScriptedServer): string[] {
  return afterLogin(server).filter((line) => /^(LIST|MLSD|CWD|STAT)/.test(line));
}

async function sends(server: ScriptedServer, verb: string, rows: readonly string[], when: string): Promise<void> {
  server.on(verb, async (session, _path, command) => {
    if (command.argument !== when) return command.byDefault();
    await session.reply('150 Ok.');
    await session.sendData(rows.map((row) => `${row}\r\n`).join(''));
    await session.reply('226 Done.');
  });
}

describe('hidden', () => {
  it('lists by LIST -a, from within', async () => {
    await using server = await open();
    await sends(server, 'LIST', ROWS, '-a');
    expect(await listed(server, '/dir', { hidden: true })).toEqual(['a', '.h']);
    expect(dialogue(server)).toEqual(['CWD /dir', 'LIST -a', 'CWD /']);
  });

  it.each([
    VSFTPD,
    '220 ProFTPD Server',
    '220 Welcome to Pure-FTPd',
  ])('gives LIST -a the path where the server is known to read both: %s', async (greeting) => {
    await using server = await open(greeting);
    await sends(server, 'LIST', ROWS, '-a /dir');
    expect(await listed(server, '/dir', { hidden: true })).toEqual(['a', '.h']);
    expect(afterLogin(server)).toEqual(['EPSV', 'LIST -a /dir']);
  });

  it.each([
    '220 pyftpdlib 1.5.7 ready.',
    '220 inetutils FTP server',
    '220 Hello.',
  ])('never gives LIST -a the path to another server: %s', async (greeting) => {
    await using server = await open(greeting);
    await sends(server, 'LIST', ROWS, '-a');
    for (let time = 0; time < 2; time += 1) {
      expect(await listed(server, '/dir', { hidden: true })).toEqual(['a', '.h']);
    }
    expect(dialogue(server).filter((line) => line.startsWith('LIST'))).toEqual(['LIST -a', 'LIST -a']);
  });

  it('goes into a directory whose name has a blank, and gives LIST no path', async () => {
    await using server = await open(VSFTPD);
    await sends(server, 'LIST', ROWS, '-a');
    expect(await listed(server, '/my dir', { hidden: true })).toEqual(['a', '.h']);
    expect(dialogue(server)).toEqual(['CWD /my dir', 'LIST -a', 'CWD /']);
  });

  it('takes an empty listing by LIST -a and a path for a directory that may be missing', async () => {
    await using server = await open(VSFTPD);
    await sends(server, 'LIST', [], '-a /none');
    expect(await refusal(server, '/none', { hidden: true })).toMatchObject({ command: 'CWD /none' });
  });

  it('takes the one row of a file for no directory', async () => {
    await using server = await open(VSFTPD);
    await sends(server, 'LIST', ['-rw-r--r-- 1 u g 1 Jan  1  2024 /file'], '-a /file');
    expect(await refusal(server, '/file', { hidden: true })).toMatchObject({ command: 'CWD /file' });
  });

  it('goes in where a known server refuses the path, and gives it none any more', async () => {
    await using server = await open(VSFTPD);
    server.on('LIST', async (session, _path, command) => {
      if (command.argument !== '-a') return session.reply('501 No such option.');
      await session.reply('150 Ok.');
      await session.sendData(ROWS.map((row) => `${row}\r\n`).join(''));
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    for (let time = 0; time < 2; time += 1) {
      expect(await observe(ftp.entries$('/dir', { hidden: true })).settled).toHaveLength(2);
    }
    expect(dialogue(server).filter((line) => line.startsWith('LIST'))).toEqual(['LIST -a /dir', 'LIST -a', 'LIST -a']);
  });

  it('lists by MLSD as ever', async () => {
    await using server = await scriptedServer({ files });
    expect(await listed(server, '/dir', { hidden: true })).toEqual(expect.arrayContaining(['a', '.h']));
    expect(dialogue(server)).toEqual(['MLSD /dir']);
  });

  it('goes without where -a is refused, and remembers', async () => {
    await using server = await open();
    server.on('LIST', (session, _path, command) =>
      command.argument === '-a' ? session.reply('501 No options.') : command.byDefault(),
    );
    await using ftp = clientOf(server);
    for (let time = 0; time < 2; time += 1) {
      expect(await observe(ftp.entries$('/dir', { hidden: true })).settled).toHaveLength(2);
    }
    expect(server.commands.filter((line) => line.startsWith('LIST'))).toEqual(['LIST -a', 'LIST', 'LIST']);
  });

  it('asks without where -a is taken for a name, of which there is nothing to list', async () => {
    await using server = await open();
    await sends(server, 'LIST', [], '-a');
    expect(await listed(server, '/dir', { hidden: true })).toHaveLength(2);
    expect(await listed(server, '/empty', { hidden: true })).toEqual([]);
  });

  it.each([
    'ls: -a: No such file or directory',
    "/bin/ls: cannot access '-a': No such file or directory",
    'total 0',
  ])('asks without where -a is taken for a name, which is told as data: %s', async (row) => {
    await using server = await open();
    await sends(server, 'LIST', [row], '-a');
    expect(await listed(server, '/dir', { hidden: true })).toHaveLength(2);
    expect(await listed(server, '/empty', { hidden: true })).toEqual([]);
    expect(dialogue(server).slice(0, 4)).toEqual(['CWD /dir', 'LIST -a', 'LIST', 'CWD /']);
  });

  it('is refused where rights are missing', async () => {
    await using server = await open();
    server.answer('LIST', '550 Permission denied.');
    expect(await refusal(server, '/dir', { hidden: true })).toMatchObject({ command: 'LIST -a' });
  });
});

describe("via: 'stat'", () => {
  const via = 'stat';

  it('opens no data connection', async () => {
    await using server = await open();
    server.answer('STAT', `213-Status:\r\n${ROWS.join('\r\n')}\r\n213 End.`);
    expect(await listed(server, '/dir', { via })).toEqual(['a', '.h']);
    expect(afterLogin(server)).toEqual(['PWD', 'CWD /dir', 'STAT .', 'CWD /']);
    expect(await listed(server, undefined, { via })).toEqual(['a', '.h']);
    expect(server.commands.filter((line) => /^(EPSV|PASV|TYPE)/.test(line))).toEqual([]);
  });

  it('gives it the path on a server whose commands are known to take one', async () => {
    await using server = await open(VSFTPD);
    server.answer('STAT', `213-Status:\r\n ${ROWS.join('\r\n ')}\r\n213 End.`);
    expect(await listed(server, '/dir', { via })).toEqual(['a', '.h']);
    expect(await listed(server, '/my dir', { via })).toEqual(['a', '.h']);
    expect(dialogue(server)).toEqual(['STAT /dir', 'CWD /my dir', 'STAT .', 'CWD /']);
  });

  it('lists hidden files by -a, where the server takes that', async () => {
    await using server = await open();
    server.on('STAT', (session, _path, command) =>
      command.argument === '-a .'
        ? session.reply('550 No such file.')
        : session.reply(`211-x\r\n${ROWS.join('\r\n')}\r\n211 y`),
    );
    expect(await listed(server, '/dir', { via, hidden: true })).toEqual(['a', '.h']);
    expect(dialogue(server)).toEqual(['CWD /dir', 'STAT -a .', 'STAT .', 'CWD /']);
  });

  it('is an error for what is no directory', async () => {
    await using server = await open(VSFTPD);
    server.answer('STAT', '213-Status follows:\r\n213 End of status');
    expect(await refusal(server, '/no', { via })).toMatchObject({ command: 'CWD /no', reply: { code: 550 } });
    server.answer('STAT', '213-Status:\r\n-rw-r--r-- 1 u g 3 Jan  1  2024 file\r\n213 End.');
    expect(String(await refusal(server, '/file', { via }))).toContain('/file is a file, and not a directory');
  });

  it('is an error where the server has no STAT, or none of a path', async () => {
    await using server = await open();
    server.answer('STAT', '502 What?');
    expect(await refusal(server, '/dir', { via })).toBeInstanceOf(FtpReplyError);
  });

  it.each([
    '211 System status OK',
    '213 File status',
    '211-FTP server status:\r\n211 End of status',
    '211-FTP server status:\r\n Connected to here\r\n211 End of status',
    '211-Status of /dir:\r\n211 End of status',
  ])('is an error for the status of the server: %j', async (reply) => {
    for (const unparsed of ['error', 'report'] as const) {
      await using server = await open();
      server.answer('STAT', reply);
      const error = await refusal(server, '/dir', { via, unparsed });
      expect(error).toBeInstanceOf(FtpReplyError);
      expect(error).toMatchObject({ command: 'STAT .', reply: { code: Number(reply.slice(0, 3)) } });
    }
  });

  it.each([
    ['alone', `213 ${ROWS[1]}`, ['a']],
    ['in the first and the last line', `213-${ROWS[1]}\r\n213 ${ROWS[2]}`, ['a', '.h']],
    ['between them', `211-status of /dir:\r\n${ROWS[1]}\r\n211 End of Status`, ['a']],
    ['that are none', '213-Status follows:\r\n213 End of status', []],
    ['that sum up to zero', '211-status of /server:\r\ntotal 0\r\n211 End of Status', []],
    ['of DOS, alone', '213 01-02-24  10:00AM                    3 a', ['a']],
  ])('reads rows %s', async (_where, reply, expected) => {
    await using server = await open();
    server.answer('STAT', reply);
    expect(await listed(server, '/dir', { via })).toEqual(expected);
  });

  it('tells rows that are not understood', async () => {
    await using server = await open();
    server.answer('STAT', `211-Status:\r\n${ROWS.join('\r\n')}\r\nwhat is this\r\n211 End.`);
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$(undefined, { via }));
    expect(await entries.failed).toMatchObject({ unparsed: ['what is this'] });
    expect(entries.values).toHaveLength(2);
  });
});
