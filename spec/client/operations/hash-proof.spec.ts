/** `verify: 'hash'`: what has moved is held against the checksum of the server. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observable, takeLast, tap } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  type AppeOptions,
  type ByteStream,
  collectBytes,
  digest,
  FtpClient,
  FtpReplyError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
  progress,
  type RetrOptions,
  type StorOptions,
  type TransferProgress,
  tapDigest,
  tapProgress,
  throttleBytes,
} from '../../../lib/index.js';
import { download$, upload$ } from '../../../lib/recipes/index.js';
import { openChecksum } from '../../../lib/streams/checksum.js';
import { testServer } from '../../../lib/testing/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { afterLogin, clientOf } from '../support/open.js';

const content = '0123456789abcdef'.repeat(1000);
const size = content.length;
const verify = 'hash';

function checksumOf(text: string, algorithm = 'SHA-256'): string {
  const checksum = openChecksum(algorithm);
  checksum.update(Buffer.from(text));
  return checksum.hex();
}

/** Has XSHA256, whose range ends as ProFTPD's does. */
async function hashServer(features: readonly string[] = ['XSHA256']): Promise<ScriptedServer> {
  const server = await scriptedServer({ files: { '/a': content, '/log': 'one' } });
  server.features = [...server.features, ...features];
  return server.on('XSHA256', (session, argument) => {
    const [path = '', start, end] = argument.split(' ');
    const text = Buffer.from(server.tree.file(path)?.bytes ?? []).toString();
    const part = start === undefined ? text : text.slice(Number(start), Number(end));
    return session.reply(`250 ${checksumOf(part).toUpperCase()}`);
  });
}

const asked = (server: ScriptedServer): string[] => afterLogin(server).filter((line) => line.startsWith('XSHA256'));

describe("retr$ with verify: 'hash'", () => {
  it.each<[RetrOptions, string, readonly string[]]>([
    [{}, content, ['XSHA256 /a']],
    [{ end: size + 5 }, content, ['XSHA256 /a']],
    [{ end: size }, content, ['XSHA256 /a']],
    [{ end: 100 }, content.slice(0, 100), ['XSHA256 /a 0 100', 'XSHA256 /a 1 2']],
    [{ start: 10 }, content.slice(10), [`XSHA256 /a 10 ${size}`, 'XSHA256 /a 1 2']],
    [{ start: 10, end: 20 }, content.slice(10, 20), ['XSHA256 /a 10 20', 'XSHA256 /a 1 2']],
    [{ start: -10 }, content.slice(-10), [`XSHA256 /a ${size - 10} ${size}`, 'XSHA256 /a 1 2']],
    [{ start: -size - 1 }, content, ['XSHA256 /a']],
  ])('of %j compares with the checksum of what was asked for', async (options, expected, sent) => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const events = observe(ftp.events$);
    const [bytes] = await observe(ftp.retr$('/a', { ...options, verify }).pipe(collectBytes())).settled;
    expect(Buffer.from(bytes ?? []).toString()).toBe(expected);
    expect(asked(server)).toEqual(sent);
    expect(events.values.find(({ type }) => type === 'transfer-ended')).toMatchObject({
      end: 'complete',
      verified: true,
      verifiedBy: 'SHA-256',
    });
    events.unsubscribe();
  });

  it('gives the checksum behind a broken-off download more time than an abort has', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await hashServer();
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      server.on('XSHA256', async (session, argument) => {
        if (argument === '/a 1 2') {
          await session.reply(`250 ${checksumOf('1')}`);
          return;
        }
        answer = () => void session.reply(`250 ${checksumOf(content.slice(0, 100))}`);
        resolve();
      });
    });
    await using ftp = clientOf(server);
    const reading = observe(ftp.retr$('/a', { end: 100, verify }));
    await asked;
    vi.advanceTimersByTime(10_000);
    answer();
    expect(await reading.ended).toBe('complete');
  });

  it.each<[string, (bytes$: ByteStream, told: TransferProgress[]) => Observable<unknown>]>([
    ['progress', (bytes$, told) => bytes$.pipe(progress(), tap(told.push.bind(told)))],
    ['progress of its total', (bytes$, told) => bytes$.pipe(progress({ total: size }), tap(told.push.bind(told)))],
    ['tapProgress', (bytes$, told) => bytes$.pipe(tapProgress((report) => told.push(report)))],
    [
      'tapProgress before a digest',
      (bytes$, told) =>
        bytes$.pipe(
          tapProgress((report) => told.push(report)),
          digest('MD5'),
        ),
    ],
    [
      'tapProgress behind tapDigest and throttleBytes',
      (bytes$, told) =>
        bytes$.pipe(
          tapDigest('MD5', () => {}),
          throttleBytes(1e9),
          tapProgress((report) => told.push(report)),
        ),
    ],
  ])('names the proof in %s', async (_what, watch) => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const told: TransferProgress[] = [];
    expect(await observe(watch(ftp.retr$('/a', { verify }), told)).ended).toBe('complete');
    expect(told.at(-1)).toMatchObject({ bytes: size, done: true, verified: true, verifiedBy: 'SHA-256' });
    await observe(watch(ftp.retr$('/a'), told)).settled;
    expect(told.at(-1)).toMatchObject({ done: true, verifiedBy: 'size' });
  });

  it('names no proof of another total, or of bytes that stand for others', async () => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    for (const options of [{ total: size + 1 }, { bytesOf: () => 1 }]) {
      const [last] = await observe(ftp.retr$('/a', { verify }).pipe(progress(options), takeLast(1))).settled;
      expect(last).toMatchObject({ done: true, verified: false });
    }
  });

  it('errors where the checksum is another, though all bytes were handed on', async () => {
    await using server = await hashServer();
    server.answer('XSHA256', `250 ${checksumOf('another')}`);
    await using ftp = clientOf(server);
    const events = observe(ftp.events$);
    const reading = observe(ftp.retr$('/a', { verify }));
    const error = await reading.failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({
      command: 'RETR /a',
      bytes: size,
      transient: true,
      message: expect.stringContaining(checksumOf(content)),
    });
    expect(Buffer.concat(reading.values).toString()).toBe(content);
    expect(events.values.find(({ type }) => type === 'transfer-ended')).toMatchObject({
      end: 'failed',
      verified: false,
    });
    expect(await observe(ftp.noop$()).ended).toBe('complete');
    events.unsubscribe();
  });

  it.each([
    ['a file without a checksum', '550 No.'],
    ['a garbled reply', '250 beef'],
    ['an unknown command', '500 What?'],
  ])('errors for %s', async (_what, reply) => {
    await using server = await hashServer();
    server.answer('XSHA256', reply);
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/a', { verify })).failed).toBeInstanceOf(FtpReplyError);
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });

  it.each<[string, readonly string[], RetrOptions]>([
    ['no checksum', [], {}],
    ['no range', ['MD5'], { start: 5 }],
    ['no range for an end', ['HASH SHA-1*'], { end: 5 }],
    ['no checksum for the tail', [], { start: -5 }],
  ])('moves nothing on a server with %s', async (_what, features, options) => {
    await using server = await hashServer(features);
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/a', { ...options, verify })).failed).toBeInstanceOf(FtpUnsupportedError);
    expect(afterLogin(server)).toEqual([]);
  });

  it('is not for the type ascii', async () => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/a', { verify, type: 'ascii' })).failed).toBeInstanceOf(FtpUsageError);
    expect(server.sessions).toHaveLength(0);
    await observe(ftp.type$('A')).settled;
    expect(await observe(ftp.retr$('/a', { verify })).failed).toBeInstanceOf(FtpUsageError);
    expect(await observe(ftp.stor$('/a', 'x', { verify })).failed).toBeInstanceOf(FtpUsageError);
    expect(afterLogin(server)).toEqual(['TYPE A']);
  });

  it('asks for no checksum of what was left', async () => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const left = observe(ftp.retr$('/a', { verify }), { next: (_chunk, observation) => observation.unsubscribe() });
    await left.ended;
    await observe(ftp.noop$()).settled;
    expect(asked(server)).toEqual([]);
  });

  it('ends in step when it is left while the server computes', async () => {
    await using server = await hashServer();
    server.on('XSHA256', (session) => {
      reading.unsubscribe();
      return session.reply(`250 ${checksumOf(content)}`);
    });
    await using ftp = clientOf(server);
    const reading = observe(ftp.retr$('/a', { verify }));
    expect(await reading.ended).toBe('unsubscribed');
    expect(await observe(ftp.size$('/a')).settled).toEqual([size]);
    expect(server.sessions).toHaveLength(1);
  });
});

describe("stor$ with verify: 'hash'", () => {
  it.each<[string, StorOptions, string, readonly string[]]>([
    ['/new', {}, 'new content', ['XSHA256 /new']],
    ['/log', { start: 3 }, ' two', ['XSHA256 /log 3 7', 'XSHA256 /log 1 2']],
    ['/new', {}, '', ['XSHA256 /new']],
    ['/log', { start: 3 }, '', []],
  ])('of %s, %j, compares with the checksum of what was sent: %j', async (path, options, source, sent) => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const progress = await observe(ftp.stor$(path, source, { ...options, verify })).settled;
    const verifiedBy = sent.length === 0 ? 'size' : 'SHA-256';
    expect(progress.at(-1)).toMatchObject({ bytes: source.length, done: true, verified: true, verifiedBy });
    expect(progress.slice(0, -1).every((report) => !('verifiedBy' in report))).toBe(true);
    expect(asked(server)).toEqual(sent);
  });

  it('is of the new part with appe$, and of the chosen name with stou$', async () => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const appended = await observe(ftp.appe$('/log', ' two', { verify })).settled;
    expect(appended.at(-1)).toMatchObject({ verifiedBy: 'SHA-256' });
    await observe(ftp.appe$('/fresh', 'x', { verify })).settled;
    server.on('STOU', async (session, _argument) => {
      await session.reply('150 FILE: /a');
      await session.receiveData();
      await session.reply('226 Done.');
    });
    const stored = await observe(ftp.stou$(content, undefined, { verify })).settled;
    expect(stored.at(-1)).toMatchObject({ path: '/a', verifiedBy: 'SHA-256' });
    expect(asked(server)).toEqual(['XSHA256 /log 3 7', 'XSHA256 /log 1 2', 'XSHA256 /fresh', 'XSHA256 /a']);
  });

  it.each([true, false])('errors where the checksum is another (deletePartial: %s)', async (deletePartial) => {
    await using server = await hashServer();
    server.answer('XSHA256', `250 ${checksumOf('another')}`);
    await using ftp = clientOf(server);
    const error = await observe(ftp.stor$('/new', 'content', { verify, deletePartial })).failed;
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(error).toMatchObject({ command: 'STOR /new', bytes: 7, transient: false });
    expect(server.tree.file('/new') === undefined).toBe(deletePartial);
  });

  it('errors for a wrong size before it asks for a part', async () => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    server.once('SIZE', (session) => session.reply('213 3')).answer('SIZE', '213 9');
    expect(await observe(ftp.appe$('/log', ' two', { verify })).failed).toBeInstanceOf(FtpTransferError);
    expect(asked(server)).toEqual([]);
  });

  it.each<[string, readonly string[], (ftp: FtpClient, options: AppeOptions) => unknown]>([
    ['no checksum', [], (ftp, options) => observe(ftp.stor$('/new', 'x', options)).failed],
    ['no checksum of a part', ['MD5'], (ftp, options) => observe(ftp.appe$('/log', 'x', options)).failed],
  ])('stores nothing on a server with %s', async (_what, features, run) => {
    await using server = await hashServer(features);
    await using ftp = clientOf(server);
    expect(await run(ftp, { verify })).toBeInstanceOf(FtpUnsupportedError);
    expect(afterLogin(server).filter((line) => /^(STOR|APPE)/.test(line))).toEqual([]);
    expect(server.tree.file('/new')).toBeUndefined();
  });

  it('appends nothing where the size before is not told', async () => {
    await using server = await hashServer();
    server.answer('SIZE', '502 What?');
    await using ftp = clientOf(server);
    expect(await observe(ftp.appe$('/log', 'x', { verify })).failed).toBeInstanceOf(FtpUnsupportedError);
    expect(server.commands.some((line) => line.startsWith('APPE'))).toBe(false);
  });

  it.each(['known', true, 'SHA-256'])('refuses verify: %j', async (given) => {
    await using server = await hashServer();
    await using ftp = clientOf(server);
    const options = { verify: given } as unknown as StorOptions;
    expect(await observe(ftp.stor$('/new', 'x', options)).failed).toBeInstanceOf(FtpUsageError);
  });
});

describe("files with verify: 'hash'", () => {
  it('come and go by download$ and upload$', async () => {
    await using server = await testServer({ files: { '/a': content } });
    await using ftp = new FtpClient(server.options);
    const local = join(tmpdir(), `rxftp-hash-proof-${process.pid}`);
    try {
      const down = await observe(download$(ftp, '/a', local, { verify })).settled;
      expect(down.at(-1)).toMatchObject({ bytes: size, verified: true, verifiedBy: 'SHA-512' });
      expect(await readFile(local, 'utf8')).toBe(content);
      const up = await observe(upload$(ftp, local, '/b', { verify })).settled;
      expect(up.at(-1)).toMatchObject({ bytes: size, verified: true, verifiedBy: 'SHA-512' });
      server.on('HASH', () => `213 SHA-512 0-${size - 1} ${checksumOf('another', 'SHA-512')} /a`);
      await writeFile(local, 'what was there');
      expect(await observe(download$(ftp, '/a', local, { verify })).failed).toBeInstanceOf(FtpTransferError);
      expect(await readFile(local, 'utf8')).toBe('what was there');
    } finally {
      await rm(local, { force: true });
    }
  });
});
