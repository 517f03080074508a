/** `precise` of `entries$`: MDTM of what the listing does not name to the second. */
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpReplyError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const files = { '/dir/a': 'abc', '/dir/b': '', '/empty/': '' };
const ROW = '-rw-r--r-- 1 u g 3 Jan  1  2024';
const EXACT = new Date('2024-01-01T12:13:14.000Z');

async function listing(rows: readonly string[]): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting: '220 Hello.' });
  server.features = [];
  server.on('LIST', async (session) => {
    await session.reply('150 Ok.');
    await session.sendData(rows.map((row) => `${row}\r\n`).join(''));
    await session.reply('226 Done.');
  });
  server.answer('MDTM', '213 20240101121314');
  return server;
}

async function times(ftp: FtpClient, path?: string): Promise<unknown[]> {
  const entries = await observe(ftp.entries$(path, { precise: true })).settled;
  return entries.map(({ name, modified, precision }) => [name, modified, precision]);
}

const asked = (server: ScriptedServer): string[] =>
  afterLogin(server).filter((line) => /^(CWD|LIST|MLSD|MDTM)/.test(line));

describe('entries$ with precise', () => {
  it('asks in the directory, after the listing, and emits then', async () => {
    await using server = await listing([`${ROW} a`, `${ROW} b`]);
    await using ftp = clientOf(server);
    expect(await times(ftp, '/dir')).toEqual([
      ['a', EXACT, 'second'],
      ['b', EXACT, 'second'],
    ]);
    expect(asked(server)).toEqual(['CWD /dir', 'LIST', 'MDTM a', 'MDTM b', 'CWD /']);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('asks nothing of what MLSD has named to the second', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const plain = (await observe(ftp.entries$('/dir')).settled).map(({ name, modified }) => [name, modified, 'second']);
    expect(await times(ftp, '/dir')).toEqual(plain);
    expect(asked(server).filter((line) => line.startsWith('MDTM'))).toEqual([]);
  });

  it('leaves a time as it is listed where the server does not tell it', async () => {
    await using server = await listing([`${ROW} a`, `${ROW} b`, `${ROW} c`]);
    server.on('MDTM', (session, path) =>
      session.reply(path.endsWith('a') ? '550 No.' : path.endsWith('b') ? '213 soon' : '213 20240101121314'),
    );
    await using ftp = clientOf(server);
    const listedAs = new Date('2024-01-01T00:00:00Z');
    expect(await times(ftp)).toEqual([
      ['a', listedAs, 'day'],
      ['b', listedAs, 'day'],
      ['c', EXACT, 'second'],
    ]);
  });

  it('asks no more where the server has no MDTM', async () => {
    await using server = await listing([`${ROW} a`, `${ROW} b`]);
    server.answer('MDTM', '502 What?');
    await using ftp = clientOf(server);
    expect(await times(ftp)).toHaveLength(2);
    expect(asked(server)).toEqual(['LIST', 'MDTM a']);
  });

  it('asks nothing of a name that cannot be sent', async () => {
    await using server = await listing([`${ROW} nul\0`, `${ROW} ${'x'.repeat(600)}`, `${ROW} b`]);
    await using ftp = clientOf(server);
    const entries = observe(ftp.entries$(undefined, { precise: true, unparsed: 'report' }));
    expect((await entries.settled).at(-1)).toMatchObject({ name: 'b', precision: 'second' });
    expect(asked(server)).toEqual(['LIST', 'MDTM b']);
  });

  it('tells rows that are not understood, once', async () => {
    await using server = await listing([`${ROW} a`, 'what']);
    await using ftp = clientOf(server);
    const told = observe(ftp.events$);
    const failing = observe(ftp.entries$(undefined, { precise: true }));
    expect(await failing.failed).toMatchObject({ unparsed: ['what'] });
    expect(failing.values).toHaveLength(1);
    await observe(ftp.entries$(undefined, { precise: true, unparsed: 'report' })).settled;
    expect(told.values.filter(({ type }) => type === 'unparsed')).toHaveLength(1);
  });

  it('stops when it is left, and the session goes on', async () => {
    await using server = await listing([`${ROW} a`, `${ROW} b`]);
    await using ftp = clientOf(server);
    server.on('MDTM', async (session) => {
      left.unsubscribe();
      await session.reply('213 20240101121314');
    });
    const left = observe(ftp.entries$('/dir', { precise: true }));
    await server.received('MDTM');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(asked(server)).toEqual(['CWD /dir', 'LIST', 'MDTM a', 'CWD /']);
    expect(left.values).toEqual([]);
  });

  it('is an error for a directory that is not there', async () => {
    await using server = await listing([]);
    await using ftp = clientOf(server);
    expect(await observe(ftp.entries$('/no', { precise: true })).failed).toBeInstanceOf(FtpReplyError);
  });
});
