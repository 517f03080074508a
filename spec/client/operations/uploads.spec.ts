import { from, lastValueFrom, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  type FtpClient,
  FtpReplyError,
  FtpTransferError,
  FtpUsageError,
  type StorOptions,
} from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { everyAbortStyle, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

/** Chunks for as long as they are asked for. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024);
}

describe('stor$, appe$ and stou$', () => {
  it('store, and end with a last progress', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const progress = await observe(ftp.stor$('/a', 'hello')).settled;
    expect(progress.at(-1)).toMatchObject({ path: '/a', bytes: 5, total: 5, done: true, verified: false });
    expect(progress.slice(0, -1).every(({ done, verified }) => !done && !verified)).toBe(true);
    expect(server.tree.text('/a')).toBe('hello');
    expect(afterLogin(server)).toEqual(['TYPE I', 'EPSV', 'STOR /a']);
  });

  it.each([
    ['a string', () => 'héllo'],
    ['bytes', () => Buffer.from('héllo')],
    ['an iterable', () => ['hé', Buffer.from('llo')]],
    ['a Blob', () => new Blob(['héllo'])],
    ['an Observable', () => from(['hé', 'llo'])],
    ['a web stream', () => new Response('héllo').body as never],
    ['nothing', () => [] as string[]],
  ])('take %s', async (_name, source) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stor$('/a', source()));
    expect(server.tree.text('/a')).toBe(_name === 'nothing' ? '' : 'héllo');
    expect(last.bytes).toBe(server.tree.file('/a')?.bytes.length);
  });

  it('upload another download', async () => {
    const big = Buffer.alloc(3_000_000, 'xyz');
    await using from = await scriptedServer({ files: { '/big': big } });
    await using to = await scriptedServer();
    await using source = clientOf(from);
    await using target = clientOf(to);
    await observe(target.stor$('/copy', source.retr$('/big'))).settled;
    expect(to.tree.file('/copy')?.bytes.equals(big)).toBe(true);
  });

  it('append, and store under a name of the server', async () => {
    await using server = await scriptedServer({ files: { '/a': 'one ' } });
    await using ftp = clientOf(server);
    expect((await lastValueFrom(ftp.appe$('/a', 'two'))).bytes).toBe(3);
    expect(server.tree.text('/a')).toBe('one two');
    expect((await lastValueFrom(ftp.stou$('x'))).path).toBe('stou');
    expect((await lastValueFrom(ftp.stou$('y', 'a'))).path).toBe('a.1');
    expect(server.tree.text('/a.1')).toBe('y');
  });

  it.each([
    ['150 FILE: x.1', '226 Done.', 'x.1'],
    ['150 Ok.', '226 Done (unique file name:x.2).', 'x.2'],
    ['150 Ok.', '226 Done.', undefined],
  ])('read the name of a stored file in %j and %j', async (opening, final, path) => {
    await using server = await scriptedServer();
    server.on('STOU', async (session) => {
      await session.reply(opening);
      await session.receiveData();
      await session.reply(final);
    });
    await using ftp = clientOf(server);
    const last = await lastValueFrom(ftp.stou$('x'));
    expect(last.path).toBe(path);
    expect('path' in last).toBe(path !== undefined);
  });

  it('write at an offset', async () => {
    await using server = await scriptedServer({ files: { '/a': 'hello world' } });
    await using ftp = clientOf(server);
    await observe(ftp.stor$('/a', 'there', { start: 6, verify: 'size' })).settled;
    expect(server.tree.text('/a')).toBe('hello there');
    expect(server.commands).toContain('REST 6');
  });

  it.each([
    { start: -1 },
    { start: 1.5 },
    { start: Number.NaN },
    { type: 'x' },
    { verify: 'yes' },
    { progressIntervalMs: -1 },
    { start: 5, type: 'ascii' },
    { start: 5, type: 'A', verify: 'size' },
  ])('refuse %j with nothing sent', async (options) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const bad = options as unknown as StorOptions;
    expect(await observe(ftp.stor$('/a', 'x', bad)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('begin at no offset in the ASCII type of the client, or of type$, unless they name another', async () => {
    await using server = await scriptedServer({ files: { '/a': 'hello world' } });
    const upload = (ftp: FtpClient, options: StorOptions = {}) =>
      observe(ftp.stor$('/a', 'there', { start: 6, ...options }));
    await using ascii = clientOf(server, { type: 'ascii' });
    expect(await upload(ascii).failed).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none' });
    await using ftp = clientOf(server);
    await observe(ftp.type$('A')).settled;
    expect(String(await upload(ftp).failed)).toMatch(/give type: 'binary'/);
    expect(server.commands.filter((line) => /^(REST|STOR|SIZE|EPSV)/.test(line))).toEqual([]);
    await upload(ftp, { type: 'binary' }).settled;
    expect(server.tree.text('/a')).toBe('hello there');
  });

  it('begin at 0 in the ASCII type, as without an offset', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.stor$('/a', 'x\n', { start: 0, type: 'ascii' })).settled;
    expect(server.tree.text('/a')).toMatch(/^x\r?\n$/);
  });

  it.each([undefined, null, 5, {}, [5]])('refuse %j as a source with nothing sent', async (source) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    for (const upload$ of [
      ftp.stor$('/a', source as never),
      ftp.appe$('/a', source as never),
      ftp.stou$(source as never),
      ftp.transfer$('STOR /a', { source: (source ?? null) as never }),
    ]) {
      expect(await observe<unknown>(upload$).failed).toBeInstanceOf(FtpUsageError);
    }
    expect(server.sessions).toHaveLength(0);
  });

  it('error with the refusal, and leave the source alone', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    let touched = false;
    const source = (function* () {
      touched = true;
      yield 'x';
    })();
    const error = await observe(ftp.stor$('/no/a', source)).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'STOR /no/a', reply: { code: 553 } });
    expect(touched).toBe(false);
  });

  it('pass an error of the source on unchanged, and abort', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const cause = new Error('disk on fire');
    expect(
      await observe(
        ftp.stor$(
          '/a',
          throwError(() => cause),
        ),
      ).failed,
    ).toBe(cause);
    expect(server.commands).toContain('ABOR');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each(everyAbortStyle)('are aborted by unsubscribing (%s)', async (abort) => {
    await using server = await scriptedServer({ abort });
    await using ftp = clientOf(server, { abortTimeoutMs: 300 });
    let closed = false;
    async function* source() {
      try {
        yield* endless();
      } finally {
        closed = true;
      }
    }
    const upload = observe(ftp.stor$('/a', source(), { progressIntervalMs: 0 }));
    await upload.nth(2);
    upload.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
    expect(closed).toBe(true);
  });

  it('are aborted by their signal, and error with the reason', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const aborting = new AbortController();
    const reason = new Error('enough');
    const options = { signal: aborting.signal, progressIntervalMs: 0 };
    const upload = observe(ftp.stor$('/a', endless(), options));
    await upload.nth(1);
    aborting.abort(reason);
    expect(await upload.failed).toBe(reason);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('convert line ends in the type ascii, once', async () => {
    await using server = await scriptedServer();
    const received: string[] = [];
    server.on('STOR', async (session) => {
      await session.reply('150 Ok.');
      received.push((await session.receiveData()).bytes.toString());
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const progress = await lastValueFrom(ftp.stor$('/a', ['a\nb\r', '\nc'], { type: 'ascii' }));
    await observe(ftp.storLines$('/a', ['one', 'two\n', 'three\r\n', '', 'é'])).settled;
    await observe(ftp.storLines$('/a', from(['x', 'y']))).settled;
    await observe(ftp.storLines$('/a', [])).settled;
    expect(received).toEqual(['a\r\nb\r\nc', 'one\r\ntwo\r\nthree\r\n\r\né\r\n', 'x\r\ny\r\n', '']);
    expect(progress).not.toHaveProperty('total');
  });

  it('send many lines in pieces', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const many = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    await observe(ftp.storLines$('/a', many)).settled;
    expect(server.tree.text('/a')).toBe(many.map((line) => `${line}\n`).join(''));
  });

  it('report at most once in an interval', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { progressIntervalMs: 60_000 });
    const chunks = Array.from({ length: 50 }, () => new Uint8Array(1000));
    expect(await observe(ftp.stor$('/a', chunks)).settled).toHaveLength(1);
    expect((await observe(ftp.stor$('/a', chunks, { progressIntervalMs: 0 })).settled).length).toBeGreaterThan(10);
  });
});

describe('an upload that ends badly', () => {
  it.each([
    [{ verify: 'size' } as const, true],
    [{ verify: false } as const, false],
    [{}, false],
  ])('with %j: a file that is too short is an error: %s', async (options, fails) => {
    await using server = await scriptedServer();
    server.answer('SIZE', '213 3');
    await using ftp = clientOf(server);
    const upload = observe(ftp.stor$('/a', 'hello', options));
    expect(await upload.ended).toBe(fails ? 'error' : 'complete');
    if (fails) {
      expect(upload.error).toBeInstanceOf(FtpTransferError);
      expect(upload.error).toMatchObject({ bytes: 5, command: 'STOR /a', reply: { code: 226 } });
      expect(String(upload.error)).toMatch(/3 bytes where 5 were expected/);
    }
  });

  it("is not verified in the type ascii, whose bytes are not the file's", async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const verify = { verify: 'size', deletePartial: true } as const;
    for (const type of ['A', 'a n', 'A T']) {
      await observe(ftp.type$(type)).settled;
      const last = await lastValueFrom(ftp.stor$('/a', 'x\ny\n', verify));
      expect(last).toMatchObject({ bytes: 6, verified: false });
      expect(last).not.toHaveProperty('total');
      expect(server.tree.text('/a')).toBe('x\ny\n');
    }
    expect(server.commands.some((line) => /^(SIZE|DELE)/.test(line))).toBe(false);
  });

  it('is called complete, but not verified, where the server does not know SIZE', async () => {
    await using server = await scriptedServer();
    server.answer('SIZE', '502 Unknown.');
    await using ftp = clientOf(server);
    for (const _round of [1, 2]) {
      const stored = await observe(ftp.stor$('/a', 'hello', { verify: 'size', deletePartial: true })).settled;
      expect(stored.at(-1)).toMatchObject({ bytes: 5, done: true, verified: false });
    }
    expect(server.tree.text('/a')).toBe('hello');
    expect(server.commands.filter((line) => line.startsWith('SIZE'))).toEqual(['SIZE /a']);
  });

  it('keeps what was stored where SIZE is refused', async () => {
    await using server = await scriptedServer();
    server.answer('SIZE', '550 No such file.');
    await using ftp = clientOf(server);
    const error = await observe(ftp.stor$('/a', 'hello', { verify: 'size', deletePartial: true })).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'SIZE /a' });
    expect(server.tree.text('/a')).toBe('hello');
  });

  it('deletes a file of another size only with deletePartial', async () => {
    for (const deletePartial of [true, false]) {
      await using server = await scriptedServer();
      server.answer('SIZE', '213 3');
      await using ftp = clientOf(server);
      const error = await observe(ftp.stor$('/a', 'hello', { verify: 'size', deletePartial })).failed;
      expect(error).toBeInstanceOf(FtpTransferError);
      expect(server.tree.file('/a') === undefined).toBe(deletePartial);
    }
  });

  it('is verified when SIZE says what was sent', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await lastValueFrom(ftp.stor$('/a', 'hello', { verify: 'size' }))).toMatchObject({
      done: true,
      verified: true,
    });
  });

  it('gives DELE behind the abort of a failed upload more time than the abort has', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer();
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      server.on('DELE', (_session, _argument, { byDefault }) => {
        answer = () => void byDefault();
        resolve();
      });
    });
    await using ftp = clientOf(server);
    const error = new Error('source');
    const upload = observe(
      ftp.stor$(
        '/a',
        throwError(() => error),
        { deletePartial: true },
      ),
    );
    await vi.waitUntil(() => server.commands.includes('DELE /a'), { timeout: 5_000, interval: 5 });
    await asked;
    vi.advanceTimersByTime(10_000);
    answer();
    expect(await upload.failed).toBe(error);
    expect(server.tree.file('/a')).toBeUndefined();
    expect(await observe(ftp.noop$()).ended).toBe('complete');
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['cancelled', 'unsubscribed'],
    ['failed', 'error'],
  ])('deletes a partial file only with deletePartial (%s)', async (how, end) => {
    for (const deletePartial of [true, false]) {
      await using server = await scriptedServer();
      await using ftp = clientOf(server);
      const source = how === 'failed' ? throwError(() => new Error('source')) : endless();
      const upload = observe(ftp.stor$('/a', source, { deletePartial, progressIntervalMs: 0 }));
      if (how === 'cancelled') {
        await upload.nth(1);
        upload.unsubscribe();
      }
      expect(await upload.ended).toBe(end);
      await observe(ftp.noop$()).settled;
      expect(server.commands.includes('DELE /a')).toBe(deletePartial);
      expect(server.tree.file('/a') === undefined).toBe(deletePartial);
    }
  });

  it('deletes nothing of an upload that was refused or never began', async () => {
    await using server = await scriptedServer({ files: { '/dir/a': 'precious' } });
    await using ftp = clientOf(server);
    server.answer('STOR', '553 No.');
    await observe(ftp.stor$('/dir/a', 'x', { deletePartial: true })).failed;
    server.answer('EPSV', '425 No.');
    server.answer('PASV', '425 No.');
    await observe(ftp.stor$('/dir/a', 'x', { deletePartial: true })).failed;
    expect(server.tree.text('/dir/a')).toBe('precious');
    expect(server.commands).not.toContain('DELE /dir/a');
  });
});
