/** Servers that answer with the right class and an unusual code, with a preliminary reply too many, or without PWD. */
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FtpOperations, FtpProtocolError, FtpReplyError, FtpTransferError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { content, count, expectInStep, replySlowly, silently, someClient, someServer, textOf } from './support/open.js';

const run = (source$: ReturnType<FtpOperations['dele$']>): Promise<unknown> => lastValueFrom(source$);

describe('a server that ends a transfer by an unusual completion', () => {
  const finals = ['200 Stored.', '213 Done.', '225 Fine.', '231 Bye.', '257 "/up" written.'];

  it.each(finals)('"%s" after all data of an upload completes it', async (final) => {
    await using server = await someServer();
    server.on('STOR', async (session) => {
      await session.reply('150 Go.');
      server.tree.write('/up', (await session.receiveData()).bytes);
      await session.reply(final);
    });
    await using ftp = someClient(server);
    const last = await lastValueFrom(ftp.stor$('/up', 'data'));
    expect([last.done, last.bytes, server.tree.text('/up')]).toEqual([true, 4, 'data']);
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(server.sessions).toHaveLength(1);
  });

  it.each(finals)('"%s" after all data of a download completes it, and is usual from then on', async (final) => {
    await using server = await someServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('seven..');
      await session.reply(final);
    });
    await using ftp = someClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    const asked = count(server, 'NOOP');
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect([count(server, 'NOOP'), server.sessions.length]).toEqual([asked, 1]);
  });

  it('that was usual before is the answer also behind an odd reply that is not', async () => {
    await using server = await someServer();
    let replies = ['231 Bye.'];
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('seven..');
      await replySlowly(session, ...replies);
    });
    await using ftp = someClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    replies = ['213 Looked up.', '231 Bye.'];
    expect(await textOf(ftp, '/a')).toBe('seven..');
    await expectInStep(ftp);
    expect(server.sessions).toHaveLength(1);
  });

  it.each(['200 Sent.', '226 Sent.'])('"%s" does not make a truncated download whole', async (final) => {
    await using server = await someServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Opening data connection for a (7 bytes).');
      await session.sendData('sev');
      await session.reply(final);
    });
    await using ftp = someClient(server);
    expect(await observe(ftp.retr$('/a')).failed).toMatchObject({ bytes: 3, constructor: FtpTransferError });
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it('"200" in the middle of an upload, whose data connection then breaks, completes nothing', async () => {
    await using server = await someServer();
    server.on('STOR', async (session) => {
      await session.reply('150 Go.');
      await session.data();
      await session.reply('200 Enough.');
      session.link?.reset();
    });
    await using ftp = someClient(server);
    const upload = observe(ftp.stor$('/up', new Uint8Array(64 * 1024 * 1024)));
    expect(await upload.ended).toBe('error');
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });
});

describe('a server that says "150 working" before it has done a thing', () => {
  const asked: readonly [string, string, (ftp: FtpOperations) => Promise<unknown>][] = [
    ['DELE', '250 Deleted.', (ftp) => run(ftp.dele$('/x'))],
    ['RMD', '250 Removed.', (ftp) => run(ftp.rmd$('/empty'))],
    ['CWD', '250 There.', (ftp) => run(ftp.cwd$('/sub'))],
    ['RNTO', '250 Renamed.', (ftp) => run(ftp.rename$('/x', '/z'))],
    ['SITE', '200 Changed.', (ftp) => run(ftp.chmod$('/x', 0o600))],
    ['TYPE', '200 Type set.', (ftp) => run(ftp.type$('I'))],
  ];
  const codes = [100, 110, 125, 150, 199];

  it.each(asked)('%s has its own reply, in one packet or later', async (verb, final, operation) => {
    for (const code of codes) {
      await using server = await someServer();
      await using ftp = someClient(server);
      await lastValueFrom(ftp.pwd$());
      server.once(verb, (session) => replySlowly(session, `${code} Working.`, final));
      server.once(verb, async (session, _argument, command) => {
        await silently(session, command);
        await session.reply(`${code} Working.`, final);
      });
      expect(await operation(ftp)).toMatchObject({ code: Number(final.slice(0, 3)) });
      expect(await operation(ftp)).toMatchObject({ code: Number(final.slice(0, 3)) });
      expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
      expect(server.sessions, `${code}`).toHaveLength(1);
    }
  });

  it('leaves the outcome unknown when nothing follows', async () => {
    await using server = await someServer();
    server.answer('DELE', '150 Working.');
    await using ftp = someClient(server);
    const error = await observe(ftp.dele$('/x')).failed;
    expect(error).toMatchObject({ outcome: 'unknown', constructor: FtpProtocolError });
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('a server that completes by an unusual code', () => {
  const codes = [201, 213, 221, 226, 230, 257, 299];

  it.each(codes)('%i is yes to TYPE, MODE, DELE, RNTO, and a question only the first time', async (code) => {
    await using server = await someServer();
    for (const verb of ['TYPE', 'MODE', 'DELE', 'RNTO']) server.answer(verb, `${code} Fine.`);
    await using ftp = someClient(server);
    const all = (): Promise<unknown>[] =>
      [ftp.type$('I'), ftp.mode$('S'), ftp.dele$('/x'), ftp.rename$('/y', '/z')].map(run);
    const replies = await Promise.all(all());
    expect(replies).toEqual(replies.map(() => expect.objectContaining({ code })));
    const asked = count(server, 'NOOP');
    await Promise.all(all());
    expect([count(server, 'NOOP'), server.sessions.length]).toEqual([asked, 1]);
  });

  it('a late reply to an aborted transfer is not the next command’s', async () => {
    await using server = await someServer({ abort: '426+226' });
    await using ftp = someClient(server);
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('x', { end: 'open' });
      await server.received('ABOR');
      await session.reply('426 Cut.', '226 Closed.');
    });
    const download = observe(ftp.retr$('/a'));
    await download.nth(1);
    download.unsubscribe();
    expect(await run(ftp.type$('A'))).toMatchObject({ code: 200 });
    expect(await lastValueFrom(ftp.size$('/b'))).toBe(content['/b'].length);
  });
});

describe('a server that asks back where nothing is left to be said', () => {
  it.each([314, 331, 350, 399])('%i to EPSV is a refusal: PASV is next', async (code) => {
    await using server = await someServer();
    server.answer('EPSV', `${code} What?`);
    await using ftp = someClient(server);
    expect(await textOf(ftp, '/a')).toBe('seven..');
    expect(await textOf(ftp, '/b')).toBe('other bytes');
    expect([count(server, 'EPSV'), count(server, 'PASV'), server.sessions.length]).toEqual([1, 2, 1]);
  });

  it.each([314, 331, 350, 399])('%i to each PWD is a refusal, and everything else works', async (code) => {
    await using server = await someServer();
    server.answer('PWD', `${code} What?`);
    await using ftp = someClient(server);
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ reply: { code }, constructor: FtpReplyError });
    await run(ftp.cwd$('/sub'));
    expect(await textOf(ftp, 'c')).toBe('deep');
    expect(server.sessions).toHaveLength(1);
  });
});
