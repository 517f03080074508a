/** A download by `transfer$` waits for the subscriber of its bytes, which may never come. */
import { lastValueFrom, NEVER, switchMap } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpTimeoutError, FtpTransferError, paced } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../../support/scripted-server.js';
import { latch } from '../support/latch.js';
import { clientOf } from '../support/open.js';
import { answerOf, aWhile, pass } from '../support/waits.js';

const stallTimeoutMs = 8_000;
const files = { '/a': 'hello', '/big': Buffer.alloc(3_000_000, 'a') };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

const start = (): Promise<ScriptedServer> => scriptedServer({ files });

describe('transfer$ whose bytes have no subscriber', () => {
  it.each(['/a', '/big'])('is aborted after stallTimeoutMs, and the session goes on: %s', async (path) => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    const transfer = observe(ftp.transfer$(`RETR ${path}`));
    await transfer.nth(1);
    await pass(stallTimeoutMs - 1);
    expect(transfer.end).toBeUndefined();
    await pass(1);
    const error = await transfer.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'data', afterMs: stallTimeoutMs, command: `RETR ${path}`, transient: false });
    expect(String(error)).toContain('switchMap(({ bytes }) => bytes)');
    const after = observe(ftp.pwd$());
    await vi.waitUntil(() => after.end !== undefined, { timeout: 10_000, interval: 5 });
    expect(await after.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it('tells that to a subscriber who comes later', async () => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    const { bytes } = await observe(ftp.transfer$('RETR /a')).nth(1);
    await pass(stallTimeoutMs);
    expect(await observe(bytes).failed).toBeInstanceOf(FtpTimeoutError);
  });

  it('rejects where it is awaited as a promise', async () => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    const awaited = lastValueFrom(ftp.transfer$('RETR /a')).catch((error: unknown) => error);
    await server.event('data-opened');
    await aWhile();
    await pass(stallTimeoutMs);
    expect(await awaited).toBeInstanceOf(FtpTimeoutError);
  });

  it('is done where it sends them', async () => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    await answerOf(observe(ftp.transfer$('STOR /new', { source: 'hello' })));
    expect(server.tree.text('/new')).toBe('hello');
  });
});

describe('transfer$ whose bytes got a subscriber in time', () => {
  it('may be held for longer', async () => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    const transfer = observe(ftp.transfer$('RETR /big'));
    const { bytes } = await transfer.nth(1);
    const reading = observe(bytes.pipe(paced(() => NEVER)));
    await aWhile();
    await pass(3 * stallTimeoutMs);
    expect(transfer.end).toBeUndefined();
    reading.unsubscribe();
    transfer.unsubscribe();
  });

  it('goes on without bytes where that has left again', async () => {
    await using server = await start();
    await using ftp = clientOf(server, { stallTimeoutMs });
    const { open, opened } = latch();
    server.on('RETR', async (session) => {
      await session.reply('150 Ok.');
      await session.sendData('hello');
      await opened;
      await session.reply('226 Done.');
    });
    const transfer = observe(ftp.transfer$('RETR /a'));
    const { bytes } = await transfer.nth(1);
    await pass(stallTimeoutMs / 2);
    const reading = observe(bytes);
    await reading.nth(1);
    reading.unsubscribe();
    await pass(stallTimeoutMs / 2);
    expect(transfer.end).toBeUndefined();
    open();
    expect(await transfer.ended).toBe('complete');
  });
});

describe('transfer$ of a file whose size the server names', () => {
  /** The outcome for a server that names 11 bytes, and sends five. */
  const outcomeOf = async (type: 'I' | 'A') => {
    await using server = await start();
    await using ftp = clientOf(server, { type });
    server.on('RETR', async (session) => {
      await session.reply('150 Opening data connection (11 bytes).');
      await session.sendData('hello');
      await session.reply('226 Transfer complete.');
    });
    const download = observe(ftp.transfer$('RETR /a').pipe(switchMap(({ bytes }) => bytes)));
    const end = await download.ended;
    return { end, bytes: Buffer.concat(download.values).toString(), error: download.error };
  };

  it('is an error where fewer bytes come, also if the server calls that a success', async () => {
    const { bytes, error } = await outcomeOf('I');
    expect(bytes).toBe('hello');
    expect(error).toBeInstanceOf(FtpTransferError);
    expect(String(error)).toMatch(/truncated: 5 bytes came where 11/);
  });

  it('is not held against it in ASCII, where other bytes are counted', async () => {
    expect(await outcomeOf('A')).toMatchObject({ end: 'complete', bytes: 'hello' });
  });
});
