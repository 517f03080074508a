import { firstValueFrom, lastValueFrom, switchMap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, FtpReplyError, FtpTransferError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { latch } from '../support/latch.js';
import { afterLogin, clientOf, sessionOf } from '../support/open.js';

const files = { '/a': 'hello', '/big': Buffer.alloc(24_000_000, 'x') };

describe('send$', () => {
  it('emits preliminary replies, then the final one', async () => {
    await using server = await scriptedServer();
    server.answer('WAIT', '150 A moment.', '250 Done.');
    await using ftp = clientOf(server);
    expect((await observe(ftp.send$('WAIT a  b ')).settled).map(({ code }) => code)).toEqual([150, 250]);
    expect(server.commands.at(-1)).toBe('WAIT a  b ');
  });

  it('emits a refusal as a value, and an intermediate reply', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect((await observe(ftp.send$('DELE /no')).settled)[0]).toMatchObject({ code: 550, class: 5 });
    expect((await observe(ftp.send$('rnfr /a')).settled)[0]).toMatchObject({ code: 350 });
    expect((await observe(ftp.send$('Rnto /b')).settled)[0]).toMatchObject({ code: 250 });
    expect(server.tree.text('/b')).toBe('hello');
  });

  it('counts as what the user has set', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.send$('TYPE A')).settled;
    await observe(ftp.retr$('/a')).settled;
    expect(afterLogin(server).filter((line) => line.startsWith('TYPE'))).toEqual(['TYPE A']);
  });

  it.each([
    'RETR /a',
    'stor /a',
    'LIST',
    'MLSD',
    'NLST',
    'APPE /a',
    'STOU',
    'AUTH TLS',
    'CCC',
    'REIN',
  ])('refuses %s, which has an operation of its own', async (line) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    for (const operation$ of [ftp.send$(line), ftp.exchange$(line, { expect: 2 })]) {
      const error = await observe(operation$).failed;
      expect(error).toBeInstanceOf(FtpUsageError);
      expect(String(error)).toMatch(/use (transfer\$|the option secure)/);
    }
    expect(server.sessions).toHaveLength(0);
  });

  it.each(['', ' PWD', 'P\u00e4', '1PWD', 'PWD\r\n', 'PWD\nDELE a', 'PWD\0'])('refuses the line %j', async (line) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.send$(line)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });
});

describe('exchange$', () => {
  it.each([
    [2, true],
    [21, true],
    [214, true],
    [[3, 214], true],
    [3, false],
    [215, false],
    [[226, 250], false],
  ])('with expect %j: a 214 is accepted: %s', async (expected, accepted) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const exchange = observe(ftp.exchange$('HELP', { expect: expected }));
    expect(await exchange.ended).toBe(accepted ? 'complete' : 'error');
    if (accepted) expect(exchange.values).toMatchObject([{ code: 214 }]);
    else {
      expect(exchange.error).toBeInstanceOf(FtpReplyError);
      expect(exchange.error).toMatchObject({ command: 'HELP', reply: { code: 214 }, transient: false });
    }
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('errors with a refusal, unless that is expected', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.exchange$('DELE /no', { expect: 2 })).failed).toMatchObject({ reply: { code: 550 } });
    expect(await observe(ftp.exchange$('DELE /no', { expect: 550 })).settled).toMatchObject([{ code: 550 }]);
  });
});

describe('transfer$', () => {
  it('emits the bytes of this one exchange and the size that is named', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.type$('I')).settled;
    const whole$ = ftp.transfer$('RETR /a').pipe(
      switchMap(({ bytes, expectedSize }) => {
        expect(expectedSize).toBe(5);
        return bytes;
      }),
      collectBytes(),
    );
    expect(Buffer.from(await lastValueFrom(whole$)).toString()).toBe('hello');
    expect(Buffer.from(await lastValueFrom(whole$)).toString()).toBe('hello');
    expect(server.commands.filter((line) => line === 'RETR /a')).toHaveLength(2);
  });

  it('holds the bytes back until they are subscribed', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('RETR /big'));
    const { bytes } = await transfer.nth(1);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(server.events.some(({ kind }) => kind === 'data-closed')).toBe(false);
    const chunks = await observe(bytes).settled;
    expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(files['/big'].length);
    expect(await transfer.ended).toBe('complete');
  });

  it('gives bytes that can be subscribed once', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('RETR /a'));
    const { bytes } = await transfer.nth(1);
    await observe(bytes).settled;
    expect(await observe(bytes).failed).toBeInstanceOf(FtpUsageError);
    await transfer.settled;
  });

  it('restarts at an offset, and has no size where none is named', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('NLST /'));
    expect(await transfer.nth(1)).not.toHaveProperty('expectedSize');
    await observe((await transfer.nth(1)).bytes).settled;
    const rest$ = ftp.transfer$('RETR /a', { start: 3 }).pipe(
      switchMap(({ bytes }) => bytes),
      toArray(),
    );
    expect(Buffer.concat(await lastValueFrom(rest$)).toString()).toBe('lo');
    expect(server.commands).toContain('REST 3');
    await transfer.settled;
  });

  it('uploads a source; its bytes are none', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('STOR /new', { source: 'hello' }));
    const { bytes } = await transfer.nth(1);
    expect(await observe(bytes).settled).toEqual([]);
    await transfer.settled;
    expect(server.tree.text('/new')).toBe('hello');
  });

  it.each([-1, 1.5, Number.NaN])('refuses the start %d with nothing sent', async (start) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.transfer$('RETR /a', { start })).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it.each(['PWD', 'NOOP', 'ABOR', 'QUIT', 'REST 5'])('refuses %s, which transfers nothing', async (line) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.transfer$(line)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it.each([
    ['STOR /a', undefined],
    ['appe /a', undefined],
    ['STOU', undefined],
    ['RETR /a', 'x'],
    ['LIST', 'x'],
    ['NLST', 'x'],
    ['MLSD', 'x'],
  ])('refuses %s with the source %j', async (line, source) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const options = source === undefined ? {} : { source };
    expect(await observe(ftp.transfer$(line, options)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
    expect(server.tree.text('/a')).toBe('hello');
  });

  it('takes either of a command that it does not know', async () => {
    await using server = await scriptedServer({ files });
    const received: string[] = [];
    server.on('XGET', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('hello');
      await session.reply('226 Done.');
    });
    server.on('XPUT', async (session) => {
      await session.reply('150 Ok.');
      received.push((await session.receiveData()).bytes.toString());
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const get$ = ftp.transfer$('XGET').pipe(
      switchMap(({ bytes }) => bytes),
      collectBytes(),
    );
    expect(Buffer.from(await lastValueFrom(get$)).toString()).toBe('hello');
    await observe(ftp.transfer$('XPUT', { source: 'there' })).settled;
    expect(received).toEqual(['there']);
  });

  it('gives bytes that error when they are subscribed after it was left', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const { bytes } = await firstValueFrom(ftp.transfer$('RETR /big'));
    const error = await observe(bytes).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({ command: 'RETR' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(await observe(bytes).failed).toBeInstanceOf(FtpUsageError);
  });

  it('errors with the refusal, before it emits', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('RETR /no'));
    expect(await transfer.failed).toMatchObject({ command: 'RETR /no', reply: { code: 550 } });
    expect(transfer.values).toEqual([]);
  });

  it('tells a failure to both, it and its bytes', async () => {
    await using server = await scriptedServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('hel');
      await session.reply('426 Disk broke.');
    });
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('RETR /a'));
    const bytes = observe((await transfer.nth(1)).bytes);
    for (const { failed } of [transfer, bytes]) {
      expect(await failed).toBeInstanceOf(FtpTransferError);
      expect(await failed).toMatchObject({ command: 'RETR /a', reply: { code: 426 } });
    }
  });

  it('is aborted when both it and its bytes are left, in either order', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (const first of ['transfer', 'bytes']) {
      const transfer = observe(ftp.transfer$('RETR /big'));
      const bytes = observe((await transfer.nth(1)).bytes);
      await bytes.nth(1);
      const sent = server.commands.filter((line) => line === 'ABOR').length;
      if (first === 'transfer') transfer.unsubscribe();
      else bytes.unsubscribe();
      expect(server.commands.filter((line) => line === 'ABOR')).toHaveLength(sent);
      transfer.unsubscribe();
      bytes.unsubscribe();
      expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
      expect(server.commands.filter((line) => line === 'ABOR')).toHaveLength(sent + 1);
    }
  });

  it('is aborted when it is left before its bytes were subscribed', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const transfer = observe(ftp.transfer$('RETR /big'));
    await transfer.nth(1);
    transfer.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
  });
});

describe('abor$', () => {
  it('breaks off the transfer under way, which errors, and emits the reply to ABOR', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server);
    const download = observe(open.ftp.retr$('/big'));
    await download.nth(1);
    const [reply] = await observe(open.ftp.abor$()).settled;
    expect(reply?.code).toBe(225);
    expect(await download.failed).toBeInstanceOf(FtpTransferError);
    expect(download.error).toMatchObject({ command: 'RETR /big' });
    expect(String(download.error)).toContain('abor$');
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/']);
  });

  it('counts what was handed on, from where the download can be resumed, and not what comes later', async () => {
    await using server = await scriptedServer({ files });
    const left = latch();
    server.once('RETR', async (session) => {
      await session.sendData('abc', { end: 'open' });
      await left.opened;
      await session.sendData('def');
      await session.reply('150 Here it was.');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const download = observe(ftp.retr$('/a'));
    await download.nth(1);
    const aborted = observe(ftp.abor$());
    left.open();
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 3 });
    expect((await aborted.settled)[0]?.code).toBe(225);
  });

  it('breaks off an upload likewise', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    async function* endless() {
      for (;;) yield new Uint8Array(64 * 1024);
    }
    const upload = observe(ftp.stor$('/a', endless(), { progressIntervalMs: 0 }));
    await upload.nth(1);
    await observe(ftp.abor$()).settled;
    expect(await upload.failed).toBeInstanceOf(FtpTransferError);
  });

  it('breaks off a listing likewise', async () => {
    await using server = await scriptedServer();
    server.on('LIST', async (session) => {
      await session.reply('150 Endless.');
      await session.sendData('', {
        chunks: (function* () {
          for (;;) yield Buffer.from('line\r\n'.repeat(1000));
        })(),
      });
      await session.reply('426 Cut.');
    });
    await using ftp = clientOf(server);
    const listing = observe(ftp.list$());
    await listing.nth(1);
    await observe(ftp.abor$()).settled;
    expect(await listing.failed).toBeInstanceOf(FtpTransferError);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it("breaks off a transfer that waits for its session to get the user's state: it is not complete with nothing", async () => {
    await using server = await scriptedServer({ files: { ...files, '/d/x': 'x' } });
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/d')).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    const slow = latch();
    server.once('CWD', async (_session, _argument, command) => {
      await slow.opened;
      await command.byDefault();
    });
    const download = observe(ftp.retr$('/a', { verify: 'size' }));
    await server.received('CWD', 2);
    const aborted = observe(ftp.abor$());
    slow.open();
    expect(await download.failed).toBeInstanceOf(FtpTransferError);
    expect(download.error).toMatchObject({ bytes: 0, cause: { message: expect.stringContaining('abor$') } });
    expect((await aborted.settled)[0]?.code).toBe(225);
    expect(afterLogin(server).slice(2)).toEqual(['CWD /d', 'ABOR']);
  });

  it('lets a rename be done', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server);
    const slow = latch();
    server.once('RNFR', async (_session, _argument, command) => {
      await slow.opened;
      await command.byDefault();
    });
    const rename = observe(open.ftp.rename$('/a', '/b'));
    await server.received('RNFR');
    const aborted = observe(open.ftp.abor$());
    slow.open();
    expect((await rename.settled)[0]?.code).toBe(250);
    expect((await aborted.settled)[0]?.code).toBe(225);
    expect(afterLogin(server)).toEqual(['RNFR /a', 'RNTO /b', 'ABOR']);
  });

  it('waits for a command, however long that takes, and keeps the connection', async () => {
    await using server = await scriptedServer({ files });
    await using open = await sessionOf(server, { abortTimeoutMs: 1 });
    const slow = latch();
    server.once('SITE', async (session) => {
      await slow.opened;
      await session.reply('200 Done.');
    });
    const states = observe(open.ftp.state$);
    const site = observe(open.ftp.site$('SLOW'));
    await server.received('SITE');
    const aborted = observe(open.ftp.abor$());
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    slow.open();
    expect((await site.settled)[0]?.text).toBe('Done.');
    expect((await aborted.settled)[0]?.code).toBe(225);
    expect(states.values.map(({ status }) => status)).not.toContain('aborting');
    states.unsubscribe();
  });

  it('is a command like any other when nothing is under way', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect((await observe(ftp.abor$()).settled)[0]?.code).toBe(225);
    server.answer('ABOR', '502 Unknown.');
    expect(await observe(ftp.abor$()).failed).toMatchObject({ command: 'ABOR', reply: { code: 502 } });
  });
});
