/** `events$` of sessions and clients: the life of each session. */
import diagnostics from 'node:diagnostics_channel';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpEvents } from '../../lib/control/events.js';
import { connect$, FtpClient, FtpConnectionError, type FtpEvent } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { secureClient, secureOptions } from '../tls/support/secure-client.js';

const told = (events: readonly FtpEvent[]): string[] => events.map(({ type, session }) => `${session} ${type}`);

describe('the events of a client', () => {
  it('are those of each session, from its connect to its close', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    const ftp = secureClient(server);
    const events = observe(ftp.events$);
    const started = Date.now();
    await lastValueFrom(ftp.noop$());
    await lastValueFrom(ftp.close$());
    const seen = await events.settled;
    expect(told(seen)).toEqual(['1 connecting', '1 connected', '1 secured', '1 ready', '1 closed']);
    expect(seen[0]).toMatchObject({ host: server.host, port: server.port });
    expect(seen.at(-1)).toMatchObject({ cause: { phase: 'close' } });
    expect(seen.every(({ at }) => at > started - 1_000 && at < Date.now() + 1_000)).toBe(true);
  });

  it('name a session that was lost, with its cause, and the next one', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    await using ftp = secureClient(server);
    const events = observe(ftp.events$);
    await lastValueFrom(ftp.noop$());
    server.on('SITE', (session) => session.closeControl());
    expect(await observe(ftp.send$('SITE LOSE')).failed).toBeInstanceOf(FtpConnectionError);
    await lastValueFrom(ftp.pwd$());
    expect(told(events.values).slice(4)).toEqual(['1 closed', '2 connecting', '2 connected', '2 secured', '2 ready']);
    events.unsubscribe();
  });

  it('stop at the step that fails', async () => {
    await using server = await scriptedServer({ tls: 'explicit' });
    server.answer('PASS', '530 Login incorrect.');
    const ftp = secureClient(server);
    const events = observe(ftp.events$);
    await observe(ftp.noop$()).failed;
    await lastValueFrom(ftp.close$());
    expect(told(await events.settled)).toEqual(['1 connecting', '1 connected', '1 secured', '1 closed']);
  });

  it('tell the close of a session whose connection is refused, with its cause', async () => {
    const server = await scriptedServer();
    const ftp = new FtpClient({ host: server.host, port: server.port });
    await server.close();
    const events = observe(ftp.events$);
    const error = await observe(ftp.noop$()).failed;
    await lastValueFrom(ftp.close$());
    expect(told(await events.settled)).toEqual(['1 connecting', '1 closed']);
    expect(events.values[1]).toMatchObject({
      cause: { code: 'ERR_FTP_CONNECTION', phase: 'connect', message: (error as Error).message },
    });
  });

  it('are published for the process too, without a subscriber, and no password is', async () => {
    const published: unknown[] = [];
    const keep = (message: unknown): void => void published.push(message);
    const names = ['rxftp:event', 'rxftp:command', 'rxftp:reply'];
    for (const name of names) diagnostics.subscribe(name, keep);
    await using server = await scriptedServer({ tls: 'explicit' });
    const ftp = secureClient(server);
    await lastValueFrom(ftp.noop$());
    await lastValueFrom(ftp.close$());
    for (const name of names) diagnostics.unsubscribe(name, keep);
    expect(published).toContainEqual(expect.objectContaining({ session: 1, command: 'NOOP' }));
    expect(published).toContainEqual(expect.objectContaining({ session: 1, type: 'ready' }));
    expect(published).toContainEqual({
      session: 1,
      at: expect.any(Number),
      reply: expect.objectContaining({ code: 230 }),
    });
    expect(JSON.stringify(published)).not.toContain(secureOptions(server).password);
  });
});

describe('the sender of events', () => {
  const ended = { type: 'transfer-ended', id: 2, bytes: 0, ms: 1, end: 'failed', verified: false } as const;

  it('numbers the transfers that it is asked about, and completes behind the last of their ends', () => {
    const events = new FtpEvents();
    const seen = observe(events.events$);
    expect([events.nextTransfer(), events.nextTransfer()]).toEqual([1, 2]);
    events.tell(1, { ...ended, id: 1 });
    events.complete();
    expect(seen.end).toBeUndefined();
    events.tell(1, ended);
    expect([seen.end, seen.values.length]).toEqual(['complete', 2]);
  });

  it('counts the ends also when nobody listens any more', () => {
    const events = new FtpEvents();
    observe(events.events$).unsubscribe();
    events.nextTransfer();
    events.complete();
    events.tell(1, ended);
    expect(observe(events.events$).end).toBe('complete');
  });

  it('is observed by a subscriber, or by one of the process', () => {
    const events = new FtpEvents();
    const observed = [events.observed];
    const seen = observe(events.events$);
    observed.push(events.observed);
    seen.unsubscribe();
    diagnostics.subscribe('rxftp:event', ignore);
    observed.push(events.observed);
    diagnostics.unsubscribe('rxftp:event', ignore);
    expect([...observed, events.observed]).toEqual([false, true, true, false]);
  });
});

function ignore(): void {}

it('have the time of the clock that is passed in', () => {
  const events = new FtpEvents({ now: () => 0, at: () => 1_700_000_000_000.25, today: () => new Date(0) });
  const seen = observe(events.events$);
  events.tell(3, { type: 'ready' });
  events.complete();
  expect(seen.values).toEqual([{ at: 1_700_000_000_000.25, session: 3, type: 'ready' }]);
});

it('a session alone tells how it was closed', async () => {
  await using server = await scriptedServer({ tls: 'explicit' });
  using session = observe(connect$(secureOptions(server)));
  const events = observe((await session.nth(1)).events$);
  session.unsubscribe();
  expect(told(await events.settled)).toEqual(['1 closed']);
});
