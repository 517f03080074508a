/** The advice of the README and of its page on surprises, for two things that went wrong: unpacking a file that is missing, and work slower than the network. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';

const [readme, surprises] = await Promise.all(
  ['README.md', 'docs/what-to-know.md'].map((path) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')),
);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rxftp-readme-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a user who unpacks a file on the way', () => {
  it('reads in the README to use pipeline', () => {
    expect(readme).toContain(
      '| unpack on the way | `pipeline(ftp.retr$(path), createGunzip(), createWriteStream(file))` |',
    );
  });

  it('gets its content', async () => {
    await using server = await testServer({ files: { '/a.gz': gzipSync('unpacked') } });
    await using ftp = new FtpClient(server.options);
    const file = join(folder, 'whole');
    await pipeline(ftp.retr$('/a.gz'), createGunzip(), createWriteStream(file));
    expect(await readFile(file, 'utf8')).toBe('unpacked');
  });

  it('gets the refusal where the file is missing, and the process goes on', async () => {
    await using server = await testServer();
    await using ftp = new FtpClient(server.options);
    const unpacking = pipeline(ftp.retr$('/none.gz'), createGunzip(), createWriteStream(join(folder, 'none')));
    await expect(unpacking).rejects.toBeInstanceOf(FtpReplyError);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
  });
});

describe('a user whose work is slower than the network', () => {
  it('reads in the page first that concatMap and mergeMap hold nothing back, and that paced does', () => {
    const advice = /^- \*\*`concatMap` and `mergeMap` do not slow a download down\.\*\*.*?(?=^- )/ms.exec(
      surprises ?? '',
    )?.[0];
    expect(advice).toMatch(/`paced\(work\)` is `concatMap\(work\)` that holds the socket/);
  });
});
