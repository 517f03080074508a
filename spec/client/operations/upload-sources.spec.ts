import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { lastValueFrom, retry, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, FtpTransferError, FtpUsageError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { clientOf } from '../support/open.js';

const files = { '/a': 'precious' };

function* once(): Generator<string> {
  yield 'new';
}

/** A server that answers PWD only when it is let go, so that what comes after waits. */
async function busyServer() {
  const server = await scriptedServer({ files });
  let letGo: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  server.once('PWD', async (_session, _argument, command) => {
    await released;
    await command.byDefault();
  });
  return { server, letGo };
}

describe('an upload that is subscribed again', () => {
  it('sends its lines again', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const upload$ = ftp.storLines$('/a', ['one', 'two']);
    for (let time = 0; time < 2; time += 1) {
      expect(await lastValueFrom(upload$)).toMatchObject({ bytes: 10, done: true });
      expect(server.tree.text('/a')).toBe('one\ntwo\n');
    }
  });

  it('sends its lines again after a failure', async () => {
    await using server = await scriptedServer();
    server.once('STOR', async (session) => {
      await session.reply('150 Ok.');
      await session.receiveData();
      await session.reply('451 Later.');
    });
    await using ftp = clientOf(server);
    await observe(ftp.storLines$('/a', ['one', 'two']).pipe(retry(1))).settled;
    expect(server.tree.text('/a')).toBe('one\ntwo\n');
  });

  it.each<[string, () => ByteSource]>([
    ['a generator', once],
    ['a Readable', () => Readable.from(['new'])],
    ['a web stream', () => new Response('new').body as never],
  ])('refuses %s that it has read, with nothing sent', async (_kind, make) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const source = make();
    await observe(ftp.stor$('/a', source)).settled;
    const sent = server.commands.length;
    for (const upload$ of [
      ftp.stor$('/a', source),
      ftp.appe$('/a', source),
      ftp.storLines$('/a', source as never),
      ftp.transfer$('STOR /a', { source }),
    ]) {
      expect(await observe<unknown>(upload$).failed).toBeInstanceOf(FtpUsageError);
    }
    expect(server.commands).toHaveLength(sent);
    expect(server.tree.text('/a')).toBe('new');
  });

  it('refuses a generator that another upload takes meanwhile, before its command', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const source = once();
    const first = observe(ftp.stor$('/a', source));
    const second = observe(ftp.stor$('/b', source));
    await first.settled;
    expect(await second.failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands).not.toContain('STOR /b');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

describe('a source that cannot be read', () => {
  it.each<[string, () => ByteSource]>([
    ['a Readable that was destroyed', () => new PassThrough().destroy()],
    [
      'a locked web stream',
      () => {
        const stream = new ReadableStream<Uint8Array>();
        stream.getReader();
        return stream as never;
      },
    ],
  ])('is refused with nothing sent: %s', async (_kind, make) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await observe(ftp.stor$('/a', make())).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });

  it('is refused before the command when it became so while it waited', async () => {
    const { server, letGo } = await busyServer();
    await using _server = server;
    await using ftp = clientOf(server);
    const first = observe(ftp.pwd$());
    const readable = new PassThrough();
    const upload = observe(ftp.stor$('/a', readable, { deletePartial: true }));
    readable.destroy();
    letGo();
    await first.settled;
    expect(await upload.failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands.some((line) => /^(STOR|DELE)/.test(line))).toBe(false);
    expect(server.tree.text('/a')).toBe('precious');
  });

  it('ends the upload with its own error before anything is sent', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (const make$ of [
      (source: Readable) => ftp.stor$('/a', source),
      (source: Readable) => ftp.storLines$('/a', source),
      (source: Readable) => ftp.transfer$('STOR /a', { source }),
    ]) {
      const readable = new PassThrough();
      const upload = observe<unknown>(make$(readable));
      const error = new Error('disk');
      readable.destroy(error);
      expect(await upload.failed).toBe(error);
      expect(await observe<unknown>(make$(readable)).failed).toBe(error);
    }
    await observe(ftp.pwd$()).settled;
    expect(server.commands).not.toContain('STOR /a');
    expect(server.tree.text('/a')).toBe('precious');
  });

  it('may be a file that is not there', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    for (let time = 0; time < 3; time += 1) {
      const missing = createReadStream('/nonexistent/file');
      expect(await observe(ftp.stor$('/a', missing)).failed).toMatchObject({ code: 'ENOENT' });
    }
    await observe(ftp.pwd$()).settled;
    expect(server.commands).not.toContain('STOR /a');
    expect(server.tree.text('/a')).toBe('precious');
  });

  it('may be a file that is never opened: the upload can be left', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    let opened: (error: Error) => void = () => undefined;
    const open = (_path: string, _flags: string, _mode: number, callback: (error: Error) => void): void => {
      opened = callback;
    };
    const fs = { open, read: () => undefined, close: () => undefined };
    const silent = createReadStream('/silent', { fs } as never);
    const upload = observe(ftp.stor$('/a', silent));
    await expect.poll(() => server.commands).toContain('EPSV');
    upload.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).not.toContain('STOR /a');
    opened(new Error('later'));
  });

  it('ends an upload at once that waits for its turn', async () => {
    const { server, letGo } = await busyServer();
    await using _server = server;
    await using ftp = clientOf(server);
    const first = observe(ftp.pwd$());
    const readable = new PassThrough();
    const upload = observe(ftp.stor$('/a', readable));
    const error = new Error('disk');
    readable.destroy(error);
    expect(await upload.failed).toBe(error);
    letGo();
    await first.settled;
    expect(server.commands).not.toContain('STOR /a');
  });

  it('may fail after its upload was left, or refused', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const left = new PassThrough();
    observe(ftp.stor$('/a', left)).unsubscribe();
    const refused = new PassThrough();
    await observe(ftp.stor$('/no/a', refused)).failed;
    for (const readable of [left, refused]) {
      const closed = new Promise((resolve) => readable.once('close', resolve));
      readable.destroy(new Error('later'));
      await closed;
    }
  });
});

describe('lines that come slowly', () => {
  it('are sent as they come', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { progressIntervalMs: 0 });
    const lines = new Subject<string>();
    const upload = observe(ftp.storLines$('/a', lines));
    await expect.poll(() => lines.observed).toBe(true);
    lines.next('one');
    expect(await upload.nth(1)).toMatchObject({ bytes: 5, done: false });
    lines.next('two');
    lines.complete();
    await upload.settled;
    expect(server.tree.text('/a')).toBe('one\ntwo\n');
  });

  it('are unsubscribed when the upload is', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const lines = new Subject<string>();
    const upload = observe(ftp.storLines$('/a', lines));
    await expect.poll(() => lines.observed).toBe(true);
    upload.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(lines.observed).toBe(false);
  });

  it('are unsubscribed when the upload fails', async () => {
    await using server = await scriptedServer();
    const lines = new Subject<string>();
    server.on('STOR', async (session) => {
      await session.reply('150 Ok.');
      await expect.poll(() => lines.observed).toBe(true);
      await session.reply('452 Disk full.');
    });
    await using ftp = clientOf(server);
    expect(await observe(ftp.storLines$('/a', lines)).failed).toBeInstanceOf(FtpTransferError);
    expect(lines.observed).toBe(false);
  });

  it.each([
    undefined,
    'one line',
    Buffer.from('x'),
    ['a', 5],
  ])('are refused of %s, with nothing sent', async (source) => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.storLines$('/a', source as never)).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
  });
});
