/** `appe$` and `stou$` with the options of uploads: nothing that was there before is deleted, and names are the server's. */
import { lastValueFrom, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AppeOptions, FtpReplyError, FtpTransferError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const verify = 'size';
const failing = () => throwError(() => new Error('source'));

describe('appe$', () => {
  it('is verified by the sizes before and after', async () => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    await using ftp = clientOf(server);
    expect(await lastValueFrom(ftp.appe$('/log', 'two', { verify }))).toMatchObject({ bytes: 3, verified: true });
    expect(server.tree.text('/log')).toBe('one two');
    expect(afterLogin(server)).toEqual(['TYPE I', 'SIZE /log', 'EPSV', 'APPE /log', 'SIZE /log']);
  });

  it('is verified where there was no file', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await lastValueFrom(ftp.appe$('/new', 'two', { verify }))).toMatchObject({ verified: true });
  });

  it('errors when the file has another size afterwards, and keeps it, deletePartial or not', async () => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    await using ftp = clientOf(server);
    server.once('SIZE', (session) => session.reply('213 4'));
    server.once('SIZE', (session) => session.reply('213 6'));
    const error = await observe(ftp.appe$('/log', 'two', { verify, deletePartial: true })).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(String(error)).toMatch(/6 bytes where 7 were expected/);
    expect(server.tree.text('/log')).toBe('one two');
  });

  it('is not verified where the server does not know SIZE', async () => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    server.answer('SIZE', '502 Unknown.');
    await using ftp = clientOf(server);
    const appended = await observe(ftp.appe$('/log', 'two', { verify })).settled;
    expect(appended.at(-1)).toMatchObject({ bytes: 3, verified: false });
    expect(server.tree.text('/log')).toBe('one two');
  });

  it('is not sent when its size is refused', async () => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    server.answer('SIZE', '450 Busy.');
    await using ftp = clientOf(server);
    expect(await observe(ftp.appe$('/log', 'two', { verify })).failed).toBeInstanceOf(FtpReplyError);
    expect(server.commands.some((line) => line.startsWith('APPE'))).toBe(false);
  });

  it('with deletePartial deletes a file that it has made', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.appe$('/new', failing(), { deletePartial: true })).failed;
    await observe(ftp.noop$()).settled;
    expect(server.commands).toContain('DELE /new');
  });

  it.each([
    ['was there before', undefined],
    ['is out of sight, so that SIZE says 550', '550 Could not get file size.'],
    ['is on a server without SIZE', '502 Unknown.'],
  ])('with deletePartial keeps a file that %s', async (_what, refusal) => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    if (refusal !== undefined) server.answer('SIZE', refusal);
    await using ftp = clientOf(server);
    await observe(ftp.appe$('/log', failing(), { deletePartial: true })).failed;
    await observe(ftp.noop$()).settled;
    expect(server.tree.text('/log')).toMatch(/^one /);
    expect(server.commands).not.toContain('DELE /log');
  });

  it('asks nothing beforehand without those options, and reports as often as it is told', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { progressIntervalMs: 60_000 });
    const chunks = Array.from({ length: 50 }, () => new Uint8Array(1000));
    const reports = await observe(ftp.appe$('/new', chunks, { progressIntervalMs: 0 })).settled;
    expect(reports.length).toBeGreaterThan(10);
    expect(server.commands.some((line) => line.startsWith('SIZE'))).toBe(false);
  });

  it('converts line ends in the type ascii', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await lastValueFrom(ftp.appe$('/new', 'a\n', { type: 'ascii', verify }))).toMatchObject({ bytes: 3 });
    expect(afterLogin(server)).toEqual(['TYPE A', 'EPSV', 'APPE /new']);
  });

  it('as a Node Writable has them too', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const to = ftp.appe('/new', { verify: 'size' });
    await new Promise((resolve, reject) => to.on('error', reject).end('text', () => resolve(undefined)));
    expect(server.commands.filter((line) => line === 'SIZE /new')).toHaveLength(2);
  });
});

describe('stou$', () => {
  it('is verified under the name that the server chose', async () => {
    await using server = await scriptedServer({ files: { '/a': 'another' } });
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stou$('y', 'a', { verify }));
    expect(last).toMatchObject({ path: 'a.1', verified: true });
    expect(server.commands).toContain('SIZE a.1');
  });

  it('cannot be verified where no reply names the file, and asks the size of no other', async () => {
    await using server = await scriptedServer({ files: { '/a': 'another' } });
    server.on('STOU', async (session) => {
      await session.reply('150 Ok.');
      await session.receiveData();
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const error = await observe(ftp.stou$('y', '/a', { verify, deletePartial: true })).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(String(error)).toContain('did not say under which name');
    expect(server.commands.some((line) => /^(SIZE|DELE)/.test(line))).toBe(false);
  });

  it.each([
    ['150 FILE: a.1', 'DELE a.1'],
    ['150 Ok.', undefined],
    ['150 FILE: a\u0007', undefined],
  ])('with deletePartial deletes what %j names, and nothing else', async (opening, expected) => {
    await using server = await scriptedServer({ files: { '/a': 'another' } });
    server.on('STOU', async (session) => {
      await session.reply(opening);
      await session.receiveData();
      await session.reply('451 Disk full.');
    });
    await using ftp = clientOf(server);
    await observe(ftp.stou$('y', '/a', { deletePartial: true })).failed;
    await observe(ftp.noop$()).settled;
    expect(server.commands.filter((line) => line.startsWith('DELE'))).toEqual(expected === undefined ? [] : [expected]);
    expect(server.tree.text('/a')).toBe('another');
  });
});

describe('appe$ and stou$', () => {
  it.each([
    [{ start: 5 }],
    [{ type: 'x' }],
    [{ verify: 'yes' }],
    [{ progressIntervalMs: -1 }],
  ])('refuse %j with nothing sent', async (options) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const bad = options as unknown as AppeOptions;
    for (const upload$ of [ftp.appe$('/a', 'x', bad), ftp.stou$('x', '/a', bad)]) {
      expect(await observe(upload$).failed).toBeInstanceOf(FtpUsageError);
    }
    expect(server.sessions).toHaveLength(0);
  });
});
