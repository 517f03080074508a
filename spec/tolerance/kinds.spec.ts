/** Kinds of faults that other clients were met with: in the replies to a transfer, and in repetition. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpProtocolError, FtpReplyError, FtpTransferError } from '../../lib/index.js';
import { latch } from '../client/support/latch.js';
import { observe } from '../support/observe.js';
import type { Session } from '../support/scripted-server.js';
import { count, expectInStep, replyApart, someClient, someServer, textOf } from './support/open.js';

describe('a download whose replies are', () => {
  type Script = (session: Session) => Promise<unknown>;
  const replies =
    (first: readonly string[], last: readonly string[]): Script =>
    async (session) => {
      await session.reply(...first);
      await session.sendData('seven..');
      await session.reply(...last);
    };
  const whole: readonly [string, Script][] = [
    ['110 and 250', replies(['110 Restart marker.'], ['250 Done.'])],
    ['150 twice, and 226', replies(['150 Soon.', '150 Here it comes.'], ['226 Done.'])],
    ['125, 150 and 226', replies(['125 Open.', '150 Here it comes.'], ['226 Done.'])],
    ['150, and 226 twice', replies(['150 Here it comes.'], ['226 Done.', '226 Closing.'])],
    ['150, 226 and 250', replies(['150 Here it comes.'], ['226 Closing.', '250 Done.'])],
    ['150, 200 and 226', replies(['150 Here it comes.'], ['200 Sent.', '226 Done.'])],
    ['150 and 226 at once, before the data', replies(['150 Here it comes.', '226 Done.'], [])],
    ['226 alone, before the data', replies(['226 Done.'], [])],
    ['200 for 150, and 226', replies(['200 Here it comes.'], ['226 Done.'])],
    ['an unusual 1yz, and 226', replies(['199 Here it comes.'], ['226 Done.'])],
  ];

  it.each(whole)('%s is whole, and leaves the session in step', async (_name, script) => {
    await using server = await someServer();
    server.on('RETR', async (session) => {
      await session.data();
      await script(session);
    });
    await using ftp = someClient(server);
    for (let time = 0; time < 3; time += 1) expect(await textOf(ftp, '/a')).toBe('seven..');
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['4yz', '426 Cut.'],
    ['5yz', '551 Disk.'],
    ['3yz', '350 More?'],
  ])('150 and %s is an error with all the data', async (_name, last) => {
    await using server = await someServer();
    server.once('RETR', replies(['150 Here it comes.'], [last]));
    await using ftp = someClient(server);
    const download = observe(ftp.retr$('/a'));
    const error = await download.failed;
    expect(error instanceof FtpReplyError || error instanceof FtpTransferError).toBe(true);
    expect(error).toMatchObject({ reply: { code: Number(last.slice(0, 3)) } });
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });

  it('150, and 150 again after its data connection has broken, is not whole', async () => {
    await using server = await someServer();
    server.once('RETR', async (session) => {
      await session.reply('150 Opening data connection for a (7 bytes).');
      await session.sendData('sev');
      await server.event('data-closed');
      await session.reply('150 0.2 seconds, 15 bytes per second.');
    });
    await using ftp = someClient(server);
    expect(await observe(ftp.retr$('/a')).failed).toMatchObject({ bytes: 3, constructor: FtpTransferError });
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('an upload that is confirmed before its data has come', () => {
  it.each(['226 Done.', '250 Done.'])('by "%s" is done or broken off, and in step', async (early) => {
    await using server = await someServer();
    server.on('STOR', async (session) => {
      await session.reply('150 Go.', early);
      server.tree.write('/up', (await session.receiveData()).bytes);
      await session.reply(early);
    });
    await using ftp = someClient(server);
    for (let time = 0; time < 3; time += 1) {
      const upload = observe(ftp.stor$('/up', 'data'));
      const end = await upload.ended;
      await expectInStep(ftp);
      if (end === 'error') expect(upload.error).toBeInstanceOf(FtpTransferError);
      else expect(server.tree.text('/up')).toBe('data');
    }
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a server that answers a verb twice, always', () => {
  const ways: readonly [string, (session: Session, line: string) => Promise<void>][] = [
    ['in one packet', (session, line) => session.reply(line, line)],
    ['a while apart', (session, line) => replyApart(session, line, line)],
  ];

  it.each(ways)('%s: what exists is deleted, what does not is refused, in turn', async (_name, answer) => {
    await using server = await someServer();
    server.on('DELE', (session, path) => {
      if (server.tree.file(path) === undefined) return session.reply('550 No such file.');
      server.tree.remove(path);
      return answer(session, '250 Deleted.');
    });
    await using ftp = someClient(server);
    for (const path of ['/x', '/y']) {
      expect(await lastValueFrom(ftp.dele$(path))).toMatchObject({ code: 250 });
      expect(await observe(ftp.dele$(path)).failed).toMatchObject({ reply: { code: 550 } });
    }
    expect([count(server, 'NOOP'), server.sessions.length]).toEqual([0, 1]);
  });

  it.each(ways)('%s: each size is that of its own file', async (_name, answer) => {
    await using server = await someServer();
    server.on('SIZE', (session, path) => answer(session, `213 ${server.tree.file(path)?.bytes.length}`));
    await using ftp = someClient(server);
    const sizes = ['/a', '/b', '/x', '/sub/c', '/a'].map((path) => lastValueFrom(ftp.size$(path)));
    expect(await Promise.all(sizes)).toEqual([7, 11, 1, 4, 7]);
    expect([count(server, 'NOOP'), server.sessions.length]).toEqual([0, 1]);
  });

  it('with an odd and a usual reply: the usual one is the answer, each time', async () => {
    await using server = await someServer();
    server.on('SIZE', (session, path) =>
      session.reply('226 Looked up.', `213 ${server.tree.file(path)?.bytes.length}`),
    );
    await using ftp = someClient(server);
    const sizes = ['/a', '/b', '/x', '/sub/c', '/a'].map((path) => lastValueFrom(ftp.size$(path)));
    expect(await Promise.all(sizes)).toEqual([7, 11, 1, 4, 7]);
    expect(server.sessions).toHaveLength(1);
  });

  it('with an odd reply twice: the outcome is unknown, each time, and the session goes on', async () => {
    await using server = await someServer();
    server.answer('DELE', '226 Deleted.', '226 Deleted.');
    await using ftp = someClient(server);
    for (let time = 0; time < 3; time += 1) {
      const error = await observe(ftp.dele$('/x')).failed;
      expect(error).toMatchObject({ outcome: 'unknown', constructor: FtpProtocolError });
      await expectInStep(ftp);
    }
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a download that is left when its data is over', () => {
  it('gets no ABOR into the fence that decides about its odd final reply', async () => {
    await using server = await someServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('seven..');
    });
    const slow = 2_200;
    const answers = latch();
    server.on('NOOP', async (_session, _argument, command) => {
      await answers.opened;
      await command.byDefault();
    });
    await using ftp = someClient(server, { abortTimeoutMs: 2 * slow });
    const download = observe(ftp.retr$('/a'));
    await server.event('data-closed');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    download.unsubscribe();
    await server.sessions[0]?.reply('213 Done.');
    await server.received('NOOP');
    await vi.advanceTimersByTimeAsync(slow);
    answers.open();
    await expectInStep(ftp);
    expect([count(server, 'ABOR'), server.sessions.length]).toEqual([0, 1]);
  });
});
