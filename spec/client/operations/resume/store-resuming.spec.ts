/** `stor$` with `resume`: what it refuses before anything is sent. */
import { Readable } from 'node:stream';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ByteSource, FtpClient } from '../../../../lib/index.js';
import { observe } from '../../../support/observe.js';
import { clientOf, serverOf } from './support/cut-server.js';

describe('stor$ with resume errors', () => {
  it.each<[string, () => ByteSource]>([
    ['a Readable', () => Readable.from(['a'])],
    ['an Observable', () => from(['a'])],
    ['a generator', () => ['a'].values()],
    ['nothing', () => null as never],
  ])('for %s, with nothing sent', async (_kind, make) => {
    await using server = await serverOf({});
    await using ftp = clientOf(server);
    expect(await observe(ftp.stor$('/a', make(), { resume: true })).failed).toMatchObject({
      code: 'ERR_FTP_USAGE',
      outcome: 'none',
    });
    expect(server.commands).toEqual([]);
  });

  it.each([
    ['a function without resume', (ftp: FtpClient) => ftp.stor$('/a', () => 'a')],
    ['ascii', (ftp: FtpClient) => ftp.stor$('/a', 'a', { resume: true, type: 'ascii' })],
    ['a resume of another kind', (ftp: FtpClient) => ftp.stor$('/a', 'a', { resume: {} as never })],
    ['appe$', (ftp: FtpClient) => ftp.appe$('/a', 'a', { resume: true } as never)],
  ])('for %s, with nothing sent', async (_what, run) => {
    await using server = await serverOf({});
    await using ftp = clientOf(server);
    expect(await observe(run(ftp)).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(server.commands).toEqual([]);
  });

  it('with the reason of its signal, where that has aborted before', async () => {
    await using server = await serverOf({});
    await using ftp = clientOf(server);
    const reason = new Error('enough');
    const stored = ftp.stor$('/a', 'a', { resume: true, signal: AbortSignal.abort(reason) });
    expect(await observe(stored).failed).toBe(reason);
    expect(server.commands).toEqual([]);
  });
});
