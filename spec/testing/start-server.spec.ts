import { lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { collectBytes, FtpClient, FtpReplyError } from '../../lib/index.js';
import { type TestServerOptions, testServer } from '../../lib/testing/index.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';

let pair: Certificate;

beforeAll(async () => {
  pair = await (await CertificateAuthority.create()).issue();
});

const links = ([undefined, 'explicit', 'implicit'] as const).flatMap((mode) =>
  (['passive', 'active'] as const).flatMap((data) =>
    (mode === undefined ? [undefined] : (['TLSv1.2', 'TLSv1.3'] as const)).map((version) => ({ mode, data, version })),
  ),
);

describe('our client on a test server', () => {
  it.each(links)('does all its work (TLS: $mode $version, $data)', async ({ mode, data, version }) => {
    const secure = mode && { ...pair, mode, minVersion: version, maxVersion: version };
    await using server = await testServer({ files: { '/in/a.csv': '1;2' }, user: 'me', password: 'p@ss/w', secure });
    await using ftp = new FtpClient({ ...server.options, mode: data });
    const text = async (path: string): Promise<string> =>
      Buffer.from(await lastValueFrom(ftp.retr$(path).pipe(collectBytes()))).toString();
    expect(await text('/in/a.csv')).toBe('1;2');
    expect(await lastValueFrom(ftp.stor$('/in/b.csv', '3;4', { verify: 'size' }))).toMatchObject({ verified: true });
    await lastValueFrom(ftp.appe$('/in/b.csv', ';5'));
    await lastValueFrom(ftp.rename$('/in/b.csv', '/in/ç.csv'));
    expect(await text('/in/ç.csv')).toBe('3;4;5');
    await lastValueFrom(ftp.mfmt$('/in/ç.csv', new Date('2020-01-02T03:04:05Z')));
    const entries = await lastValueFrom(ftp.entries$('/in').pipe(toArray()));
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a.csv', 3],
      ['ç.csv', 5],
    ]);
    expect(server.files.get('/in/ç.csv')?.modified).toEqual(new Date('2020-01-02T03:04:05Z'));
    await lastValueFrom(ftp.dele$('/in/a.csv'));
    expect([...server.files.keys()]).toEqual(['/in/ç.csv']);
  });

  it.each([
    undefined,
    'explicit',
    'implicit',
  ] as const)('stays in step when a download is left (TLS: %s)', async (mode) => {
    const size = 50_000_000;
    const read = (start: number, end: number): Uint8Array => new Uint8Array(end - start);
    await using server = await testServer({ files: { '/large': { size, read } }, secure: mode && { mode, ...pair } });
    await using ftp = new FtpClient(server.options);
    const download = observe(ftp.retr$('/large'));
    await download.nth(1);
    download.unsubscribe();
    expect(await lastValueFrom(ftp.size$('/large'))).toBe(size);
    expect(server.commands.filter((command) => command.startsWith('USER'))).toHaveLength(1);
  });

  it.each<[string, TestServerOptions, boolean]>([
    ['with TLS 1.2', { secure: { mode: 'explicit', key: '', cert: '', maxVersion: 'TLSv1.2' } }, false],
    ['with TLS 1.3, when the clock goes on', { secure: { mode: 'implicit', key: '', cert: '' } }, true],
    ['with a greeting of its own, when the clock goes on', { greeting: 'Mine.' }, true],
    ['in clear text', {}, false],
  ])('uploads under fake timers %s', async (_what, { secure, ...options }, shouldAdvanceTime) => {
    vi.useFakeTimers({ shouldAdvanceTime });
    try {
      const server = await testServer({ ...options, secure: secure && { ...secure, ...pair } });
      const ftp = new FtpClient(server.options);
      for (const path of ['/a', '/b', '/c']) await lastValueFrom(ftp.stor$(path, path));
      expect([...server.files].map(([path, { text }]) => [path, text])).toEqual(
        ['/a', '/b', '/c'].map((path) => [path, path]),
      );
      await lastValueFrom(ftp.close$());
      await server[Symbol.asyncDispose]();
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['mlsd', 'unix', 'dos'] as const)('understands a listing of the kind %s', async (listing) => {
    const modified = new Date('2024-01-02T03:04:00Z');
    await using server = await testServer({ files: { '/a b': { bytes: '12', modified }, '/empty/': '' }, listing });
    await using ftp = new FtpClient(server.options);
    const entries = await lastValueFrom(ftp.entries$('/').pipe(toArray()));
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['a b', 'file'],
      ['empty', 'directory'],
    ]);
    expect(entries[0]?.size).toBe(2);
  });

  it('gets in by the URL', async () => {
    await using server = await testServer({ user: 'm e', password: 'p@ss/w' });
    expect(server.url).toBe(`ftp://m%20e:p%40ss%2Fw@127.0.0.1:${server.options.port}/`);
    await using ftp = new FtpClient(server.url);
    expect(await lastValueFrom(ftp.pwd$())).toBe('/');
    expect(server.commands.slice(0, 2)).toEqual(['USER m e', 'PASS ***']);
  });

  it('is refused with a wrong password', async () => {
    await using server = await testServer({ user: 'me', password: 'right' });
    await using ftp = new FtpClient({ ...server.options, password: 'wrong' });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpReplyError);
  });

  it('is told the scheme of TLS by the URL', async () => {
    await using explicit = await testServer({ secure: { mode: 'explicit', ...pair } });
    await using implicit = await testServer({ secure: { mode: 'implicit', ...pair } });
    expect([explicit.url, implicit.url].map((url) => url.split(':')[0])).toEqual(['ftpes', 'ftps']);
  });
});
