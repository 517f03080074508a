/** Uploads of untouched file streams: what the server gets, and what becomes of the stream. */
import { createReadStream, type ReadStream } from 'node:fs';
import { lastValueFrom, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../lib/index.js';
import { testServer } from '../../lib/testing/index.js';
import { observe } from '../support/observe.js';
import { fileOf, isReadHere, MiB, untilClosed } from './support/read-files.js';

type Upload = (ftp: FtpClient, source: ReadStream) => Observable<unknown>;

/** Whether the library has read `stream` at some time. */
function watch(stream: ReadStream): { readonly readHere: boolean } {
  const seen = { readHere: false };
  stream.on('resume', () => {
    seen.readHere ||= isReadHere(stream);
  });
  return seen;
}

describe('an untouched file stream', () => {
  it.each<[string, Upload, string]>([
    ['stor$', (ftp, source) => ftp.stor$('/a', source), ''],
    ['stor$ with a start', (ftp, source) => ftp.stor$('/a', source, { start: 3 }), 'old'],
    ['appe$', (ftp, source) => ftp.appe$('/a', source), 'old'],
  ])('is stored by %s, and closed', async (_how, upload, before) => {
    await using file = await fileOf(5 * MiB + 7);
    await using server = await testServer({ files: { '/a': 'old' } });
    await using ftp = new FtpClient(server.options);
    const stream = createReadStream(file.path);
    const seen = watch(stream);
    expect(await lastValueFrom(upload(ftp, stream))).toMatchObject({ bytes: file.content.length, done: true });
    const stored = Buffer.from(server.files.get('/a')?.bytes ?? []);
    expect(stored.equals(Buffer.concat([Buffer.from(before), file.content]))).toBe(true);
    await untilClosed(stream);
    expect(seen.readHere).toBe(true);
  });

  it('is stored by stou$', async () => {
    await using file = await fileOf(2 * MiB);
    await using server = await testServer();
    await using ftp = new FtpClient(server.options);
    const stream = createReadStream(file.path);
    const seen = watch(stream);
    const { path = '' } = await lastValueFrom(ftp.stou$(stream));
    expect(file.content.equals(server.files.get(path)?.bytes ?? Buffer.of())).toBe(true);
    await untilClosed(stream);
    expect(seen.readHere).toBe(true);
  });

  it('is closed when the upload is left, and nothing of it is read any more', async () => {
    await using file = await fileOf(30 * MiB);
    await using server = await testServer();
    await using ftp = new FtpClient(server.options);
    const stream = createReadStream(file.path);
    const seen = watch(stream);
    const upload = observe(ftp.stor$('/a', stream));
    await expect.poll(() => stream.bytesRead, { interval: 1 }).toBeGreaterThan(0);
    upload.unsubscribe();
    await untilClosed(stream);
    expect([seen.readHere, stream.readableEnded]).toEqual([true, false]);
    expect(stream.bytesRead).toBeLessThan(30 * MiB);
  });
});
