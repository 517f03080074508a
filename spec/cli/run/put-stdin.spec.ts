/** Stdin is stored under a temporary name, which is not left behind. */
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { putStdin$ } from '../../../lib/cli/run/put-stdin.js';
import { FtpClient } from '../../../lib/index.js';
import { type TestServer, testServer } from '../../../lib/testing/index.js';
import { endAfterEach } from '../../support/endings.js';

const endLater = endAfterEach();
afterEach(() => vi.restoreAllMocks());

async function start(): Promise<{ readonly server: TestServer; readonly ftp: FtpClient }> {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([Buffer.from('new')]) as typeof process.stdin);
  const server = await testServer({ files: { '/a.txt': 'old' } });
  endLater(() => server[Symbol.asyncDispose]());
  return { server, ftp: new FtpClient(server.options) };
}

describe('stdin', () => {
  it('has the final name when it is whole', async () => {
    const { server, ftp } = await start();
    const done = await lastValueFrom(putStdin$({ ftp, path: 'a.txt' }, { inPlace: false, rate: undefined }));
    await lastValueFrom(ftp.close$({ drain: true }));
    expect(done).toMatchObject({ path: 'a.txt', bytes: 3, done: true });
    expect(server.files.get('/a.txt')?.text).toBe('new');
    expect(server.commands.filter((line) => line.startsWith('DELE'))).toEqual([]);
  });

  it.each([
    'SIZE',
    'RNFR',
  ])('leaves no temporary file when the user leaves at %s, all bytes being stored', async (verb) => {
    const { server, ftp } = await start();
    const left = new Promise<void>((resolve) => {
      server.on(verb, () => {
        uploading.unsubscribe();
        resolve();
        return undefined;
      });
    });
    const uploading = putStdin$({ ftp, path: 'a.txt' }, { inPlace: false, rate: undefined }).subscribe();
    await left;
    await lastValueFrom(ftp.close$({ drain: true }));
    expect([...server.files.keys()]).toEqual(['/a.txt']);
  });

  it('is left at once, also where the rate lets the next byte pass much later', async () => {
    // Those of the rate. Its clock stands still.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { server, ftp } = await start();
    const uploading = putStdin$({ ftp, path: 'a.txt' }, { inPlace: false, rate: 1 }).subscribe();
    while (vi.getTimerCount() === 0) await nextTurn();
    uploading.unsubscribe();
    while (vi.getTimerCount() > 0) await nextTurn();
    await lastValueFrom(ftp.close$({ drain: true }));
    expect([...server.files.keys()]).toEqual(['/a.txt']);
    expect(server.files.get('/a.txt')?.text).toBe('old');
  });
});
