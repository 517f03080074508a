import { once } from 'node:events';
import { Readable } from 'node:stream';
import { concat, defer, EMPTY, filter, firstValueFrom, lastValueFrom, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpReplyError, FtpTransferError } from '../../lib/errors.js';
import { type Connected, connected, Latch } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import type { Handler, ScriptedServer } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';

const files = { '/a': '0123456789' };

function storing(script: Handler): Promise<Connected> {
  return connected({ files }, {}, (server) => server.once('STOR', script));
}

async function expectInStep(at: Connected): Promise<void> {
  expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  expect(await fetch(at, '/a')).toBe(files['/a']);
  expect(at.status).toBe('idle');
}

/** A source without end, and how much of it was read. */
function endless(): { source: Iterable<Uint8Array>; read: () => number; returned: () => boolean } {
  let read = 0;
  let returned = false;
  function* chunks(): Generator<Uint8Array> {
    try {
      for (;;) {
        read += 1;
        yield Buffer.alloc(64 * 1024, 'x');
      }
    } finally {
      returned = true;
    }
  }
  return { source: chunks(), read: () => read, returned: () => returned };
}

describe('an upload', () => {
  it.each(['whole', 'bytes'] as const)('arrives, and is complete when the server says so (%s)', async (chunking) => {
    await using at = await connected({ files, chunking });
    const last = await lastValueFrom(at.ftp.stor$('/up', ['one ', 'two ', 'three']));
    expect(last).toMatchObject({ path: '/up', bytes: 13, done: true, verified: false });
    expect(at.server.tree.text('/up')).toBe('one two three');
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'STOR /up']);
    expect(await at.server.event('data-closed')).toMatchObject({ reset: false });
    await lastValueFrom(at.ftp.appe$('/up', ' four'));
    expect(at.server.tree.text('/up')).toBe('one two three four');
  });

  it('of nothing makes an empty file', async () => {
    await using at = await connected({ files });
    expect(await lastValueFrom(at.ftp.stor$('/empty', EMPTY))).toMatchObject({ bytes: 0, done: true });
    expect(at.server.tree.text('/empty')).toBe('');
  });

  it('is not complete where the server has ended the data connection before the bytes came', async () => {
    const [ended, given] = [new Latch(), new Latch()];
    await using at = await storing(async (session) => {
      await session.reply('150 Go on.');
      const data = await session.data();
      // The client's socket ends as soon as it has read the end of this side.
      const over = once(data.resume(), 'end');
      data.end();
      await over;
      ended.open();
      await given.opened;
      await session.reply('226 Transfer complete.');
    });
    const source = new Subject<string>();
    const upload = observe(at.ftp.stor$('/up', source));
    await ended.opened;
    await pollPhase();
    source.next('lost');
    source.complete();
    await pollPhase();
    given.open();
    expect(await upload.failed).toBeInstanceOf(FtpTransferError);
    await expectInStep(at);
  });

  it('sends nothing, and reads no source, before the preliminary reply', async () => {
    const go = new Latch();
    await using at = await storing(async (session, _argument, command) => {
      await session.rawData();
      await go.opened;
      await command.byDefault();
    });
    let read = false;
    const source = defer(() => {
      read = true;
      return of('late');
    });
    const upload = observe(at.ftp.stor$('/up', source));
    await at.server.received('STOR');
    await at.server.event('data-opened');
    expect(read).toBe(false);
    go.open();
    await upload.settled;
    expect(at.server.tree.text('/up')).toBe('late');
  });

  it('is not complete before the final reply', async () => {
    const go = new Latch();
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      await session.receiveData();
      await go.opened;
      await session.reply('226 Stored.');
    });
    const upload = observe(at.ftp.stor$('/up', 'x'));
    await at.server.event('data-ended');
    expect(upload.values.every(({ done }) => !done)).toBe(true);
    expect(upload.end).toBeUndefined();
    go.open();
    expect((await upload.settled).at(-1)?.done).toBe(true);
  });

  it('begins at start by REST', async () => {
    await using at = await connected({ files });
    await lastValueFrom(at.ftp.stor$('/a', 'XY', { start: 4 }));
    expect(at.server.tree.text('/a')).toBe('0123XY');
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'REST 4', 'STOR /a']);
  });

  it('of text goes with CRLF in the ASCII type', async () => {
    const received: string[] = [];
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      received.push((await session.receiveData()).bytes.toString());
      await session.reply('226 Stored.');
    });
    await lastValueFrom(at.ftp.stor$('/up', ['one\ntwo\r', '\nthree\n'], { type: 'ascii' }));
    expect(received).toEqual(['one\r\ntwo\r\nthree\r\n']);
    expect(at.commands[0]).toBe('TYPE A');
    await lastValueFrom(at.ftp.storLines$('/lines', ['a', 'b']));
    expect(at.server.tree.text('/lines')).toBe('a\nb\n');
  });

  it('reads its source no faster than the server takes it', async () => {
    const { source, read } = endless();
    await using at = await storing(async (session) => {
      await session.rawData();
      await session.reply('150 Go.');
    });
    const upload = observe(at.ftp.stor$('/up', source, { progressIntervalMs: 0 }));
    await upload.nth(1);
    // A turn of the loop in which nothing more was read: the kernel's buffers are full.
    for (let seen = -1; seen !== read(); await new Promise(setImmediate)) seen = read();
    expect(read() * 64 * 1024).toBeLessThan(32 * 1024 * 1024);
    upload.unsubscribe();
  });
});

describe('an upload that fails', () => {
  it.each([
    '553 Could not create file.',
    '550 No.',
    '452 Full.',
    '532 Account?',
  ])('before it began is a refusal, and its source is not touched: %s', async (reply) => {
    await using at = await storing((session) => session.reply(reply));
    const { source, read, returned } = endless();
    const error = await observe(at.ftp.stor$('/up', source)).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'STOR /up', reply: { code: Number(reply.slice(0, 3)) } });
    expect([read(), returned()]).toEqual([0, false]);
    await expectInStep(at);
  });

  it.each([
    '552 Disk full.',
    '452 Disk full.',
    '426 Broken.',
    '451 Write error.',
  ])('in the middle carries the bytes and the reply: %s', async (reply) => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      await session.reply(reply);
      session.link?.reset();
    });
    const { source, returned } = endless();
    const error = await observe(at.ftp.stor$('/up', source)).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ command: 'STOR /up', reply: { code: Number(reply.slice(0, 3)) } });
    expect((error as FtpTransferError).bytes).toBeGreaterThan(0);
    expect(returned()).toBe(true);
    await expectInStep(at);
  });

  it('after everything was sent is not complete: 552', async () => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      await session.receiveData();
      await session.reply('552 Over quota.');
    });
    const error = await observe(at.ftp.stor$('/up', 'x'.repeat(100))).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ bytes: 100, reply: { code: 552 } });
    await expectInStep(at);
  });

  it.each(['226 Thank you.', '250 Enough.'])('when the server ends it early, even with "%s"', async (reply) => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      await session.reply(reply);
    });
    const error = await observe(at.ftp.stor$('/up', concat(of('some'), NEVER))).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 4, reply: { code: Number(reply.slice(0, 3)) } });
    expect(String(error)).toContain('before everything was sent');
    await expectInStep(at);
  });

  it('when the server ends it early by an odd reply, and says no more', async () => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      await session.reply('200 Enough.');
    });
    const rest = new Subject<string>();
    const told = firstValueFrom(at.ftp.reply$.pipe(filter(({ text }) => text === 'Enough.')));
    const upload = observe(at.ftp.stor$('/up', concat(of('some'), rest)));
    await told;
    rest.next('more');
    rest.complete();
    expect(await upload.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 8, reply: { code: 200 } });
    await expectInStep(at);
  });

  it.each(['226 Done already.', '250 Fine.'])('when the server says "%s" instead of asking for data', async (reply) => {
    await using at = await storing((session) => session.reply(reply));
    const { source, read } = endless();
    const error = await observe(at.ftp.stor$('/up', source)).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 0, reply: { code: Number(reply.slice(0, 3)) } });
    expect(read()).toBe(0);
    await expectInStep(at);
  });

  it('when the server resets the data connection and says why', async () => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      session.link?.reset();
      await session.reply('426 Something went wrong.');
    });
    const error = await observe(at.ftp.stor$('/up', endless().source)).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', reply: { code: 426 } });
    await expectInStep(at);
  });

  it.each([
    ['226 only', 'idle'],
    // pyftpdlib says so while the STOR still waits for a data connection, whoever opens it.
    ['225 only', 'closed'],
  ] as const)('when the server resets the data connection and says nothing (abort: %s)', async (abort, status) => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      session.link?.reset();
    });
    at.server.abort = abort;
    const error = await observe(at.ftp.stor$('/up', endless().source)).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', reply: undefined });
    expect(String(error)).toContain('the data connection broke');
    expect(at.commands.slice(-2)).toEqual(['ABOR', 'PWD']);
    if (status === 'idle') await expectInStep(at);
    else expect(await at.connection.failed).toMatchObject({ phase: 'abort', command: 'STOR /up' });
    expect(at.status).toBe(status);
  });

  it('when the server closes the data connection without a word, in the time for a reply', async () => {
    const script: Handler = (session) => session.sendData('');
    await using at = await connected({ files }, { replyTimeoutMs: 300 }, (server) => server.once('STOR', script));
    const error = await observe(at.ftp.stor$('/up', 'data')).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', command: 'STOR /up', phase: 'reply' });
  });

  it('when the control connection is lost carries the bytes', async () => {
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      const data = await session.data();
      await new Promise((resolve) => data.once('data', resolve));
      await session.closeControl('rst');
    });
    const { source, returned } = endless();
    const error = await observe(at.ftp.stor$('/up', source)).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'transfer', command: 'STOR /up' });
    expect((error as FtpConnectionError).bytes).toBeGreaterThan(0);
    expect(returned()).toBe(true);
    expect(at.status).toBe('closed');
  });
});

describe("an error of the upload's source", () => {
  const broken = new Error('the disk is gone');
  const sources = {
    'an Observable': () =>
      concat(
        of('some'),
        throwError(() => broken),
      ),
    'an iterator': function* () {
      yield 'some';
      throw broken;
    },
    'an async iterator': async function* () {
      yield 'some';
      throw broken;
    },
    'a Readable': () =>
      Readable.from(
        (function* () {
          yield 'some';
          throw broken;
        })(),
      ),
    'an Observable that fails at once': () => throwError(() => broken),
  };

  it.each(Object.entries(sources))('aborts the upload and is passed on unchanged: %s', async (_kind, source) => {
    await using at = await connected({ files });
    const upload = observe(at.ftp.stor$('/up', source()));
    expect(await upload.failed).toBe(broken);
    expect(at.commands.slice(-2)).toEqual(['ABOR', 'PWD']);
    await expectInStep(at);
  });

  it('resets the data connection, so that no server takes what there is for the whole file', async () => {
    const arrived = new Latch();
    await using at = await storing(async (session) => {
      await session.reply('150 Go.');
      // A server in Node takes a RST that comes along with data for an end of file (libuv); one that has read it does not.
      await session.receiveData(() => arrived.open());
      await session.reply('426 Broken off.');
    });
    async function* source(): AsyncGenerator<string> {
      yield 'some';
      await arrived.opened;
      throw broken;
    }
    expect(await observe(at.ftp.stor$('/up', source())).failed).toBe(broken);
    expect(await at.server.event('data-closed')).toMatchObject({ reset: true, received: 4 });
    expect(at.server.journal.of('data-ended')).toEqual([]);
    await expectInStep(at);
  });

  it('is the error also when it gives what are no bytes', async () => {
    await using at = await connected({ files });
    const wrong = new Subject<string>();
    const upload = observe(at.ftp.stor$('/up', wrong));
    const begun = firstValueFrom(at.ftp.reply$);
    await begun;
    await at.server.event('reply', { where: ({ text }) => text.startsWith('150') });
    const poll = setInterval(() => wrong.observed && wrong.next(42 as unknown as string), 1);
    const error = await upload.failed;
    clearInterval(poll);
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE' });
    await expectInStep(at);
  });
});

describe('deletePartial', () => {
  const broken = new Error('the disk is gone');

  it.each([
    ['fails', true],
    ['is left', false],
  ])('deletes what an upload that %s has left, before anything else may happen', async (_how, fails) => {
    await using at = await connected({ files });
    const more = new Subject<string>();
    const options = { deletePartial: true, progressIntervalMs: 0 };
    const upload = observe(at.ftp.stor$('/up', concat(of('some'), more), options));
    await upload.nth(1);
    const next = observe(at.ftp.size$('/up'));
    if (fails) more.error(broken);
    else upload.unsubscribe();
    expect(await next.failed).toMatchObject({ reply: { code: 550 } });
    expect(at.server.tree.file('/up')).toBeUndefined();
    expect(at.commands.slice(-4)).toEqual(['ABOR', 'PWD', 'DELE /up', 'SIZE /up']);
    expect(upload.error).toBe(fails ? broken : undefined);
  });

  /** Opens the file, as servers do, and holds back the 150 until `go`. */
  function opensBeforeItSays(server: ScriptedServer, go: Latch, replies?: readonly string[]): void {
    server.once('STOR', async (session, path, command) => {
      server.tree.write(path, Buffer.alloc(0));
      await go.opened;
      if (replies === undefined) await command.byDefault();
      else await session.reply(...replies);
    });
  }

  it.each([
    ['150, and the end', undefined, true],
    ['a refusal', ['553 No.'], false],
  ])('of an upload that is left before the first reply, which then is %s', async (_what, replies, deleted) => {
    const go = new Latch();
    await using at = await connected({ files }, {}, (server) => opensBeforeItSays(server, go, replies));
    const upload = observe(at.ftp.stor$('/up', 'content', { deletePartial: true }));
    await at.server.received('STOR');
    upload.unsubscribe();
    go.open();
    await expectInStep(at);
    expect(at.commands.includes('DELE /up')).toBe(deleted);
    expect(at.server.tree.file('/up') === undefined).toBe(deleted);
  });

  it('of an upload whose data connection never came, though the server had begun', async () => {
    await using at = await connected({ files }, { mode: 'active', connectTimeoutMs: 50 }, (server) =>
      server.once('STOR', async (session, path) => {
        server.tree.write(path, Buffer.alloc(0));
        await session.reply('150 Ok.');
        await server.received('ABOR');
        await session.reply('425 Cannot connect.');
      }),
    );
    const error = await observe(at.ftp.stor$('/up', 'content', { deletePartial: true })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect' });
    expect(at.server.tree.file('/up')).toBeUndefined();
  });

  it('that cannot be done leaves the error that it was for', async () => {
    await using at = await connected({ files }, {}, (server) => server.on('DELE', (session) => session.closeControl()));
    const source = throwError(() => broken);
    expect(await observe(at.ftp.stor$('/up', source, { deletePartial: true })).failed).toBe(broken);
  });

  it('is off by default', async () => {
    await using at = await connected({ files });
    const upload = observe(
      at.ftp.stor$(
        '/up',
        concat(
          of('some'),
          throwError(() => broken),
        ),
      ),
    );
    await upload.failed;
    expect(at.commands).not.toContain('DELE /up');
  });
});

describe('verify', () => {
  it('asks SIZE afterwards, before a start too, and says so', async () => {
    await using at = await connected({ files });
    expect(await lastValueFrom(at.ftp.stor$('/up', 'abc', { verify: 'size' }))).toMatchObject({ verified: true });
    await lastValueFrom(at.ftp.stor$('/up', 'de', { verify: 'size', start: 3 }));
    expect(at.commands.filter((line) => line.startsWith('SIZE'))).toEqual(['SIZE /up', 'SIZE /up', 'SIZE /up']);
  });

  it('is an error when the server has another size, though it said 226', async () => {
    await using at = await connected({ files }, {}, (server) => server.answer('SIZE', '213 2'));
    const error = await observe(at.ftp.stor$('/up', 'abc', { verify: 'size' })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 3, reply: { code: 226 } });
    expect(String(error)).toContain('2 bytes where 3 were expected');
  });
});
