/** `upload$`: a local file under a remote name. */
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { defer, ignoreElements, lastValueFrom, type Observable, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  type Connector,
  FtpClient,
  type StorOptions,
  type TransferProgress,
} from '../../lib/index.js';
import { connectSocket } from '../../lib/net/connector.js';
import { upload$ } from '../../lib/recipes/index.js';
import { clientOf } from '../client/support/open.js';
import { Latch } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';
import { LocalDirectory } from './support/local-directory.js';

const MiB = 1024 * 1024;

interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: ReturnType<typeof clientOf>;
  readonly local: LocalDirectory;
  start(name: string, remote: string, options?: StorOptions): Observation<TransferProgress>;
}

async function stage(
  content: string | Uint8Array = 'hello world',
  script?: (server: ScriptedServer) => void,
): Promise<Stage> {
  const local = await LocalDirectory.make();
  await writeFile(local.at('it'), content);
  const server = await scriptedServer({ files: { '/old': 'precious' } });
  script?.(server);
  const ftp = clientOf(server);
  return {
    ...{ server, ftp, local },
    start: (name, remote, options) => observe(upload$(ftp, local.at(name), remote, options), { name: 'upload$' }),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server.close();
      await local[Symbol.asyncDispose]();
    },
  };
}

async function expectInStep({ ftp }: Stage): Promise<void> {
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  expect(Buffer.concat(await observe(ftp.retr$('/old')).settled).toString()).toBe('precious');
}

describe('upload$', () => {
  it.each([0, 1, 64 * 1024, MiB, 3 * MiB, 5 * MiB + 321])('sends all %i bytes, and says the total', async (length) => {
    const content = randomBytes(length);
    await using at = await stage(content);
    const values = await at.start('it', '/new', { progressIntervalMs: 0 }).settled;
    expect(at.server.tree.file('/new')?.bytes.equals(content)).toBe(true);
    expect(values.every(({ total }) => total === length)).toBe(true);
    expect(values.at(-1)).toMatchObject({ path: '/new', bytes: length, done: true, verified: false });
  });

  it('sends them over TLS', async () => {
    const content = randomBytes(5 * MiB + 321);
    await using local = await LocalDirectory.make();
    await writeFile(local.at('it'), content);
    await using server = await scriptedServer({ tls: 'explicit' });
    await using ftp = secureClient(server);
    await lastValueFrom(upload$(ftp, local.at('it'), '/new'));
    expect(server.tree.file('/new')?.bytes.equals(content)).toBe(true);
  });

  it('is cold: each subscription is an upload of the file as it then is', async () => {
    await using at = await stage();
    const source = upload$(at.ftp, at.local.at('it'), '/new');
    expect(at.server.sessions).toHaveLength(0);
    await lastValueFrom(source);
    await writeFile(at.local.at('it'), 'changed');
    expect(await lastValueFrom(source)).toMatchObject({ bytes: 7, total: 7 });
    expect(at.server.tree.text('/new')).toBe('changed');
  });

  it('verifies the size where that is asked for', async () => {
    await using at = await stage();
    expect((await at.start('it', '/new', { verify: 'size' }).settled).at(-1)).toMatchObject({ verified: true });
    at.server.once('SIZE', (session) => session.reply('213 10'));
    expect(await at.start('it', '/new', { verify: 'size' }).failed).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
      bytes: 11,
    });
  });

  it("names no total in the type ascii, whose line ends are not the file's", async () => {
    await using at = await stage('one\ntwo\n');
    const last = (await at.start('it', '/new', { type: 'ascii' }).settled).at(-1);
    expect(last).toMatchObject({ bytes: 10, done: true });
    expect(last).not.toHaveProperty('total');
    expect(at.server.tree.text('/new')).toBe('one\ntwo\n');
    await lastValueFrom(at.ftp.type$('A'));
    expect((await at.start('it', '/new').settled).at(-1)).not.toHaveProperty('total');
  });
});

describe('upload$ with start', () => {
  const content = randomBytes(2 * MiB + 321);

  async function half(stored: number): Promise<Stage> {
    const at = await stage(content);
    at.server.tree.write('/half', content.subarray(0, stored));
    return at;
  }

  it.each([1, MiB, content.length - 1, content.length])('goes on with a file of %i bytes', async (start) => {
    await using at = await half(start);
    const values = await at.start('it', '/half', { start, verify: 'size', progressIntervalMs: 0 }).settled;
    expect(at.server.tree.file('/half')?.bytes.equals(content)).toBe(true);
    const total = content.length - start;
    expect(values.every((value) => value.total === total && value.bytes <= total)).toBe(true);
    expect(values.at(-1)).toMatchObject({ bytes: total, done: true, verified: true });
  });

  it('goes on within what is stored', async () => {
    await using at = await half(MiB);
    await at.start('it', '/half', { start: 10 }).settled;
    expect(at.server.tree.file('/half')?.bytes.equals(content)).toBe(true);
  });

  it.each([
    ['beyond the end of the local file', 'it', content.length + 1, /it has 2097473 bytes/],
    ['of a device', '/dev/zero', 1, /it is no regular file/],
    ['of a file of /proc, which names no size', '/proc/self/stat', 1, /it has 0 bytes/],
  ])('is refused %s, with nothing sent', async (_what, name, start, words) => {
    await using at = await half(MiB);
    const path = name === 'it' ? at.local.at(name) : name;
    const error = await observe(upload$(at.ftp, path, '/half', { start, verify: 'size' })).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', outcome: 'none', message: expect.stringMatching(words) });
    expect(at.server.commands).toEqual([]);
  });

  it('beyond what is stored is refused with nothing stored', async () => {
    await using at = await half(MiB);
    const error = await at.start('it', '/half', { start: MiB + 1, verify: 'size' }).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(/has 1048576 bytes/) });
    expect(at.server.commands.some((line) => /^(STOR|REST)/.test(line))).toBe(false);
  });
});

/** A connection through something that takes much, and passes it on later. */
class Tunnel extends Duplex {
  readonly #raw: Socket;
  readonly #confirms: 'at once' | 'when it has left';
  readonly #kept: Buffer[] = [];

  constructor(raw: Socket, confirms: 'at once' | 'when it has left') {
    super({ writableHighWaterMark: 4 * MiB });
    this.#raw = raw;
    this.#confirms = confirms;
    raw.on('data', (chunk: Buffer) => this.push(chunk)).on('end', () => this.push(null));
    raw.on('error', (error) => this.destroy(error));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.#confirms === 'when it has left') {
      setImmediate(() => this.#raw.write(chunk, done));
      return;
    }
    this.#kept.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    for (const chunk of this.#kept) this.#raw.write(chunk);
    setImmediate(() => this.#raw.end(done));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}

describe('the memory of an upload', () => {
  it.each([
    'at once',
    'when it has left',
  ] as const)('is left alone while a duplex has it that confirms writes %s', async (confirms) => {
    const content = randomBytes(12 * MiB);
    await using local = await LocalDirectory.make();
    await writeFile(local.at('it'), content);
    await using server = await scriptedServer();
    const connector: Connector = async (to, signal) => {
      const socket = await connectSocket(to, signal);
      return to.channel === 'data' ? new Tunnel(socket as Socket, confirms) : socket;
    };
    await using ftp = new FtpClient({ host: server.host, port: server.port, connector });
    await lastValueFrom(upload$(ftp, local.at('it'), '/new'));
    expect(server.tree.file('/new')?.bytes.equals(content)).toBe(true);
  });

  it('belongs to a stor$ of whatever kind that iterates over it', async () => {
    const content = randomBytes(6 * MiB);
    await using at = await stage(content);
    const gathered: Uint8Array[] = [];
    const stor$ = (_path: string, source: ByteSource): Observable<never> =>
      defer(async () => {
        for await (const chunk of source as AsyncIterable<Uint8Array>) gathered.push(chunk);
      }).pipe(ignoreElements());
    await lastValueFrom(upload$({ stor$ }, at.local.at('it'), '/new'), { defaultValue: undefined });
    expect(Buffer.concat(gathered).equals(content)).toBe(true);
  });
});

describe('a file that changes while it is uploaded', () => {
  it.each([
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 17 * MiB)],
  ])('and %s is an error, and the upload is broken off', async (_how, change) => {
    const go = new Latch();
    await using at = await stage(randomBytes(24 * MiB), (server) =>
      server.once('STOR', async (session) => {
        await session.reply('150 Ok.');
        await go.opened;
        await session.receiveData();
        await session.reply('426 Broken off.');
      }),
    );
    const upload = at.start('it', '/new', { progressIntervalMs: 0, deletePartial: true, verify: 'size' });
    await upload.nth(1);
    await change(at.local.at('it'));
    go.open();
    const error = await upload.failed;
    expect(error).toMatchObject({
      message: expect.stringMatching(/was changed while it was uploaded: it had 25165824 bytes/),
    });
    expect(upload.values.every(({ done, total }) => !done && total === 24 * MiB)).toBe(true);
    // The server may have read all 24 MiB, and libuv may show it a reset as an end of file (POLLHUP behind a short read). So
    // the command tells: an upload that ends by itself sends no ABOR.
    expect(at.server.commands).toContain('ABOR');
    await expectInStep(at);
    expect(at.server.commands).toContain('DELE /new');
  });
});

describe('an upload that cannot be', () => {
  it.each([
    ['is missing', 'missing', { code: 'ENOENT' }],
    ['is a directory', 'directory', { code: 'ERR_FTP_USAGE' }],
    ['has a name that is too long', 'x'.repeat(300), { code: 'ENAMETOOLONG' }],
  ])('since the local file %s leaves the remote one alone', async (_what, name, error) => {
    await using at = await stage();
    await mkdir(at.local.at('directory'));
    expect(await at.start(name, '/old').failed).toMatchObject(error);
    expect(at.server.commands).toEqual([]);
    expect(at.server.tree.text('/old')).toBe('precious');
    await expectInStep(at);
  });

  it('since the local file cannot be read after all is aborted, and the session goes on', async () => {
    await using at = await stage();
    // A regular file that can be opened and not be read.
    const upload = observe(upload$(at.ftp, '/proc/self/mem', '/new'));
    expect(await upload.failed).toMatchObject({ code: 'EIO' });
    expect(at.server.commands).toContain('STOR /new');
    await expectInStep(at);
    expect(at.server.sessions).toHaveLength(1);
  });

  it('since the local file is gone when its turn comes is aborted, and what was left is deleted if asked for', async () => {
    const go = new Latch();
    await using at = await stage('hello', (server) =>
      server.once('HELP', async (_session, _argument, command) => {
        await go.opened;
        await command.byDefault();
      }),
    );
    const first = observe(at.ftp.help$());
    await at.server.received('HELP');
    const subscribed = new Latch();
    const original = at.ftp.stor$.bind(at.ftp);
    at.ftp.stor$ = (...args) => {
      subscribed.open();
      return original(...args);
    };
    const upload = at.start('it', '/new', { deletePartial: true });
    await subscribed.opened;
    await rm(at.local.at('it'));
    go.open();
    await first.settled;
    expect(await upload.failed).toMatchObject({ code: 'ENOENT' });
    await expectInStep(at);
    expect(at.server.commands).toContain('DELE /new');
  });

  it('since the server does not want it sends nothing', async () => {
    await using at = await stage('x', (server) => server.once('STOR', (session) => session.reply('553 No.')));
    expect(await at.start('it', '/new').failed).toMatchObject({ reply: { code: 553 } });
    await expectInStep(at);
  });

  it('since its options are bad is refused', async () => {
    await using at = await stage();
    expect(await at.start('it', '/new', { start: -1 }).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(at.server.commands).toEqual([]);
  });
});

describe('an upload that is left', () => {
  it('at once sends nothing', async () => {
    await using at = await stage();
    at.start('it', '/old').unsubscribe();
    await expectInStep(at);
    expect(at.server.commands.some((line) => line.startsWith('STOR'))).toBe(false);
  });

  it('in the middle is aborted on the server', async () => {
    await using at = await stage(randomBytes(24 * MiB));
    await lastValueFrom(upload$(at.ftp, at.local.at('it'), '/new', { progressIntervalMs: 0 }).pipe(take(1)));
    await expectInStep(at);
    expect((await at.server.event('data-closed')).received).toBeLessThan(24 * MiB);
  });

  it('by its signal errors with the reason', async () => {
    const abort = new AbortController();
    await using at = await stage(randomBytes(24 * MiB));
    const upload = at.start('it', '/new', { signal: abort.signal, progressIntervalMs: 0 });
    await upload.nth(1);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await upload.failed).toBe(reason);
    await expectInStep(at);
    expect(await at.start('it', '/new', { signal: abort.signal }).failed).toBe(reason);
  });
});
