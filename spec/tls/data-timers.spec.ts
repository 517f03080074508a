/** How long a data connection may take to be opened and secured, by a clock that the spec turns, over sockets that are real. */
import { filter, lastValueFrom, toArray } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FtpClient, FtpOptions } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { names, resumption, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello' };
const connectTimeoutMs = 600;
const abortTimeoutMs = 500;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** A client that is logged in, and the 150 of its next transfer. */
async function loggedIn(server: ScriptedServer, more: Partial<FtpOptions> = {}) {
  const ftp = secureClient(server, { connectTimeoutMs, abortTimeoutMs, ...more });
  await lastValueFrom(ftp.noop$());
  const begun = observe(ftp.reply$.pipe(filter(({ code }) => code === 150)));
  return { ftp, begun: () => begun.nth(1), [Symbol.asyncDispose]: () => ftp[Symbol.asyncDispose]() };
}

const transfers: readonly (readonly [string, (ftp: FtpClient) => ReturnType<typeof observe<unknown>>])[] = [
  ['RETR', (ftp) => observe<unknown>(ftp.retr$(names.file))],
  ['STOR', (ftp) => observe<unknown>(ftp.stor$('/up', 'private'))],
];

/** Says 150, and nothing more: neither on the data connection nor on the other. */
const silent = async (session: Session): Promise<void> => {
  await session.reply('150 Here it comes.');
  await session.rawData();
};

describe.each(transfers)('%s on a data connection that is never secured', (verb, transfer) => {
  it('fails after connectTimeoutMs and abortTimeoutMs, whatever else there is to wait for', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.once(verb, silent).answer('ABOR').answer('PWD');
    await using at = await loggedIn(server);
    const running = transfer(at.ftp);
    await at.begun();
    await vi.advanceTimersByTimeAsync(connectTimeoutMs - 1);
    expect([running.end, server.commands.includes('ABOR')]).toEqual([undefined, false]);
    await vi.advanceTimersByTimeAsync(1 + abortTimeoutMs);
    expect(await running.failed).toMatchObject({
      code: 'ERR_FTP_TIMEOUT',
      phase: 'connect',
      afterMs: connectTimeoutMs,
    });
    await server.event('control-closed');
  });

  it('is given up after abortTimeoutMs when the user leaves, but not before ABOR was tried', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    server.once(verb, silent).answer('ABOR').answer('PWD');
    await using at = await loggedIn(server, { connectTimeoutMs: 60_000 });
    const running = transfer(at.ftp);
    await at.begun();
    running.unsubscribe();
    await vi.advanceTimersByTimeAsync(abortTimeoutMs - 1);
    await server.received('ABOR');
    expect(server.journal.of('control-closed')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await server.event('control-closed');
  });
});

it('in active mode the handshake begins when the server connects, however late', async () => {
  await using server = await scriptedServer({ tls: 'explicit', files });
  let connect: () => void = () => {};
  const connecting = new Promise<void>((resolve) => {
    connect = resolve;
  });
  server.once('RETR', async (session) => {
    await session.reply('150 Soon.');
    await connecting;
    await session.sendData('hello');
    await session.reply('226 Done.');
  });
  await using at = await loggedIn(server, { mode: 'active', connectTimeoutMs: 10_000 });
  const download = observe(at.ftp.retr$(names.file).pipe(toArray()));
  await at.begun();
  await vi.advanceTimersByTimeAsync(5_000);
  connect();
  expect(Buffer.concat((await download.settled)[0] ?? []).toString()).toBe('hello');
  expect(resumption(server)).toEqual({ secured: 1, resumed: 1 });
});
