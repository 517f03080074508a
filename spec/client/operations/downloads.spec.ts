import { createHash } from 'node:crypto';
import { lastValueFrom, Subject, take, timer } from 'rxjs';
import { takeUntil } from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import { collectBytes, digest, FtpTransferError, FtpUsageError, lines, type RetrOptions } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { everyAbortStyle, scriptedServer } from '../../support/scripted-server.js';
import { secureClient } from '../../tls/support/secure-client.js';
import { afterLogin, clientOf } from '../support/open.js';

/** More than the kernel takes for a socket that nobody reads. */
const big = Buffer.alloc(24_000_000, 'abcdefg\n');
const files = { '/a': 'hello world', '/big': big, '/empty': '', '/text': 'one\ntwo\r\nthree' };

describe('retr$', () => {
  it('emits the bytes and completes after the final reply', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const bytes = await lastValueFrom(ftp.retr$('/big').pipe(collectBytes()));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(big).digest('hex'));
    expect(afterLogin(server)).toEqual(['TYPE I', 'EPSV', 'RETR /big']);
    expect(await observe(ftp.retr$('/empty')).settled).toEqual([]);
  });

  it('gives the checksum of its bytes, which lie in one memory then', async () => {
    const wanted = createHash('sha256').update(big).digest('hex');
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/big').pipe(digest('sha256'))).settled).toEqual([wanted]);
    const text = createHash('md5').update('one\ntwo\nthree').digest('hex');
    expect(await observe(ftp.retr$('/text', { type: 'ascii' }).pipe(digest('md5'))).settled).toEqual([text]);
    await using secure = await scriptedServer({ tls: 'explicit', files });
    await using ftps = secureClient(secure);
    // The second one connects by TLS itself, and reads into that memory.
    for (let time = 0; time < 2; time += 1) {
      expect(await observe(ftps.retr$('/big').pipe(digest('sha256'))).settled).toEqual([wanted]);
    }
  });

  it('is aborted on the server when the checksum is not waited for', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    server.once('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('hello', { end: 'open' });
      checksum.unsubscribe();
    });
    const checksum = observe(ftp.retr$('/a').pipe(digest('md5')));
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.journal.of('data-closed')).toHaveLength(1);
    expect(checksum.values).toEqual([]);
  });

  it('waits for the final reply after the end of the data', async () => {
    await using server = await scriptedServer({ files });
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('hello');
      expect(download.end).toBeUndefined();
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const download = observe(ftp.retr$('/a'));
    expect(Buffer.concat(await download.settled).toString()).toBe('hello');
  });

  it('waits for the end of the data after the final reply', async () => {
    await using server = await scriptedServer({ files });
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.', '226 Done.');
      await session.sendData('hello');
    });
    await using ftp = clientOf(server);
    expect(Buffer.concat(await observe(ftp.retr$('/a')).settled).toString()).toBe('hello');
  });

  it.each([
    [{ start: 6 }, 'world', ['REST 6']],
    [{ start: 0 }, 'hello world', []],
    [{ start: 11 }, '', ['REST 11']],
    [{ end: 5 }, 'hello', []],
    [{ start: 2, end: 4 }, 'll', ['REST 2']],
    [{ end: 100, size: 11 }, 'hello world', []],
    [{ start: 6, verify: 'size' }, 'world', ['REST 6']],
  ] as const)('gives the range %j', async (options: RetrOptions, text, rest) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(Buffer.concat(await observe(ftp.retr$('/a', options)).settled).toString()).toBe(text);
    expect(server.commands.filter((line) => line.startsWith('REST'))).toEqual(rest);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each([
    { start: -1.5 },
    { start: 1.5 },
    { start: Number.NaN },
    { start: Number.MAX_SAFE_INTEGER + 1 },
    { end: 0 },
    { start: 5, end: 5 },
    { start: 6, end: 5 },
    { end: Number.POSITIVE_INFINITY },
  ])('refuses the range %j with nothing sent', async (options) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/a', options)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it.each([
    { type: 'ebcdic' },
    { type: 'toString' },
    { size: -1 },
    { size: 'x' },
    { verify: 'yes' },
  ] as const)('refuses %j with nothing sent', async (options) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const bad = options as unknown as RetrOptions;
    expect(await observe(ftp.retr$('/a', bad)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('refuses to start beyond a size that is known, before REST', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const error = await observe(ftp.retr$('/a', { start: 12, verify: 'size' })).failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(server.commands.filter((line) => /^(REST|RETR)/.test(line))).toEqual([]);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('errors with the refusal', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const error = await observe(ftp.retr$('/no')).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', command: 'RETR /no', reply: { code: 550 } });
    expect(await observe(ftp.retr$('/a')).ended).toBe('complete');
  });

  it('sends nothing when it is unsubscribed before its turn', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const first = observe(ftp.help$());
    observe(ftp.retr$('/a')).unsubscribe();
    await first.settled;
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['HELP', 'NOOP']);
  });

  it.each(
    everyAbortStyle,
  )('is aborted by unsubscribing (%s), and the next operation gets its own reply', async (abort) => {
    await using server = await scriptedServer({ files, abort });
    await using ftp = clientOf(server, { abortTimeoutMs: 300 });
    const download = observe(ftp.retr$('/big'), { next: (_chunk, self) => self.unsubscribe() });
    expect(await download.ended).toBe('unsubscribed');
    expect(download.values).toHaveLength(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect((await observe(ftp.noop$()).settled)[0]?.code).toBe(200);
    expect((await server.event('data-closed')).reset).toBe(true);
    expect(server.commands).toContain('ABOR');
  });

  it.each([
    ['take', take(1)],
    ['takeUntil', takeUntil(timer(0))],
  ])('is aborted by %s', async (_name, operator) => {
    await using server = await scriptedServer({ files: { '/big': big } });
    await using ftp = clientOf(server);
    await observe(ftp.retr$('/big').pipe(operator)).settled;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands.filter((line) => line === 'PWD').length).toBeGreaterThan(0);
  });

  it('is aborted by its signal, and errors with the reason', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const aborting = new AbortController();
    const reason = new Error('enough');
    const download = observe(ftp.retr$('/big', { signal: aborting.signal }), { next: () => aborting.abort(reason) });
    expect(await download.failed).toBe(reason);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
    const sent = server.commands.length;
    expect(await observe(ftp.retr$('/a', { signal: aborting.signal })).failed).toBe(reason);
    expect(server.commands).toHaveLength(sent);
  });

  it('converts line ends in the type ascii', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (const type of ['ascii', 'A'] as const) {
      expect(Buffer.concat(await observe(ftp.retr$('/text', { type })).settled).toString()).toBe('one\ntwo\nthree');
    }
    await observe(ftp.type$('A')).settled;
    expect(Buffer.concat(await observe(ftp.retr$('/text')).settled).toString()).toBe('one\ntwo\nthree');
    expect(Buffer.concat(await observe(ftp.retr$('/text', { type: 'I' })).settled).toString()).toBe(
      'one\ntwo\r\nthree',
    );
  });

  it('streams through operators', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/big').pipe(lines(), take(2))).settled).toEqual(['abcdefg', 'abcdefg']);
    expect(await observe(ftp.retrLines$('/text')).settled).toEqual(['one', 'two', 'three']);
  });
});

describe('the check of the byte count', () => {
  const cases: readonly (readonly [RetrOptions, string, boolean])[] = [
    [{}, '150 Opening (11 bytes).', false],
    [{}, '150 Opening.', true],
    [{ size: 11 }, '150 Opening.', false],
    [{ verify: 'size' }, '150 Opening.', false],
    [{ verify: false }, '150 Opening (11 bytes).', true],
    [{ verify: false, size: 11 }, '150 Opening.', true],
    [{ type: 'ascii' }, '150 Opening (11 bytes).', true],
    [{ type: 'ascii', size: 11 }, '150 Opening.', true],
  ];

  it.each(cases)('with %j and "%s": a short file is a success: %s', async (options, opening, accepted) => {
    await using server = await scriptedServer({ files });
    server.on('RETR', async (session) => {
      await session.reply(opening);
      await session.sendData('hello');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const download = observe(ftp.retr$('/a', options));
    expect(await download.ended).toBe(accepted ? 'complete' : 'error');
    if (!accepted) {
      expect(download.error).toBeInstanceOf(FtpTransferError);
      expect(download.error).toMatchObject({ bytes: 5, command: 'RETR /a', reply: { code: 226 } });
      expect(String(download.error)).toMatch(/truncated.*5 bytes.*11/);
    }
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('refuses a file that is longer than it was said to be', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const error = await observe(ftp.retr$('/a', { size: 5 })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 11 });
    expect(String(error)).toContain('longer');
  });

  it.each([11, 5])('takes the whole size or the remaining one after REST (%i)', async (announced) => {
    await using server = await scriptedServer({ files });
    server.on('RETR', async (session) => {
      await session.reply(`150 Opening (${announced} bytes).`);
      await session.sendData('world');
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    expect(Buffer.concat(await observe(ftp.retr$('/a', { start: 6 })).settled).toString()).toBe('world');
  });

  it('goes on without a size where SIZE is refused', async () => {
    await using server = await scriptedServer({ files });
    server.answer('SIZE', '502 Unknown.');
    await using ftp = clientOf(server);
    expect(Buffer.concat(await observe(ftp.retr$('/a', { verify: 'size' })).settled).toString()).toBe('hello world');
  });
});

describe('pause$', () => {
  it('holds the transfer while its last value was true', async () => {
    await using server = await scriptedServer({ files: { '/big': big } });
    await using ftp = clientOf(server);
    const pause$ = new Subject<boolean>();
    const download = observe(ftp.retr$('/big', { pause$ }), { next: () => pause$.next(true) });
    await download.nth(1);
    // The server cannot get rid of the file: a command behind it is not even sent.
    await observe(ftp.state$.pipe(take(1))).settled;
    const held = download.values.length;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(download.values.length).toBe(held);
    expect(server.events.some(({ kind }) => kind === 'data-closed')).toBe(false);
    pause$.complete();
    expect((await download.settled).reduce((sum, { length }) => sum + length, 0)).toBe(big.length);
    expect(pause$.observed).toBe(false);
  });

  it('lets go at false, at completion and at the end, and passes its error on', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (const letGo of [(held: Subject<boolean>) => held.next(false), (held: Subject<boolean>) => held.complete()]) {
      const pause$ = new Subject<boolean>();
      const download = observe(ftp.retr$('/a', { pause$ }));
      pause$.next(true);
      pause$.next(true);
      const received = server.commands.filter((line) => line === 'RETR /a').length + 1;
      await server.received('RETR', received);
      letGo(pause$);
      expect(Buffer.concat(await download.settled).toString()).toBe('hello world');
      expect(pause$.observed).toBe(false);
    }
    const failing$ = new Subject<boolean>();
    const download = observe(ftp.retr$('/big', { pause$: failing$ }));
    await download.nth(1);
    failing$.error(new Error('no more pauses'));
    expect(String(await download.failed)).toContain('no more pauses');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is not watched before the transfer is subscribed, and no more when it was left', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const pause$ = new Subject<boolean>();
    const bytes$ = ftp.retr$('/big', { pause$ });
    expect(pause$.observed).toBe(false);
    const download = observe(bytes$);
    expect(pause$.observed).toBe(true);
    download.unsubscribe();
    expect(pause$.observed).toBe(false);
  });
});
