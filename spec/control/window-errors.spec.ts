/** A window that goes wrong: which of its commands fail, with which error, and what becomes of the session. */
import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpTimeoutError } from '../../lib/errors.js';
import { observe } from '../support/observe.js';
import { gated, known, modified, observeAll, windowed } from './support/windowed.js';

describe('a connection that is lost', () => {
  it('fails all commands that are unanswered', async () => {
    await using at = await windowed({
      script: (server) => server.once('DELE', (session) => session.closeControl('rst')),
    });
    const done = observe(at.ftp.mdtm$('/a'));
    const lost = observeAll(at.ftp.dele$('/a'), at.ftp.size$('/b'), at.ftp.mkd$('/x'));
    expect(await done.settled).toEqual([modified]);
    for (const { failed } of lost) expect(await failed).toBeInstanceOf(FtpConnectionError);
    expect(await at.connection.failed).toBeInstanceOf(FtpConnectionError);
  });

  it('is told by 421, which fails all commands that are unanswered', async () => {
    await using at = await windowed({
      script: (server) => server.once('DELE', (session) => session.reply('421 Closing.')),
    });
    const lost = observeAll(at.ftp.dele$('/a'), at.ftp.size$('/b'));
    for (const { failed } of lost) expect(await failed).toMatchObject({ reply: { code: 421 } });
    await at.connection.ended;
  });
});

describe('a reply too many', () => {
  it.each([
    'whole',
    'bytes',
  ] as const)('fails all commands from there on, when it is odd for its command (replies come by %s)', async (chunking) => {
    await using at = await windowed({
      server: { ...known, chunking },
      script: (server) => server.once('DELE', (session) => session.reply('226 Stray.', '250 Deleted.')),
    });
    const done = observe(at.ftp.size$('/a'));
    const poisoned = observeAll(at.ftp.dele$('/a'), at.ftp.size$('/b'), at.ftp.mkd$('/x'));
    expect(await done.settled).toEqual([3]);
    for (const { failed } of poisoned) expect(await failed).toBeInstanceOf(FtpProtocolError);
    expect(await at.connection.failed).toBeInstanceOf(FtpProtocolError);
  });

  it('lets the commands go on one by one, when a fence has found it', async () => {
    await using at = await windowed({
      script: (server) =>
        server.on('MKD', (session, argument) => session.reply(`257 "${argument}" created`, '200 And more.')),
    });
    const [made, size] = [observe(at.ftp.mkd$('/x')), observe(at.ftp.size$('/a'))];
    expect(await made.settled).toEqual(['/x']);
    expect(await size.settled).toEqual([3]);
  });
});

describe('replyTimeoutMs', () => {
  it('counts for each command from when it is the next to be answered, and fails all that follow', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await gated({ replyTimeoutMs: 1_000 });
    const [a, b, c] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b')), observe(at.ftp.mdtm$('/c'))];
    const behind = observe(at.ftp.size$('/a'));
    await at.server.received('MDTM');
    await vi.advanceTimersByTimeAsync(900);
    at.answer('/a');
    expect(await a.settled).toEqual([modified]);
    await vi.advanceTimersByTimeAsync(900);
    at.answer('/b');
    expect(await b.settled).toEqual([modified]);
    await vi.advanceTimersByTimeAsync(1_000);
    const error = await c.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ command: 'MDTM /c', phase: 'reply', afterMs: 1_000 });
    expect(await behind.failed).toBe(error);
    expect(await at.connection.failed).toBe(error);
  });
});
