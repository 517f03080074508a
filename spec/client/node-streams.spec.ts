import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { FtpReplyError, FtpTransferError, FtpUsageError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { clientOf } from './support/open.js';

const big = Buffer.alloc(24_000_000, 'abcdefg\n');
const files = { '/a': 'hello', '/big': big };

/** Everything that a Readable gives. */
async function textOf(readable: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readable) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('retr', () => {
  it('connects at the first read, not before, and ends after the final reply', async () => {
    await using server = await scriptedServer({ files });
    const final = latch();
    server.on('RETR', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('hello');
      await final.opened;
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const readable = ftp.retr('/a');
    expect(server.sessions).toHaveLength(0);
    let ended = false;
    readable.on('end', () => {
      ended = true;
    });
    readable.resume();
    await server.event('data-ended');
    expect(ended).toBe(false);
    final.open();
    await once(readable, 'end');
  });

  it('is destroyed with the error', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await expect(textOf(ftp.retr('/no'))).rejects.toBeInstanceOf(FtpReplyError);
    expect(await textOf(ftp.retr('/a', { start: 2 }))).toBe('llo');
    await expect(textOf(ftp.retr('/a', { start: 0.5 }))).rejects.toBeInstanceOf(FtpUsageError);
  });

  it('aborts when it is destroyed', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const readable = ftp.retr('/big');
    await once(readable, 'readable');
    readable.destroy();
    await once(readable, 'close');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
  });

  it('holds the server while nobody reads', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const readable = ftp.retr('/big');
    await once(readable, 'readable');
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(server.events.some(({ kind }) => kind === 'data-closed')).toBe(false);
    expect(readable.readableLength).toBeLessThan(1024 * 1024);
    let bytes = 0;
    for await (const chunk of readable) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(big.length);
  });
});

describe('stor and appe', () => {
  it('send nothing before the first write, and finish after the final reply', async () => {
    await using server = await scriptedServer();
    const final = latch();
    server.on('STOR', async (session) => {
      await session.reply('150 Ok.');
      await session.receiveData();
      await final.opened;
      await session.reply('226 Done.');
    });
    await using ftp = clientOf(server);
    const writable = ftp.stor('/a');
    expect(server.sessions).toHaveLength(0);
    let finished = false;
    writable.on('finish', () => {
      finished = true;
    });
    writable.end('hello');
    await server.event('data-ended');
    expect(finished).toBe(false);
    final.open();
    await once(writable, 'finish');
  });

  it('store what a pipeline brings', async () => {
    await using server = await scriptedServer({ files: { '/log': 'one ' } });
    await using ftp = clientOf(server);
    await pipeline(Readable.from([big.subarray(0, 3_000_000), big.subarray(3_000_000)]), ftp.stor('/big'));
    expect(server.tree.file('/big')?.bytes.equals(big)).toBe(true);
    await pipeline(Readable.from(['two']), ftp.appe('/log'));
    expect(server.tree.text('/log')).toBe('one two');
    await pipeline(Readable.from([]), ftp.stor('/empty'));
    expect(server.tree.text('/empty')).toBe('');
  });

  it('fail a pipeline with the refusal', async () => {
    await using server = await scriptedServer();
    server.answer('APPE', '553 No.');
    await using ftp = clientOf(server);
    await expect(pipeline(Readable.from(['x']), ftp.stor('/no/a'))).rejects.toBeInstanceOf(FtpReplyError);
    await expect(pipeline(Readable.from(['x']), ftp.appe('/a'))).rejects.toBeInstanceOf(FtpReplyError);
  });

  it('fail a pipeline when the final reply is bad', async () => {
    await using server = await scriptedServer();
    server.on('STOR', async (session) => {
      await session.reply('150 Ok.');
      await session.receiveData();
      await session.reply('552 Disk full.');
    });
    await using ftp = clientOf(server);
    await expect(pipeline(Readable.from(['x']), ftp.stor('/a'))).rejects.toBeInstanceOf(FtpTransferError);
  });

  it('abort when they are destroyed, or when their source fails', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const writable = ftp.stor('/a');
    writable.write('hello');
    await server.received('STOR');
    writable.destroy();
    await once(writable, 'close');
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.commands).toContain('ABOR');
    const cause = new Error('disk on fire');
    const failing = new PassThrough();
    failing.write('x');
    const piped = pipeline(failing, ftp.stor('/b'));
    await server.received('STOR', 2);
    failing.destroy(cause);
    await expect(piped).rejects.toBe(cause);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('do nothing when they are destroyed before the first write', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const writable = ftp.stor('/a').destroy();
    await once(writable, 'close');
    expect(server.sessions).toHaveLength(0);
  });

  it('connect two servers', async () => {
    await using from = await scriptedServer({ files });
    await using to = await scriptedServer();
    await using source = clientOf(from);
    await using target = clientOf(to);
    await pipeline(source.retr('/big'), target.stor('/copy'));
    expect(to.tree.file('/copy')?.bytes.equals(big)).toBe(true);
  });
});
