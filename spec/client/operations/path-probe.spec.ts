/** Checks the probe of an unknown server's LIST or MLSD, and its cost. */
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpConnectionError, FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import type { ScriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf, clientOfTwoSessions } from '../support/open.js';
import { oddServer, type Way } from './support/odd-server.js';

const files = { '/own': 'a', '/dir/b': 'bc', '/dir/c': '', '/other/d': '', '/other/e': '', '/one/one': '' };
const NOWHERE = '.rxftp-no-such-directory';

async function names(ftp: FtpClient, path?: string): Promise<string[]> {
  return (await observe(ftp.entries$(path)).settled).map(({ name }) => name);
}

function dialogue(server: ScriptedServer): string[] {
  return afterLogin(server).filter((line) => /^(LIST|MLSD|CWD|PWD|STAT)/.test(line));
}

const within = (verb: string, path: string): string[] => ['PWD', `CWD ${path}`, verb, 'CWD /'];

describe('entries$ by MLSD on a server that its greeting does not name', () => {
  it('asks once for a directory that is not there, and gives it paths then', async () => {
    await using server = await oddServer(files, { mlsd: 'honest', list: 'honest' });
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(await names(ftp, '/other/')).toEqual(['d', 'e']);
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, 'MLSD /dir', 'MLSD /other/']);
  });

  it.each<Way>([
    'ignored',
    'none ignored',
    'none as empty',
  ])('goes into each directory where a path is %s', async (mlsd) => {
    await using server = await oddServer(files, { mlsd, list: 'honest' });
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(await names(ftp, '/other')).toEqual(['d', 'e']);
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, ...within('MLSD', '/dir'), ...within('MLSD', '/other')]);
    expect(await observe(ftp.entries$('/no')).failed).toBeInstanceOf(FtpReplyError);
    expect(told.values).toContainEqual(expect.objectContaining({ type: 'fallback', what: 'MLSD path' }));
  });

  it('tells all sessions of a client', async () => {
    await using server = await oddServer(files, { mlsd: 'ignored', list: 'honest' });
    await using ftp = await clientOfTwoSessions(server);
    await names(ftp, '/dir');
    const both = [observe(ftp.entries$('/dir')), observe(ftp.entries$('/other'))];
    for (const { settled } of both) expect(await settled).toHaveLength(2);
    expect(server.commands.filter((line) => line.includes(NOWHERE))).toHaveLength(1);
  });

  it('lists from within the directory that is listed by its own row', async () => {
    await using server = await oddServer(files, { mlsd: 'own row', list: 'honest' });
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(await names(ftp, '/one')).toEqual(['one']);
    expect(await observe(ftp.entries$('/own')).failed).toBeInstanceOf(FtpReplyError);
  });

  it('makes sure of one row from within, until a path has given more', async () => {
    await using server = await oddServer(files, { mlsd: 'honest', list: 'honest' });
    await using ftp = clientOf(server);
    for (const path of ['/one', '/dir', '/one']) await names(ftp, path);
    const sent = [`MLSD /one/${NOWHERE}`, 'MLSD /one', ...within('MLSD', '/one'), 'MLSD /dir', 'MLSD /one'];
    // A file may be listed so too: that is asked as ever.
    expect(dialogue(server)).toEqual([...sent, 'PWD', 'CWD /one', 'CWD /']);
  });

  it('goes by LIST where the probe shows that there is no MLSD', async () => {
    await using server = await oddServer(files, { mlsd: '502 What?', list: 'honest' });
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, ...within('LIST', '/dir')]);
  });

  it.each([
    '550 Permission denied.',
    '450 Busy.',
    '425 Cannot connect.',
    '426 Broken.',
  ])('learns nothing of paths by %j, which is no refusal of the name', async (reply) => {
    await using server = await oddServer(files, { mlsd: 'ignored', list: 'honest' });
    server.once('MLSD', (session) => session.reply(reply));
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(await names(ftp, '/other')).toEqual(['d', 'e']);
  });

  it('takes a refusal after the data connection for one', async () => {
    await using server = await oddServer(files, { mlsd: 'honest', list: 'honest' });
    server.once('MLSD', async (session) => {
      await session.reply('150 Here.');
      await session.sendData('');
      await session.reply('550 No such directory.');
    });
    await using ftp = clientOf(server);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, 'MLSD /dir']);
  });

  it('asks no more where the connection was lost by it', async () => {
    await using server = await oddServer(files, { mlsd: 'honest', list: 'honest' });
    server.once('MLSD', (session) => session.closeControl());
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/dir')).failed).toBeInstanceOf(FtpConnectionError);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
    expect(dialogue(server)).toEqual([`MLSD /dir/${NOWHERE}`, ...within('MLSD', '/dir')]);
  });

  it('asks nothing where the line would be too long', async () => {
    const long = `/${'x'.repeat(490)}`;
    await using server = await oddServer({ [`${long}/y`]: '' }, { mlsd: 'ignored', list: 'honest' });
    await using ftp = clientOf(server);
    expect(await names(ftp, long)).toEqual(['y']);
    expect(dialogue(server)).toEqual(within('MLSD', long));
  });

  it('is in step after it was left while it asked, and asks again', async () => {
    await using server = await oddServer(files, { mlsd: 'honest', list: 'honest' });
    await using ftp = clientOf(server);
    server.once('MLSD', async (session) => {
      left.unsubscribe();
      await session.reply('550 No such directory.');
    });
    const left = observe(ftp.entries$('/dir'));
    await server.received('MLSD');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(left.values).toEqual([]);
    expect(await names(ftp, '/dir')).toEqual(['b', 'c']);
  });
});

describe('entries$ by LIST on a server that its greeting does not name', () => {
  it('goes into the first directory, asks once, and gives it paths then', async () => {
    await using server = await oddServer(files, { mlsd: undefined, list: 'honest' });
    await using ftp = clientOf(server);
    for (const path of ['/dir', '/other', '/dir']) expect(await names(ftp, path)).toHaveLength(2);
    expect(dialogue(server)).toEqual([...within('LIST', '/dir'), `LIST /other/${NOWHERE}`, 'LIST /other', 'LIST /dir']);
  });

  it.each<Way>(['ignored', 'none ignored', 'none as empty'])('goes into each where a path is %s', async (list) => {
    await using server = await oddServer(files, { mlsd: undefined, list });
    await using ftp = clientOf(server);
    for (const path of ['/dir', '/other', '/dir']) expect(await names(ftp, path)).toHaveLength(2);
    expect(dialogue(server).filter((line) => line.startsWith('LIST'))).toEqual([
      'LIST',
      `LIST /other/${NOWHERE}`,
      'LIST',
      'LIST',
    ]);
  });

  it.each<Way>(['own row', 'own row and sum', 'empty'])('lists from within where a path gives %s', async (list) => {
    await using server = await oddServer(files, { mlsd: undefined, list });
    await using ftp = clientOf(server);
    for (const path of ['/dir', '/other', '/dir']) expect(await names(ftp, path)).toHaveLength(2);
  });

  it('asks nothing where the rows are of a server with other paths', async () => {
    await using server = await oddServer(files, { mlsd: undefined, list: 'honest' });
    server.on('LIST', async (session) => {
      await session.reply('150 Here.');
      await session.sendData(
        'Directory DISK:[X]\r\n\r\nA.TXT;1  1/3  20-NOV-2024 11:05:06  [U,V]  (RWED,RWED,RE,)\r\n',
      );
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    for (const path of ['/dir', '/other']) expect(await names(ftp, path)).toEqual(['A.TXT']);
    expect(dialogue(server)).toEqual([...within('LIST', '/dir'), ...within('LIST', '/other')]);
  });

  it('gives STAT no path for what is known of LIST', async () => {
    await using server = await oddServer(files, { mlsd: undefined, list: 'honest' });
    server.answer('STAT', '213-Status:\r\n-rw-r--r-- 1 u g 3 Jan  1  2024 a\r\n213 End.');
    await using ftp = clientOf(server);
    for (const path of ['/dir', '/other']) await names(ftp, path);
    await observe(ftp.entries$('/dir', { via: 'stat' })).settled;
    expect(dialogue(server).slice(-4)).toEqual(within('STAT .', '/dir'));
  });
});
