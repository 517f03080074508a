/** Checksums by a real server: ProFTPD with mod_digest, whose HASH ignores RANG, and whose X commands take a range. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import {
  collectBytes,
  digest,
  FtpClient,
  FtpReplyError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
  tapDigest,
} from '../../lib/index.js';
import { endAfterEach } from '../support/endings.js';
import { observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const content = new Random(11).bytes(300_000);
const algorithms = ['SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'CRC-32'] as const;

async function start(extra: readonly string[]): Promise<{ server: RealServer; ftp: FtpClient }> {
  const server = await startServer('proftpd', { extra });
  endLater(() => server.stop());
  for (const name of ['a', 'a b', 'a 0 5', 'a"b']) writeFileSync(join(server.root, name), content);
  writeFileSync(join(server.root, 'empty'), '');
  mkdirSync(join(server.root, 'dir'));
  const { host, port } = server;
  const ftp = new FtpClient({ host, port, user: account.user, password: account.password });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

/** Its cache goes by the time of a file, in seconds: it would tell the checksum of what was there in the same second. */
const withDigest = (): ReturnType<typeof start> =>
  start(['LoadModule mod_digest.c', 'DigestEngine on', 'DigestCache off']);

/** The commands for checksums that were sent while `work` ran. */
async function sentBy(ftp: FtpClient, work: () => Promise<unknown>): Promise<string[]> {
  const commands = observe(ftp.command$);
  await work();
  commands.unsubscribe();
  return commands.values.filter((line) => /^(HASH|X|MD5|RANG)/.test(line));
}

describeServers(['proftpd'], () => {
  it('tells what digest computes, of a file and of a part, by each algorithm', async () => {
    const { ftp } = await withDigest();
    for (const algorithm of algorithms) {
      const whole = await lastValueFrom(ftp.retr$('a').pipe(digest(algorithm)));
      expect(await lastValueFrom(ftp.hash$('a', { algorithm }))).toEqual({ algorithm, value: whole });
      const range = { start: 1000, end: 200_001 };
      const part = await lastValueFrom(ftp.retr$('a', range).pipe(digest(algorithm)));
      const hashed = await lastValueFrom(ftp.hash$('a', { algorithm, ...range }));
      expect(hashed).toEqual({ algorithm, value: part, ...range });
      const tail = await lastValueFrom(ftp.retr$('a', { start: -1 }).pipe(digest(algorithm)));
      expect(await lastValueFrom(ftp.hash$('a', { algorithm, start: content.length - 1 }))).toMatchObject({
        value: tail,
      });
    }
  });

  it('by HASH and by XSHA256 alike, and by HASH without its range', async () => {
    const { ftp } = await withDigest();
    const algorithm = 'SHA-256';
    expect(await sentBy(ftp, () => lastValueFrom(ftp.hash$('a', { algorithm })))).toEqual(['HASH a']);
    const range = { start: 5, end: 10 };
    expect(await sentBy(ftp, () => lastValueFrom(ftp.hash$('a', { algorithm, ...range })))).toEqual([
      'RANG 5 9',
      'HASH a',
      'RANG 1 0',
      'XSHA256 a 5 10',
    ]);
    // A range that were left behind would cut this one.
    expect(Buffer.compare(await lastValueFrom(ftp.retr$('a').pipe(collectBytes())), content)).toBe(0);
  });

  it('of each name that it can be asked for', async () => {
    const { ftp } = await withDigest();
    const { value } = await lastValueFrom(ftp.hash$('a', { algorithm: 'SHA-256' }));
    for (const name of ['a b', 'a 0 5', 'a"b']) {
      expect(await lastValueFrom(ftp.hash$(name, { algorithm: 'SHA-256' }))).toMatchObject({ value });
    }
    const part = { algorithm: 'SHA-256', start: 1, end: 9 };
    const { value: expected } = await lastValueFrom(ftp.hash$('a', part));
    for (const name of ['a b', 'a 0 5']) {
      expect(await lastValueFrom(ftp.hash$(name, part))).toMatchObject({ value: expected });
    }
  });

  it('of an empty file, and none of a directory, of nothing, and beyond the end', async () => {
    const { ftp } = await withDigest();
    for (const algorithm of algorithms) {
      const value = await lastValueFrom(ftp.retr$('empty').pipe(digest(algorithm)));
      expect(await lastValueFrom(ftp.hash$('empty', { algorithm }))).toEqual({ algorithm, value });
    }
    await expect(lastValueFrom(ftp.hash$('dir'))).rejects.toThrow(FtpReplyError);
    await expect(lastValueFrom(ftp.hash$('no'))).rejects.toThrow(FtpReplyError);
    await expect(lastValueFrom(ftp.hash$('a', { end: content.length + 1 }))).rejects.toThrow(FtpUsageError);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });

  it("verifies what comes and goes with verify: 'hash', and finds a file that differs", async () => {
    const { server, ftp } = await withDigest();
    const verify = 'hash';
    const verifiedBy = 'SHA-512';
    expect(await lastValueFrom(ftp.stor$('up', content, { verify }))).toMatchObject({ verified: true, verifiedBy });
    expect(await lastValueFrom(ftp.appe$('up', 'more', { verify }))).toMatchObject({ verified: true, verifiedBy });
    expect(await lastValueFrom(ftp.stor$('up', 'MORE', { verify, start: content.length }))).toMatchObject({
      verifiedBy,
    });
    expect(readFileSync(join(server.root, 'up')).subarray(-4).toString()).toBe('MORE');
    for (const options of [{}, { start: 1000 }, { start: -1000 }, { end: 1000 }, { start: 10, end: 99_999 }]) {
      const bytes = await lastValueFrom(ftp.retr$('a', { ...options, verify }).pipe(collectBytes()));
      expect(Buffer.compare(bytes, content.subarray(options.start, options.end))).toBe(0);
    }
    let told = '';
    const changing$ = ftp.retr$('a', { verify }).pipe(
      tapDigest('SHA-512', (checksum) => {
        told = checksum;
      }),
    );
    await lastValueFrom(changing$);
    expect(await lastValueFrom(ftp.hash$('a'))).toMatchObject({ value: told });
    const reading = observe(ftp.retr$('a', { verify }), {
      next: () => writeFileSync(join(server.root, 'a'), Buffer.alloc(content.length)),
    });
    expect(await reading.failed).toBeInstanceOf(FtpTransferError);
  });

  it('moves nothing without the module', async () => {
    const { server, ftp } = await start([]);
    await expect(lastValueFrom(ftp.hash$('a'))).rejects.toThrow(FtpUnsupportedError);
    await expect(lastValueFrom(ftp.retr$('a', { verify: 'hash' }))).rejects.toThrow(FtpUnsupportedError);
    await expect(lastValueFrom(ftp.stor$('up', 'x', { verify: 'hash' }))).rejects.toThrow(FtpUnsupportedError);
    expect(() => readFileSync(join(server.root, 'up'))).toThrow('ENOENT');
  });
});
