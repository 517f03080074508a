/** The option `signal` of a client and of `connect$`: its reason is the error of all that it ends, and of what comes later. */
import { describe, expect, it } from 'vitest';
import { connect$ } from '../../lib/client/connect.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { clientOf, optionsFor } from './support/open.js';

const reason = new Error('we go home');

describe("a client's signal", () => {
  it('is the error of a download under way, of what waits behind it, and of what is asked for later', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    const aborting = new AbortController();
    const ftp = clientOf(server, { signal: aborting.signal });
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    const waiting = [observe(ftp.dele$('/big')), observe(ftp.list$()), observe(ftp.stor$('/new', 'x'))];
    aborting.abort(reason);
    for (const { end, error } of [running, ...waiting]) expect({ end, error }).toEqual({ end: 'error', error: reason });
    expect(await observe(ftp.noop$()).failed).toBe(reason);
    await server.event('control-closed');
    expect(await observe(ftp.retr$('/big')).failed).toBe(reason);
    expect(server.commands.at(-1)).toBe('QUIT');
    expect(server.commands.some((line) => /^(DELE|LIST|STOR)/.test(line))).toBe(false);
  });

  it('is the error of a command that the server does not answer, at once', async () => {
    await using server = await scriptedServer();
    const aborting = new AbortController();
    server.answer('NOOP');
    const ftp = clientOf(server, { signal: aborting.signal, abortTimeoutMs: 50 });
    const running = observe(ftp.noop$());
    await server.received('NOOP');
    aborting.abort(reason);
    expect(running.error).toBe(reason);
    await server.event('control-closed');
  });

  it('is the error of what waits for a session that is being opened', async () => {
    await using server = await scriptedServer({ greeting: false });
    const aborting = new AbortController();
    const ftp = clientOf(server, { signal: aborting.signal });
    const waiting = observe(ftp.pwd$());
    await server.event('connected');
    aborting.abort(reason);
    expect(waiting.error).toBe(reason);
    await server.event('control-closed');
  });

  it('that had aborted before the client was made refuses everything, and connects nothing', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server, { signal: AbortSignal.abort(reason) });
    expect(await observe(ftp.noop$()).failed).toBe(reason);
    expect(await observe(ftp.retr$('/a')).failed).toBe(reason);
    expect(await observe(ftp.close$()).settled).toEqual([undefined]);
    expect(server.sessions).toHaveLength(0);
  });

  it('leaves what was complete before as it was', async () => {
    await using server = await scriptedServer();
    const aborting = new AbortController();
    const ftp = clientOf(server, { signal: aborting.signal });
    const done = observe(ftp.pwd$());
    expect(await done.settled).toEqual(['/']);
    const refused = observe(ftp.dele$('/missing'));
    expect(await refused.failed).toMatchObject({ code: 'ERR_FTP_REPLY' });
    aborting.abort(reason);
    await server.event('control-closed');
    expect(refused.error).toMatchObject({ code: 'ERR_FTP_REPLY' });
  });
});

describe('the signal of connect$', () => {
  it('is its error, and that of what runs and waits on the session', async () => {
    await using server = await scriptedServer();
    const aborting = new AbortController();
    server.answer('NOOP');
    const opened = observe(connect$({ ...optionsFor(server, { abortTimeoutMs: 50 }), signal: aborting.signal }));
    const ftp = await opened.nth(1);
    const operations = [observe(ftp.noop$()), observe(ftp.pwd$())];
    await server.received('NOOP');
    aborting.abort(reason);
    for (const { end, error } of [opened, ...operations])
      expect({ end, error }).toEqual({ end: 'error', error: reason });
    expect(await observe(ftp.pwd$()).failed).toBe(reason);
    await server.event('control-closed');
  });
});
