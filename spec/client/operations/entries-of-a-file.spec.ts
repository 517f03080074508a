/** `entries$` of a file, on servers with their different ways to list one: an error on all of them. */
import { describe, expect, it } from 'vitest';
import { FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

/** Its LIST is given a path. */
const VSFTPD = '220 (vsFTPd 3.0.5)';
const files = { '/dir/a.txt': 'abc', '/same/same': 'x', '/one/other': 'y', '/link': 'z' };

/** Sends one listing, whatever is asked for. */
function lists(server: ScriptedServer, verb: string, text: string): void {
  server.on(verb, async (session) => {
    await session.reply('150 Here it comes.');
    await session.sendData(text);
    await session.reply('226 Done.');
  });
}

const FILE = '-rw-r--r--   1 ftp      ftp             3 Feb 03  2024';

const IS_A_FILE = /\/dir\/a\.txt is a file, and not a directory \(.*\)\. Use lookup\$ for one file\.$/;

describe('entries$ of a file', () => {
  it.each([
    ['its own name', `${FILE} a.txt\r\n`],
    ['its path', `${FILE} /dir/a.txt\r\n`],
    ['a link', 'lrwxrwxrwx   1 ftp      ftp             3 Feb 03  2024 a.txt -> b.txt\r\n'],
    ['a line of DOS', '02-03-24  04:05AM                    3 a.txt\r\n'],
  ])('is an error where LIST gives %s', async (_what, text) => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    lists(server, 'LIST', text);
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$('/dir/a.txt'));
    const error = await entries.failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(String(error)).toMatch(IS_A_FILE);
    expect(entries.values).toEqual([]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is an error where MLSD gives its own entry', async () => {
    await using server = await scriptedServer({ files });
    lists(server, 'MLSD', 'type=file;size=3; a.txt\r\n');
    await using ftp = clientOf(server);
    expect(String(await observe(ftp.entries$('/dir/a.txt')).failed)).toMatch(IS_A_FILE);
  });

  it.each([
    ['501 No such directory.', IS_A_FILE],
    ['501 /dir/a.txt: Not a directory', IS_A_FILE],
    ['550 Not a directory', IS_A_FILE],
  ])('is an error where MLSD is refused by %s, and MLSD is used again', async (reply, words) => {
    await using server = await scriptedServer({ files });
    server.once('MLSD', (session) => session.reply(reply));
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/dir/a.txt')).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'MLSD /dir/a.txt', transient: false });
    expect(String(error)).toMatch(words);
    expect(await observe(ftp.entries$('/dir')).settled).toHaveLength(1);
    expect(server.commands.filter((line) => line.startsWith('LIST'))).toEqual([]);
  });
});

describe('entries$ of a file that CWD does not enter', () => {
  /** inetutils is never given a path to list: its LIST hands words to ls. */
  const inetutils = '220 ftp.example.com FTP server (GNU inetutils 2.4) ready.';

  it.each([
    ['550 /dir/a.txt: Not a directory.', IS_A_FILE],
    ['550 Failed to change directory.', IS_A_FILE],
  ])('is an error on inetutils: %s', async (reply, words) => {
    await using server = await scriptedServer({ files, greeting: inetutils });
    server.features = [];
    server.answer('CWD', reply);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/dir/a.txt')).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'CWD /dir/a.txt', reply: { code: 550 } });
    expect(String(error)).toMatch(words);
    expect(server.commands.some((line) => line.startsWith('LIST'))).toBe(false);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is an error where LIST gives nothing', async () => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    lists(server, 'LIST', '');
    server.answer('CWD', "550 Can't change directory to /dir/a.txt: Not a directory");
    await using ftp = clientOf(server);
    expect(String(await observe(ftp.entries$('/dir/a.txt')).failed)).toMatch(IS_A_FILE);
  });

  it.each([
    ['/dir/a b.txt', 'SIZE /dir/a b.txt'],
    ['/dir/a b.txt/', 'SIZE /dir/a b.txt'],
    ['/dir/../dir/a b.txt', 'SIZE /dir/../dir/a b.txt'],
    ['/dir/a.txt/', 'SIZE /dir/a.txt'],
  ])('is an error where CWD says nothing of it: %s', async (path, asked) => {
    await using server = await scriptedServer({ files: { ...files, '/dir/a b.txt': 'abc' } });
    server.features = [];
    if (!path.includes(' ')) lists(server, 'LIST', '');
    server.answer('CWD', '550 Failed to change directory.');
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$(path)).failed;
    expect(String(error)).toContain(`${path} is a file, and not a directory (CWD ${path} was refused: 550 Failed`);
    expect(server.commands.at(-1)).toBe(asked);
  });

  it.each([
    ['there is nothing', '550 Failed to change directory.', '550 No such file.', /is it a directory\?/],
    ['SIZE is not known', '550 Failed to change directory.', '502 What?', /is it a directory\?/],
    ['SIZE brings no size', '550 Failed to change directory.', '213 File status', /is it a directory\?/],
    ['CWD is refused for now', '450 Busy.', '213 3', /CWD \/dir\/a b\.txt was refused: 450/],
  ])('is the refusal itself where %s', async (_why, refusal, size, words) => {
    await using server = await scriptedServer({ files });
    server.features = [];
    server.answer('CWD', refusal).answer('SIZE', size);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/dir/a b.txt')).failed;
    expect(error).toMatchObject({ command: 'CWD /dir/a b.txt' });
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toMatch(/is a file/);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each([
    ['a directory that is closed', '250-Listing\r\n type=dir; /dir/a.txt\r\n250 End.'],
    ['nothing', '550 No such file.'],
  ])('is not said of %s, by MLST', async (_what, reply) => {
    await using server = await scriptedServer({ files });
    server.answer('MLSD', '550 Not for you.').answer('MLST', reply);
    await using ftp = clientOf(server);
    const error = await observe(ftp.entries$('/dir/a.txt')).failed;
    expect(String(error)).toMatch(/MLSD \/dir\/a\.txt was refused: 550 Not for you\. \(/);
    expect(server.commands.at(-1)).toBe('MLST /dir/a.txt');
  });

  it('is asked no more once its subscriber has left', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$('/dir/a.txt'));
    server.on('MLSD', async (session) => {
      entries.unsubscribe();
      await session.reply('550 Not for you.');
    });
    await server.received('MLSD');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands.some((line) => line.startsWith('MLST'))).toBe(false);
  });

  it('is sent no more once its subscriber has left', async () => {
    await using server = await scriptedServer({ files, greeting: inetutils });
    server.features = [];
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$('/dir/a.txt'));
    server.on('CWD', async (session) => {
      entries.unsubscribe();
      await session.reply('550 /dir/a.txt: Not a directory.');
    });
    await server.received('CWD');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(entries.values).toEqual([]);
  });
});

describe('entries$ of a directory', () => {
  it.each([['MLST'], []])('with one file of its own name gives that (features: %s)', async (...features) => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = features;
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/same')).settled).toMatchObject([{ name: 'same', kind: 'file' }]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each(['/one', '/one/'])('with one file of another name costs no more commands than any: %s', async (path) => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$(path)).settled).toMatchObject([{ name: 'other' }]);
    expect(afterLogin(server).filter((line) => /^(CWD|PWD)/.test(line))).toEqual([]);
  });

  it('gives the first of several entries, though it has the name of the directory', async () => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    lists(server, 'LIST', `${FILE} dir\r\n${FILE} other\r\n`);
    await using ftp = clientOf(server);
    expect((await observe(ftp.entries$('/dir')).settled).map(({ name }) => name)).toEqual(['dir', 'other']);
  });

  it('is listed from within where its own row comes alone, as vsftpd gives it of one that may not be read', async () => {
    await using server = await scriptedServer({ files, greeting: VSFTPD });
    server.features = [];
    lists(server, 'LIST', 'd-wx--x--x    2 1000     1000         4096 Feb 03  2024 dir\r\n');
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$('/dir'));
    server.on('CWD', (session, _path, command) => {
      server.on('LIST', async () => {
        await session.reply('150 Here.');
        await session.sendData('');
        await session.reply('226 Transfer done (but failed to open directory).');
      });
      return command.byDefault();
    });
    expect(await entries.failed).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'LIST', reply: { code: 226 } });
    expect(entries.values).toEqual([]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});
