/** MODE Z with a real server: ProFTPD with mod_deflate. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, map, take, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { type ByteStream, collectBytes, FtpClient, type FtpEvent, type FtpOptions } from '../../lib/index.js';
import { download$, upload$ } from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import { observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer, ServerOptions } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const random = new Random(18);

const contents: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  small: Buffer.from('one byte and some more\r\n'),
  text: Buffer.from(Array.from({ length: 60_000 }, (_, line) => `line ${line} of a text ${line % 97}\n`).join('')),
  zeros: Buffer.alloc(3_000_000),
  noise: Buffer.from(random.bytes(700_000)),
  // What shrinks most, next to what does not at all: in any server's buffer there is some of both.
  mixed: Buffer.concat(
    Array.from({ length: 40 }, (_, part) =>
      part % 2 === 0 ? Buffer.alloc(40_000 + part * 997) : Buffer.from(random.bytes(9_000 + part * 331)),
    ),
  ),
};
const names = Object.keys(contents);

/** Enough to fill the server's buffer more than once. */
const uploads: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  small: Buffer.from('one byte and some more\r\n'),
  zeros: Buffer.alloc(400_000),
  noise: Buffer.from(random.bytes(20_000)),
  mixed: Buffer.concat([Buffer.alloc(150_000), Buffer.from(random.bytes(9_000)), Buffer.alloc(140_000, 1)]),
};

interface Place {
  readonly server: RealServer;
  readonly ftp: FtpClient;
}

async function start(options: Partial<FtpOptions> = {}, serverOptions: ServerOptions = {}): Promise<Place> {
  const extra = ['LoadModule mod_deflate.c', 'DeflateEngine on', ...(serverOptions.extra ?? [])];
  const server = await startServer('proftpd', { ...serverOptions, extra });
  endLater(() => server.stop());
  for (const name of names) writeFileSync(join(server.root, name), contents[name] ?? '');
  mkdirSync(join(server.root, 'dir'));
  await server.adopt();
  const { host, port } = server;
  const { user, password } = account;
  const ftp = new FtpClient({ host, port, user, password, compression: 'deflate', ...options });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, ftp };
}

const read = async (stream: ByteStream): Promise<Buffer> =>
  Buffer.from(await lastValueFrom(stream.pipe(collectBytes())));

type Ended = Extract<FtpEvent, { type: 'transfer-ended' }>;

const endsOf = (events: readonly FtpEvent[]): Ended[] => events.filter((event) => event.type === 'transfer-ended');

/** In one step: vitest compares large buffers byte by byte. */
function expectSame(actual: Buffer, expected: Buffer | undefined): void {
  expect(actual.length).toBe(expected?.length);
  expect(actual.equals(expected ?? Buffer.alloc(0))).toBe(true);
}

describeServers(['proftpd'], () => {
  it.each(['passive', 'active'] as const)('downloads every content as it is, %s', async (mode) => {
    const { ftp } = await start({ mode });
    const events = observe(ftp.events$);
    for (const name of names) {
      const bytes = await read(ftp.retr$(name, { verify: 'size' }));
      expect(Buffer.compare(bytes, contents[name] as Buffer), name).toBe(0);
    }
    const ends = endsOf(events.values);
    expect(ends.map(({ bytes, verifiedBy }) => [bytes, verifiedBy])).toEqual(
      names.map((name) => [contents[name]?.length, 'size']),
    );
    expect(ends[3]?.wireBytes).toBeLessThan(30_000);
    expect(events.values.filter(({ type }) => type === 'fallback')).toEqual([]);
  });

  it('uploads in MODE S, which it is faster with, and tells so once', async () => {
    const { ftp, server } = await start();
    const events = observe(ftp.events$);
    await lastValueFrom(ftp.stor$('up', contents.text as Buffer));
    expectSame(await read(ftp.retr$('up')), contents.text);
    await lastValueFrom(ftp.stor$('up', contents.zeros as Buffer));
    expectSame(readFileSync(join(server.root, 'up')), contents.zeros);
    expect(events.values.filter(({ type }) => type === 'fallback')).toMatchObject([
      { what: 'MODE Z for uploads', to: 'MODE S' },
    ]);
    expect(endsOf(events.values).map(({ wireBytes }) => wireBytes !== undefined)).toEqual([false, true, false]);
  });

  // It waits after each 16 KiB.
  it.each(['passive', 'active'] as const)('uploads every content as it is after mode$, %s', {
    timeout: 60_000,
  }, async (mode) => {
    const { ftp, server } = await start({ mode });
    const events = observe(ftp.events$);
    await lastValueFrom(ftp.mode$('Z'));
    for (const [name, content] of Object.entries(uploads)) {
      const done = await lastValueFrom(ftp.stor$(`up-${name}`, content, { verify: 'size' }));
      expect(done, name).toMatchObject({ bytes: content.length, total: content.length, verifiedBy: 'size' });
      expect(Buffer.compare(readFileSync(join(server.root, `up-${name}`)), content), name).toBe(0);
    }
    const ends = endsOf(events.values);
    expect(ends.map(({ bytes }) => bytes)).toEqual(Object.values(uploads).map(({ length }) => length));
    expect(ends.every(({ wireBytes }) => wireBytes !== undefined)).toBe(true);
  });

  it('lists by LIST, NLST and MLSD', async () => {
    const { ftp } = await start();
    const entries = await lastValueFrom(ftp.entries$().pipe(toArray()));
    expect(entries.map(({ name }) => name).sort()).toEqual([...names, 'dir'].sort());
    expect(await lastValueFrom(ftp.list$().pipe(toArray()))).toHaveLength(names.length + 1);
    expect((await lastValueFrom(ftp.nlst$().pipe(toArray()))).sort()).toEqual([...names, 'dir'].sort());
    expect(await lastValueFrom(ftp.nlst$('dir').pipe(toArray()))).toEqual([]);
    expect(
      await lastValueFrom(
        ftp.mlsd$('dir').pipe(
          map(({ name }) => name),
          toArray(),
        ),
      ),
    ).toEqual(expect.not.arrayContaining(names));
  });

  it('counts the bytes of the file in ranges, up and down', async () => {
    const { ftp, server } = await start();
    const text = contents.text as Buffer;
    const part = (options: object): Promise<Buffer> => read(ftp.retr$('text', options));
    expectSame(await part({ start: 100_000 }), text.subarray(100_000));
    expectSame(await part({ start: 7, end: 77 }), text.subarray(7, 77));
    expectSame(await part({ end: 500_001 }), text.subarray(0, 500_001));
    expectSame(await part({ start: -333 }), text.subarray(-333));
    expectSame(await part({ start: text.length, size: text.length }), Buffer.alloc(0));
    expectSame(await part({}), text);
    await lastValueFrom(ftp.mode$('Z'));
    await lastValueFrom(ftp.stor$('part', text.subarray(0, 50_000)));
    await lastValueFrom(ftp.stor$('part', text.subarray(40_000, 70_000), { start: 40_000 }));
    await lastValueFrom(ftp.appe$('part', text.subarray(70_000, 80_000)));
    expectSame(readFileSync(join(server.root, 'part')), text.subarray(0, 80_000));
  });

  it('downloads to a file, and uploads one', async () => {
    const { ftp, server } = await start();
    const local = join(server.root, '..', 'local');
    for (const name of ['text', 'mixed', 'empty']) {
      await lastValueFrom(download$(ftp, name, local));
      expectSame(readFileSync(local), contents[name]);
    }
    await lastValueFrom(ftp.mode$('Z'));
    writeFileSync(local, uploads.mixed as Buffer);
    await lastValueFrom(upload$(ftp, local, 'up'));
    expectSame(readFileSync(join(server.root, 'up')), uploads.mixed);
  });

  it('moves text in ASCII inside of it', async () => {
    const { ftp, server } = await start();
    const text = contents.text as Buffer;
    expectSame(await read(ftp.retr$('text', { type: 'ascii' })), text);
    await lastValueFrom(ftp.mode$('Z'));
    await lastValueFrom(ftp.stor$('ascii', text.subarray(0, 30_000), { type: 'ascii' }));
    expectSame(readFileSync(join(server.root, 'ascii')), text.subarray(0, 30_000));
  });

  it('goes on after cancelled transfers, and on several sessions', async () => {
    const { ftp } = await start({ maxSessions: 3 });
    for (let round = 0; round < 5; round += 1) {
      await lastValueFrom(ftp.retr$('noise').pipe(take(1)));
      await lastValueFrom(
        ftp.stor$(`left-${round}`, contents.noise as Buffer, { progressIntervalMs: 0 }).pipe(take(1)),
      );
      await lastValueFrom(ftp.entries$().pipe(take(1)));
    }
    const all = await Promise.all([...names, ...names].map((name) => read(ftp.retr$(name))));
    expect(all.map(({ length }) => length)).toEqual([...names, ...names].map((name) => contents[name]?.length));
  });

  it('goes on after a compressed upload was left', async () => {
    const { ftp } = await start();
    await lastValueFrom(ftp.mode$('Z'));
    const events = observe(ftp.events$);
    for (let round = 0; round < 3; round += 1) {
      const left = ftp.stor$(`left-${round}`, contents.noise as Buffer, { progressIntervalMs: 0 });
      await lastValueFrom(left.pipe(take(1)));
      expectSame(await read(ftp.retr$('text')), contents.text);
    }
    expect(events.values.filter(({ type }) => type === 'closed')).toEqual([]);
  });

  it('verifies by checksums of the file', async () => {
    const { ftp } = await start({}, { extra: ['LoadModule mod_digest.c', 'DigestEngine on', 'DigestCache off'] });
    const events = observe(ftp.events$);
    expectSame(
      await read(ftp.retr$('text', { verify: 'hash', start: 1000, end: 900_000 })),
      contents.text?.subarray(1000, 900_000),
    );
    await lastValueFrom(ftp.mode$('Z'));
    expect(await lastValueFrom(ftp.stor$('up', uploads.mixed as Buffer, { verify: 'hash' }))).toMatchObject({
      bytes: uploads.mixed?.length,
      verified: true,
    });
    expect(endsOf(events.values).every(({ verifiedBy = '' }) => /^(SHA|MD5|CRC)/.test(verifiedBy))).toBe(true);
  });

  it('is protected by TLS', async () => {
    const { server } = await start({}, { tls: 'explicit' });
    const { host, port, ca } = server;
    const { user, password } = account;
    const tls = ca === undefined ? {} : { ca };
    const ftp = new FtpClient({ host, port, user, password, compression: 'deflate', secure: 'explicit', tls });
    endLater(() => ftp[Symbol.asyncDispose]());
    const events = observe(ftp.events$);
    for (const name of names) expect(Buffer.compare(await read(ftp.retr$(name)), contents[name] as Buffer)).toBe(0);
    expect(endsOf(events.values).every(({ wireBytes }) => wireBytes !== undefined)).toBe(true);
    await lastValueFrom(ftp.mode$('Z'));
    await lastValueFrom(ftp.stor$('up', uploads.mixed as Buffer));
    expectSame(readFileSync(join(server.root, 'up')), uploads.mixed);
  });

  it('takes a level for its own compression by OPTS', async () => {
    const { ftp } = await start();
    await lastValueFrom(ftp.opts$('MODE', 'Z LEVEL 1'));
    const events = observe(ftp.events$);
    await lastValueFrom(ftp.retr$('text'));
    await lastValueFrom(ftp.opts$('MODE', 'Z LEVEL 9'));
    await lastValueFrom(ftp.retr$('text'));
    const [fast, small] = endsOf(events.values).map(({ wireBytes = 0 }) => wireBytes);
    expect(small).toBeLessThan(fast ?? 0);
  });
});
