/** Transfers in MODE Z, against a server that sends what a spec wants: whole, cut, damaged, without end, and held. */
import { promisify } from 'node:util';
import { constants, deflate, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { concatMap, firstValueFrom, from, lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../lib/client/ftp-client.js';
import { FtpTransferError, FtpUsageError } from '../../lib/errors.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { type ClientOptions, type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import { Random } from '../support/random.js';
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  type Session,
  scriptedServer,
} from '../support/scripted-server.js';
import { failedFetch, fetch } from './support/fetch.js';

const text = 'one of many words, and many of one word\n'.repeat(3);
const flushed = deflateSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
const files = { '/a': text, '/text': 'one\ntwo\n', '/empty': '', '/dir/f': '' };

/** A session that compresses, on a server that has MODE Z. */
function compressing(
  script: (server: ScriptedServer) => unknown = () => {},
  { options = {}, ...serverOptions }: ScriptedServerOptions & { options?: ClientOptions } = {},
): Promise<Connected> {
  return connected({ files, ...serverOptions }, { compression: 'deflate', ...options }, (server) => {
    server.features = [...server.features, 'MODE Z'];
    script(server);
  });
}

/** Answers the next RETR with these bytes as they are, and 226. */
const sending =
  (...chunks: readonly Uint8Array[]) =>
  (server: ScriptedServer): unknown =>
    server.once('RETR', (session) => sendWire(session, chunks));

async function sendWire(session: Session, chunks: Iterable<Uint8Array>): Promise<void> {
  await session.reply('150 Here it comes.');
  const outcome = await session.sendData('', { chunks });
  session.link = undefined;
  if (outcome === 'done') await session.reply('226 Done.');
}

async function expectInStep(at: Connected): Promise<void> {
  expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  expect(await fetch(at, '/a')).toBe(text);
  expect(at.status).toBe('idle');
}

describe('a download in MODE Z', () => {
  it.each([
    ['whole', {}],
    ['byte by byte', { chunking: 'bytes' }],
    ['active', { options: { mode: 'active' } }],
    ['under TLS', { tls: 'explicit', options: { secure: 'explicit', tls: { rejectUnauthorized: false } } }],
  ] as const)('is the file, %s', async (_how, given) => {
    await using at = await compressing(undefined, given);
    const events = observe(at.ftp.events$);
    expect(await fetch(at, '/a', { verify: 'size' })).toBe(text);
    expect(await fetch(at, '/empty')).toBe('');
    expect(await fetch(at, '/text', { type: 'ascii' })).toBe(files['/text']);
    expect(await lastValueFrom(at.ftp.nlst$('/dir').pipe(toArray()))).toEqual(['f']);
    expect(at.commands.filter((line) => line.startsWith('MODE'))).toEqual(['MODE Z']);
    const ends = events.values.filter(({ type }) => type === 'transfer-ended');
    expect(ends[0]).toMatchObject({ bytes: text.length, wireBytes: deflateSync(text).length, verifiedBy: 'size' });
    expect(ends[1]).toMatchObject({ bytes: 0, wireBytes: 8 });
  });

  it('counts ranges in bytes of the file', async () => {
    await using at = await compressing();
    expect(await fetch(at, '/a', { start: 20 })).toBe(text.slice(20));
    expect(await fetch(at, '/a', { start: 20, end: 30 })).toBe(text.slice(20, 30));
    expect(await fetch(at, '/a', { start: -5 })).toBe(text.slice(-5));
    expect(await fetch(at, '/a', { end: 30 })).toBe(text.slice(0, 30));
    await expectInStep(at);
    expect(at.commands.filter((line) => /^(MODE|REST)/.test(line)).slice(0, 2)).toEqual(['REST 20', 'REST 20']);
    await firstValueFrom(at.ftp.mode$('Z'));
    const before = at.commands.length;
    expect(await fetch(at, '/a', { start: 20, end: 30 })).toBe(text.slice(20, 30));
    expect(await fetch(at, '/a', { start: 20 })).toBe(text.slice(20));
    await expectInStep(at);
    expect(at.commands.slice(before).filter((line) => line.startsWith('MODE'))).toEqual([]);
  });

  it('that is cut at any byte of its stream is a truncated file, whatever the server says', async () => {
    const wire = deflateSync(text);
    await using at = await compressing();
    for (let cut = 0; cut < wire.length; cut += 1) {
      sending(wire.subarray(0, cut))(at.server);
      const { error, text: came } = await failedFetch(at, '/a', { verify: false });
      expect(error, `cut at ${cut}`).toBeInstanceOf(FtpTransferError);
      expect(error).toMatchObject({ reply: { code: 226 }, transient: true, bytes: came.length });
      expect((error as Error).message).toMatch(/^RETR \/a is not complete after \d+ bytes: its compressed stream/);
      expect(text.startsWith(came)).toBe(true);
    }
    await expectInStep(at);
  });

  it.each([
    ['bytes behind its end', [deflateSync(text), Buffer.from('x')]],
    ['many bytes behind its end', [deflateSync(text), Buffer.alloc(3_000_000, 'x')]],
    ['a second stream behind its end', [deflateSync(text), deflateSync(text)]],
    ['a wrong checksum', [deflateSync(text).map((byte, at, all) => (at === all.length - 1 ? byte ^ 1 : byte))]],
    ['garbage behind good blocks', [flushed, Buffer.alloc(3_000_000, 'x')]],
  ])('that has %s is an error, and the session goes on', async (_what, chunks) => {
    await using at = await compressing(sending(...chunks));
    const { error } = await failedFetch(at, '/a', { verify: false });
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: false });
    expect((error as Error).message).toContain('MODE Z');
    await expectInStep(at);
  });

  it.each([
    ['plain text', Buffer.from(text)],
    ['many plain bytes', Buffer.alloc(3_000_000, 'x')],
    ['raw deflate', deflateRawSync(text)],
  ])('that is in another format, %s, is an error, and the next one is in MODE S', async (_what, wire) => {
    await using at = await compressing(sending(wire));
    const events = observe(at.ftp.events$);
    const { error } = await failedFetch(at, '/a', { verify: false });
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', transient: true, bytes: 0 });
    await expectInStep(at);
    expect(events.values.filter(({ type }) => type === 'fallback')).toMatchObject([{ what: 'MODE Z', to: 'MODE S' }]);
    expect(at.commands.filter((line) => line.startsWith('MODE'))).toEqual(['MODE Z', 'MODE S']);
  });

  it('that is longer than the server said is an error by its size', async () => {
    await using at = await compressing(sending(deflateSync(`${text}more`)));
    const { error } = await failedFetch(at, '/a', { size: text.length });
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: text.length + 4 });
    await expectInStep(at);
  });

  it('that the server breaks off says so', async () => {
    await using at = await compressing((server) =>
      server.once('RETR', async (session) => {
        await session.reply('150 Here it comes.');
        await session.sendData('', { chunks: [deflateSync(text).subarray(0, 20)] });
        session.link = undefined;
        await session.reply('451 The disk is broken.');
      }),
    );
    const { error } = await failedFetch(at, '/a');
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', reply: { code: 451 } });
    await expectInStep(at);
  });

  it('that is refused is refused', async () => {
    await using at = await compressing((server) => server.once('RETR', (session) => session.reply('550 No.')));
    expect((await failedFetch(at, '/a')).error).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 550 } });
    await expectInStep(at);
  });

  it('takes no more memory than others where it grows without end, and ends when it is left', async () => {
    const zeros = deflateSync(Buffer.alloc(50_000_000), { finishFlush: constants.Z_SYNC_FLUSH });
    await using at = await compressing((server) => server.once('RETR', (session) => sendWire(session, endless(zeros))));
    const stream = toReadable<Uint8Array>()(at.ftp.retr$('/a'));
    for await (const chunk of stream) {
      expect((chunk as Uint8Array).length).toBeLessThanOrEqual(64 * 1024);
      break;
    }
    await expectInStep(at);
  });

  it('holds the server while its consumer is slow', async () => {
    const noise = Buffer.from(new Random(3).bytes(300_000));
    let given = 0;
    function* chunks(): Generator<Uint8Array> {
      const piece = deflateSync(noise, { finishFlush: constants.Z_SYNC_FLUSH });
      yield piece;
      for (;;) {
        given += 1;
        // Blocks that are stored: zlib passes them on as they are.
        yield stored(60_000);
      }
    }
    await using at = await compressing((server) => server.once('RETR', (session) => sendWire(session, chunks())));
    const stream = toReadable<Uint8Array>()(at.ftp.retr$('/a'));
    await new Promise((resolve) => stream.once('readable', resolve));
    // Until nothing moves any more: what the sockets and the queues have room for.
    await atRest(() => given);
    expect(given * 60_000).toBeLessThan(16_000_000);
    stream.destroy();
    await expectInStep(at);
  });

  it('ends for a consumer that waits for another operation of its session', async () => {
    await using at = await compressing();
    const sizes: number[] = [];
    for await (const chunk of at.ftp.retr$('/a')) sizes.push(chunk.length, await firstValueFrom(at.ftp.size$('/a')));
    for await (const name of at.ftp.nlst$('/')) sizes.push(name.length, await firstValueFrom(at.ftp.size$('/a')));
    expect(sizes.slice(0, 2)).toEqual([text.length, text.length]);
    expect(sizes.filter((size) => size === text.length).length).toBeGreaterThan(4);
  });

  it('goes on after it was left at the first bytes, and again', async () => {
    await using at = await compressing();
    at.server.tree.write('/large', Buffer.from(new Random(9).bytes(2_000_000)));
    for (let round = 0; round < 10; round += 1) {
      await lastValueFrom(at.ftp.retr$('/large').pipe(take(1)));
      await expectInStep(at);
    }
  });
});

describe('an upload in MODE Z', () => {
  it.each([
    ['whole', {}],
    ['active', { options: { mode: 'active' } }],
    ['under TLS', { tls: 'explicit', options: { secure: 'explicit', tls: { rejectUnauthorized: false } } }],
  ] as const)('is the file, %s', async (_how, given) => {
    await using at = await compressing(undefined, given);
    const events = observe(at.ftp.events$);
    const done = await lastValueFrom(at.ftp.stor$('/up', [text, text], { verify: 'size' }));
    expect(done).toMatchObject({ bytes: 2 * text.length, total: 2 * text.length, verifiedBy: 'size' });
    expect(at.server.tree.text('/up')).toBe(text + text);
    await lastValueFrom(at.ftp.stor$('/none', ''));
    expect(at.server.tree.text('/none')).toBe('');
    await lastValueFrom(at.ftp.stor$('/lines', 'one\ntwo\n', { type: 'ascii' }));
    expect(at.server.tree.text('/lines')).toBe('one\ntwo\n');
    await lastValueFrom(at.ftp.stor$('/up', 'more', { start: 3 }));
    expect(at.server.tree.text('/up')).toBe('onemore');
    await lastValueFrom(at.ftp.appe$('/up', ' and more'));
    expect(at.server.tree.text('/up')).toBe('onemore and more');
    const ends = events.values.filter(({ type }) => type === 'transfer-ended');
    expect(ends[0]).toMatchObject({ bytes: 2 * text.length });
    expect((ends[0] as { wireBytes: number }).wireBytes).toBeLessThan(text.length);
  });

  it('tells progress in bytes of the file, as they leave', async () => {
    await using at = await compressing();
    const source = Buffer.alloc(500_000, 'abc');
    const told = await lastValueFrom(at.ftp.stor$('/up', source, { progressIntervalMs: 0 }).pipe(toArray()));
    const counts = told.map(({ bytes }) => bytes);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect([counts.at(-1), new Set(counts).size > 3]).toEqual([source.length, true]);
    expect(at.server.tree.file('/up')?.bytes.equals(source)).toBe(true);
  });

  it('is one stream of zlib, which ends when the source does', async () => {
    await using at = await compressing((server) =>
      server.once('STOR', async (session) => {
        session.state.mode = 'S';
        await session.reply('150 Send.');
        const { bytes } = await session.receiveData();
        session.link = undefined;
        session.state.mode = 'Z';
        await session.reply(`226 ${inflateSync(bytes).toString()}`);
      }),
    );
    const replies = observe(at.ftp.reply$);
    await lastValueFrom(at.ftp.stor$('/up', from(['a', 'b', 'c']).pipe(concatMap((part) => [part]))));
    expect(replies.values.at(-1)?.text).toBe('abc');
  });

  it('goes on after it was left, after its source has failed, and after the server has broken it off', async () => {
    await using at = await compressing();
    const noise = Buffer.from(new Random(4).bytes(2_000_000));
    await lastValueFrom(at.ftp.stor$('/left', noise, { progressIntervalMs: 0 }).pipe(take(1)));
    await expectInStep(at);
    const broken = new Error('broken');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield noise;
      throw broken;
    }
    await expect(lastValueFrom(at.ftp.stor$('/broken', failing()))).rejects.toBe(broken);
    await expectInStep(at);
    at.server.once('STOR', async (session) => {
      await session.reply('150 Send.');
      session.link?.reset();
      session.link = undefined;
      await session.reply('452 No room.');
    });
    await expect(lastValueFrom(at.ftp.stor$('/full', noise))).rejects.toMatchObject({ reply: { code: 452 } });
    await expectInStep(at);
  });

  it('reads its source no faster than the server takes it', async () => {
    await using at = await compressing((server) => server.once('STOR', (session) => session.reply('150 Send.')));
    let read = 0;
    const random = new Random(6);
    function* source(): Generator<Uint8Array> {
      for (;;) {
        read += 1;
        yield random.bytes(64 * 1024);
      }
    }
    const upload = observe(at.ftp.stor$('/up', source()), { name: 'stor$' });
    await at.server.received('STOR');
    await atRest(() => read);
    expect(read * 64 * 1024).toBeLessThan(16_000_000);
    upload.unsubscribe();
  });
});

describe('the mode', () => {
  it('is not set without the option', async () => {
    await using at = await compressing(undefined, { options: { compression: false } });
    await fetch(at, '/a');
    await lastValueFrom(at.ftp.stor$('/up', text));
    expect(at.commands.filter((line) => line.startsWith('MODE'))).toEqual([]);
  });

  it('stays S where FEAT does not name Z, or Z is refused: told once', async () => {
    for (const features of [[], ['MODE Z']]) {
      await using at = await compressing((server) => {
        server.features = features;
        server.answer('MODE', '504 Not today.');
      });
      const events = observe(at.ftp.events$);
      await fetch(at, '/a');
      await lastValueFrom(at.ftp.stor$('/up', text));
      expect(await fetch(at, '/up')).toBe(text);
      const fallbacks = events.values.filter(({ type }) => type === 'fallback');
      expect(fallbacks).toMatchObject([{ what: 'MODE Z', to: 'MODE S' }]);
      expect(at.commands.filter((line) => line.startsWith('MODE'))).toEqual(features.length === 0 ? [] : ['MODE Z']);
    }
  });

  it('that mode$ sets is that of all sessions of a client, and overrules the option', async () => {
    await using server = await scriptedServer({ files });
    server.features = [...server.features, 'MODE Z'];
    const { host, port } = server;
    await using ftp = new FtpClient({ host, port, maxSessions: 2, compression: 'deflate' });
    await firstValueFrom(ftp.mode$('S'));
    const both = await Promise.all([1, 2].map(() => lastValueFrom(ftp.retr$('/a'))));
    expect(both).toHaveLength(2);
    expect(server.commands.filter((line) => line.startsWith('MODE'))).toEqual(['MODE S']);
    await firstValueFrom(ftp.mode$('z'));
    await Promise.all([1, 2, 3, 4].map(() => lastValueFrom(ftp.retr$('/a'))));
    expect(server.sessions.map(({ state }) => state.mode)).toEqual(['Z', 'Z']);
  });

  it('that this library does not read is for transfer$ alone', async () => {
    await using at = await compressing((server) => server.answer('MODE', '200 Any mode.'));
    await firstValueFrom(at.ftp.mode$('B'));
    expect((await failedFetch(at, '/a')).error).toBeInstanceOf(FtpUsageError);
    await expect(lastValueFrom(at.ftp.list$())).rejects.toThrow(FtpUsageError);
    await expect(lastValueFrom(at.ftp.stor$('/up', text))).rejects.toThrow(FtpUsageError);
    expect(at.commands).toEqual(['MODE B']);
    sending(Buffer.from('raw'))(at.server);
    const raw = at.ftp.transfer$('RETR /a').pipe(concatMap(({ bytes }) => bytes));
    expect(Buffer.concat(await lastValueFrom(raw.pipe(toArray()))).toString()).toBe('raw');
  });

  it('that a command of the user has set counts as that of mode$', async () => {
    await using at = await compressing(undefined, { options: { compression: false } });
    await lastValueFrom(at.ftp.send$('MODE Z'));
    expect(await fetch(at, '/a')).toBe(text);
    const raw = at.ftp.transfer$('RETR /a').pipe(concatMap(({ bytes }) => bytes));
    expect(Buffer.concat(await lastValueFrom(raw.pipe(toArray()))).toString()).toBe(text);
    expect(at.server.sessions[0]?.state.mode).toBe('Z');
  });
});

const compress = promisify(deflate);

/** Until a count stands still while zlib, which works in the order of its tasks, does much other work. */
async function atRest(count: () => number): Promise<void> {
  const work = new Random(8).bytes(500_000);
  for (let before = -1; before !== count(); ) {
    before = count();
    for (let task = 0; task < 5; task += 1) await compress(work);
  }
}

function* endless(start: Uint8Array): Generator<Uint8Array> {
  yield start;
  for (;;) yield stored(60_000);
}

/** A stored block of zeros (RFC 1951 section 3.2.4). */
function stored(length: number): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(length, 1);
  head.writeUInt16LE(length ^ 0xffff, 3);
  return Buffer.concat([head, Buffer.alloc(length)]);
}
