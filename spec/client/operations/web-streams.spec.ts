/** Web streams as the source of an upload, and as what becomes of a download. */
import { describe, expect, it, vi } from 'vitest';
import { FtpReplyError, FtpTransferError, toWeb } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import { scriptedServer } from '../../support/scripted-server.js';
import { clientOf } from '../support/open.js';

const content = 'x'.repeat(3_000_000);
const files = { '/a': content };

/** Gives chunks without an end. */
function endless() {
  const cancel = vi.fn();
  let pulled = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  return { stream, cancel, pulled: () => pulled };
}

describe('a web stream that is uploaded', () => {
  it('is stored, also that of a download', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { maxSessions: 2 });
    await observe(ftp.stor$('/b', ftp.retr$('/a').pipe(toWeb()))).settled;
    await observe(ftp.appe$('/b', new Response('end').body as ReadableStream<Uint8Array>)).settled;
    expect(server.tree.file('/b')?.bytes.toString()).toBe(`${content}end`);
  });

  it('is cancelled when the server breaks the upload off', async () => {
    await using server = await scriptedServer();
    server.on('STOR', async (session) => {
      await session.reply('150 Go on.');
      const data = await session.rawData();
      data.destroy();
      await session.reply('426 Broken.');
    });
    await using ftp = clientOf(server);
    const { stream, cancel } = endless();
    expect(await observe(ftp.stor$('/b', stream)).failed).toBeInstanceOf(FtpTransferError);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('is cancelled when the upload is left', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { progressIntervalMs: 0 });
    const { stream, cancel } = endless();
    const storing = observe(ftp.stor$('/b', stream));
    await storing.nth(1);
    storing.unsubscribe();
    expect(await observe(ftp.noop$()).ended).toBe('complete');
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('is read only as fast as it is sent', async () => {
    await using server = await scriptedServer();
    let read = (): void => {};
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    server.on('STOR', async (session) => {
      await session.reply('150 Go on.');
      const data = await session.rawData();
      data.pause();
      await reading;
      data.destroy();
      await session.reply('426 Broken.');
    });
    await using ftp = clientOf(server, { stallTimeoutMs: 60_000 });
    const { stream, pulled } = endless();
    const storing = observe(ftp.stor$('/b', stream));
    await server.received('STOR');
    let before = -1;
    // It has stopped when a while of turns brings no more.
    for (let still = 0; still < 50; still = pulled() === before && before > 0 ? still + 1 : 0) {
      before = pulled();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pulled() * 64 * 1024).toBeLessThan(64 * 1024 * 1024);
    read();
    await storing.ended;
  });

  it('is left alone when the upload is refused', async () => {
    await using server = await scriptedServer();
    server.answer('STOR', '553 No.');
    await using ftp = clientOf(server);
    const { stream, pulled } = endless();
    expect(await observe(ftp.stor$('/b', stream)).failed).toBeInstanceOf(FtpReplyError);
    expect([pulled(), stream.locked]).toEqual([0, false]);
  });
});

describe('a web stream of a download', () => {
  it('is the file, as the body of a Response', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    expect(await new Response(ftp.retr$('/a').pipe(toWeb())).text()).toBe(content);
  });

  it('aborts the transfer when it is cancelled, and the session goes on', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    const events = observe(ftp.events$);
    const reader = ftp
      .retr$('/a')
      .pipe(toWeb({ highWaterMark: 1 }))
      .getReader();
    await reader.read();
    await reader.cancel();
    expect(await observe(ftp.size$('/a')).settled).toEqual([content.length]);
    expect(events.values.find(({ type }) => type === 'transfer-ended')).toMatchObject({ end: 'cancelled' });
    events.unsubscribe();
    expect(server.sessions).toHaveLength(1);
  });

  it('errors with the error of the transfer', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await expect(ftp.retr$('/no').pipe(toWeb()).getReader().read()).rejects.toMatchObject({ reply: { code: 550 } });
    expect(await observe(ftp.noop$()).ended).toBe('complete');
  });
});
