import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectBytes, FtpClient, FtpReplyError, FtpUsageError } from '../../lib/index.js';
import { type TestHandler, type TestServerOptions, testServer } from '../../lib/testing/index.js';
import { secret } from '../support/canary.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { dialogue, loggedIn, rawClient } from './support/raw.js';

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

describe('on', () => {
  it('answers a verb in its own way, or leaves it to the server', async () => {
    await using at = await loggedIn();
    const seen: unknown[] = [];
    at.server.on('size', (command) => {
      seen.push(command);
      return command.argument === 'a.txt' ? '213 99' : undefined;
    });
    const lines = [
      ['SIZE a.txt', '213 99'],
      ['SIZE dir/b.txt', '213 4'],
    ] as const;
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(seen[0]).toEqual({ verb: 'SIZE', argument: 'a.txt', session: 1 });
  });

  it('takes several lines, a promise, and no line at all', async () => {
    await using at = await loggedIn();
    at.server.on('SITE', () => ['200-One', '200 Two']);
    expect(await at.client.send('SITE X')).toBe('200-One\r\n200 Two');
    at.server.on('SITE', async () => '200 Later');
    expect(await at.client.send('SITE X')).toBe('200 Later');
    at.server.on('SITE', () => []);
    at.client.write('SITE X\r\n');
    expect(await at.client.send('NOOP')).toContain('200 Nothing');
  });

  it('teaches the server a verb, and is taken away', async () => {
    await using at = await loggedIn();
    const takeAway = at.server.on('AVBL', () => '213 1024');
    at.server.fail('AVBL', { refuse: 450 });
    expect(await at.client.send('AVBL /')).toContain('450 ');
    expect(await at.client.send('AVBL /')).toBe('213 1024');
    const replaced = at.server.on('AVBL', () => '213 1');
    takeAway();
    expect(await at.client.send('AVBL /')).toBe('213 1');
    replaced();
    expect(await at.client.send('AVBL /')).toContain('500 ');
  });

  it.each<[string, string]>([
    ['GET', 'did you mean RETR?'],
    ['retrieve', 'is no FTP verb'],
    ['RE TR', 'is no FTP verb'],
    ['R', 'is no FTP verb'],
    ['', 'is no FTP verb'],
    ['STORE', 'did you mean STOR?'],
  ])('refuses what is no verb: "%s"', async (verb, message) => {
    await using server = await testServer();
    expect(() => server.on(verb, () => '200 x')).toThrow(FtpUsageError);
    expect(() => server.on(verb, () => '200 x')).toThrow(message);
  });

  it('refuses what is no function', async () => {
    await using server = await testServer();
    expect(() => server.on('SIZE', '213 1' as never)).toThrow('The handler of SIZE must be a function');
  });

  it.each<[string, TestHandler, string]>([
    [
      'throws',
      () => {
        throw new Error('of the test');
      },
      'of the test',
    ],
    ['rejects', () => Promise.reject(new Error('of the test')), 'of the test'],
    ['gives no line', () => 5 as never, "The handler of SIZE must give lines such as '250 Done.'"],
    ['gives two lines in one', () => '200 a\r\n200 b', 'The handler of SIZE must give lines'],
  ])('that %s is a 451, and the error of the disposal', async (_what, handler, message) => {
    const server = await testServer();
    const client = await rawClient(server);
    await client.login();
    server.on('SIZE', handler);
    expect(await client.send('SIZE a')).toContain('451 ');
    expect(await client.send('NOOP')).toContain('200 ');
    await expect(server[Symbol.asyncDispose]()).rejects.toThrow(message);
    await server[Symbol.asyncDispose]();
    client.socket.destroy();
  });
});

describe('what cannot be a test server', () => {
  it.each<[string, object, string]>([
    ['an unknown option', { usr: 'me' }, 'did you mean user?'],
    ['a name of others', { username: 'me' }, 'use user'],
    ['a host', { host: '0.0.0.0' }, 'it is always 127.0.0.1'],
    ['a password for nobody', { password: 'x' }, 'The option password needs the option user'],
    ['a user that is no string', { user: 5 }, 'The option user must be a string'],
    ['a greeting of two lines', { greeting: 'a\r\nb' }, 'The option greeting must be a string without CR'],
    ['another listing', { listing: 'vms' }, "The option listing must be one of 'mlsd', 'unix', 'dos'"],
    ['a port that is none', { port: 65_536 }, 'The option port'],
    ['files that are none', { files: 'a' }, 'The option files must be an object or a Map'],
    ['a file that is none', { files: { '/a': 5 } }, 'The file /a must be a string, a Uint8Array'],
    ['secure that is none', { secure: true }, 'The option secure must be an object like'],
    ['an unknown mode', { secure: { mode: 'tls', key: '', cert: '' } }, "one of 'explicit', 'implicit'"],
    ['no mode', { secure: { key: '', cert: '' } }, "one of 'explicit', 'implicit'"],
    ['no key', { secure: { mode: 'explicit', cert: '' } }, 'The option secure.key must be PEM'],
    ['a key that is none', { secure: { mode: 'explicit', key: 'k', cert: 'c' } }, 'cannot be used: '],
    ['an unknown part', { secure: { mode: 'explicit', key: 'k', certificate: 'c' } }, 'has no part certificate'],
  ])('is refused: %s', async (_what, options, message) => {
    const starting = testServer(options as TestServerOptions);
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toBeInstanceOf(FtpUsageError);
  });

  it('is refused where key and certificate do not fit', async () => {
    const other = await (await CertificateAuthority.create()).issue();
    const secure = { mode: 'explicit', key: other.key, cert: pair.cert } as const;
    await expect(testServer({ secure })).rejects.toThrow(
      'The key and the certificate of the option secure cannot be used',
    );
  });

  it('is refused a port that is in use', async () => {
    await using first = await testServer();
    const { port = 0 } = first.options;
    await expect(testServer({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use: give another, or leave the option port out for a free one`,
    );
    await expect(testServer({ port })).rejects.toBeInstanceOf(FtpUsageError);
  });
});

describe('a test server', () => {
  it('listens on the port that was asked for, again after its end', async () => {
    const first = await testServer();
    const { port = 0 } = first.options;
    await first[Symbol.asyncDispose]();
    await using second = await testServer({ port });
    expect(second.options.port).toBe(port);
  });

  it('refuses a line without an end', async () => {
    await using at = await loggedIn();
    at.client.write('x'.repeat(70_000));
    expect(await at.client.reply()).toBe('500 The line is too long.');
    expect(await at.client.reply()).toBeUndefined();
  });

  it('closes a session that sends more commands than can wait', async () => {
    await using at = await loggedIn();
    at.server.fail('PWD', { stall: 'control' });
    at.client.write(`PWD\r\n${'NOOP\r\n'.repeat(1100)}`);
    expect(await at.client.reply()).toBeUndefined();
  });

  it('shows no password and no key when it is printed', async () => {
    const password = secret('a-canary-password');
    await using server = await testServer({ user: 'me', password, secure: { mode: 'explicit', ...pair } });
    const shown = inspect(server, { depth: 5, showHidden: true });
    expect(shown).not.toContain(password);
    expect(shown).not.toContain('PRIVATE KEY');
  });

  it('ends with sessions, transfers and ports open', async () => {
    const server = await testServer({ files: { '/large': 'x'.repeat(10_000_000) } });
    const client = await rawClient(server);
    await client.login();
    const data = await client.passive();
    data.on('error', () => {});
    await client.send('RETR large');
    const other = await rawClient(server);
    await other.login();
    await other.send('EPSV');
    await server[Symbol.asyncDispose]();
    expect(await client.reply()).toBeUndefined();
    for (const socket of [client.socket, other.socket, data]) socket.destroy();
  });

  it('leaves nothing of a session that goes away in the middle', async () => {
    await using at = await loggedIn();
    await at.client.send('EPSV');
    at.client.socket.resetAndDestroy();
    const other = await rawClient(at.server);
    await other.login();
    expect(await other.send('PWD')).toContain('257 ');
    other.socket.destroy();
  });

  it('lets no stranger take a data connection', async () => {
    await using at = await loggedIn();
    const [, port] = /\|\|\|(\d+)\|/.exec((await at.client.send('EPSV')) ?? '') ?? [];
    const stranger = connect({ host: '127.0.0.1', port: Number(port), localAddress: '127.0.0.2' });
    stranger.on('error', () => {});
    await once(stranger, 'close');
    const data = connect({ host: '127.0.0.1', port: Number(port) });
    await once(data, 'connect');
    const opening = at.client.send('RETR a.txt');
    expect(String((await once(data, 'data'))[0])).toBe('hello');
    expect(await opening).toContain('150 ');
    data.destroy();
  });

  it('leaves nothing behind after 1,000 times', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
    for (let round = 0; round < 1000; round += 1) {
      const server = await testServer({ files: { '/a': 'x' } });
      if (round % 10 === 0) {
        const client = await rawClient(server);
        await client.reply();
        const closed = once(client.socket, 'close');
        await server[Symbol.asyncDispose]();
        await closed;
      } else await server[Symbol.asyncDispose]();
    }
    // Node frees a closed handle a turn or two later.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'))).toHaveLength(before);
  });
});
