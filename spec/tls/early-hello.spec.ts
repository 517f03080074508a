/**
 * Downloads from servers that let a ClientHello wait for the transfer command: TLS makes the data connection itself, and
 * the hello goes with it. Everything else is as ever: who the server must be, the session, how a transfer is left.
 */
import { Socket } from 'node:net';
import { BehaviorSubject, filter, lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Connector,
  connectSocket,
  type FtpClient,
  FtpConnectionError,
  FtpReplyError,
  FtpSecurityError,
} from '../../lib/index.js';
import { latch } from '../client/support/latch.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, type ScriptedTls, type Session, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, resumption, secureClient } from './support/secure-client.js';

const vsftpd = '220 (vsFTPd 3.0.5)';
const content = Buffer.alloc(300_000, 'every byte counts ');
const files = { [names.file]: 'hello', '/big': content };

const retrieve = async (ftp: FtpClient, path: string = names.file): Promise<Buffer> =>
  Buffer.concat(await lastValueFrom(ftp.retr$(path).pipe(toArray())));

/** The order of what the server has seen, by verb or kind of event. */
const order = ({ journal }: ScriptedServer, ...wanted: readonly string[]): string[] =>
  journal.events
    .map((event) => (event.kind === 'command' ? event.verb : event.kind))
    .filter((what) => wanted.includes(what));

/** Before anything more is done for this session the client has sent something on its data connection. */
async function awaitHello(session: Session): Promise<void> {
  const raw = await session.rawData();
  await vi.waitFor(() => expect(raw.bytesRead).toBeGreaterThan(0), { interval: 1 });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const options = { minVersion: version, maxVersion: version, handshakeTimeout: 500 };
  const known = (tls: Partial<ScriptedTls> = {}, greeting = vsftpd): Promise<ScriptedServer> =>
    scriptedServer({ greeting, tls: { mode: 'explicit', options, ...tls }, files });

  it('the ClientHello does not wait for the transfer command, and resumes the session every time', async () => {
    await using server = await known({ requireReuse: true });
    server.on('EPSV', async (session, _argument, { byDefault }) => {
      await byDefault();
      await awaitHello(session);
    });
    await using ftp = secureClient(server);
    for (let n = 0; n < 5; n += 1) {
      expect(content.equals(await retrieve(ftp, '/big'))).toBe(true);
      expect((await lastValueFrom(ftp.list$('/').pipe(toArray()))).length).toBeGreaterThan(0);
    }
    expect(resumption(server)).toEqual({ secured: 10, resumed: 10 });
    expect(server.sessions).toHaveLength(1);
    expectNothingInClear(server);
  });

  it('is refused a file, and goes on', async () => {
    await using server = await known();
    server.once('RETR', async (session) => {
      session.link?.reset();
      await session.reply('550 Failed to open file.');
    });
    await using ftp = secureClient(server);
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ reply: { code: 550 } });
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(server.sessions).toHaveLength(1);
  });

  it('left before the command is sent it is just closed', async () => {
    await using server = await known();
    const asked = latch();
    const left = latch();
    server.once('REST', async (session) => {
      asked.open();
      await left.opened;
      await session.reply('350 From there.');
    });
    await using ftp = secureClient(server);
    const download = observe(ftp.retr$(names.file, { start: 1 }));
    await asked.opened;
    download.unsubscribe();
    left.open();
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toHaveLength(1);
    expect(server.commands).not.toContain('ABOR');
    expect(server.sessions).toHaveLength(1);
  });

  it('left during the handshake it is aborted when that is done', async () => {
    await using server = await known();
    const begun = latch();
    const left = latch();
    server.once('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      begun.open();
      await left.opened;
      await session.sendData(content).catch(() => undefined);
      await session.reply('426 Broken off.');
    });
    await using ftp = secureClient(server);
    const preliminary = observe(ftp.reply$.pipe(filter(({ code }) => code === 150)));
    const download = observe(ftp.retr$('/big'));
    await begun.opened;
    await preliminary.nth(1);
    preliminary.unsubscribe();
    download.unsubscribe();
    left.open();
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(order(server, 'data-secured', 'ABOR').slice(0, 2)).toEqual(['data-secured', 'ABOR']);
    expect(server.sessions).toHaveLength(1);
  });

  it('left while bytes come it is aborted, and the session goes on', async () => {
    await using server = await known({ requireReuse: true });
    await using ftp = secureClient(server);
    for (let n = 0; n < 5; n += 1) {
      const download = observe(ftp.retr$('/big'), { next: (_chunk, self) => self.unsubscribe() });
      await download.ended;
      expect((await retrieve(ftp)).toString()).toBe('hello');
    }
    const { secured, resumed } = resumption(server);
    expect(resumed).toBe(secured);
    expect(server.sessions).toHaveLength(1);
  });

  it('an impostor who shakes hands before the command is not sent it', async () => {
    const server = await known({ separateSessions: true });
    await using _closed = server;
    const stranger = await server.tls?.authority.issueForOtherHost();
    Object.assign(server.dataTls ?? {}, stranger);
    const tried = latch();
    server.once('REST', async (session) => {
      // Up to its end, which is the client's verdict.
      await session.receiveData().catch(() => undefined);
      tried.open();
      await session.reply('350 From there.');
    });
    await using ftp = secureClient(server);
    const error = await observe(ftp.retr$(names.file, { start: 1 })).failed;
    await tried.opened;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toEqual([]);
    expect(await lastValueFrom(ftp.size$(names.file))).toBe(5);
  });

  it('another certificate than the control connection’s fails the transfer, whatever the server says', async () => {
    await using server = await known({ separateSessions: true });
    Object.assign(server.dataTls ?? {}, await server.tls?.authority.issue());
    await using ftp = secureClient(server);
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(String(error)).toMatch(/its certificate is not the one of the control connection/);
  });

  it('a session that is not resumed is refused, and the next operation gets a new one', async () => {
    await using server = await known({ requireReuse: true });
    await using ftp = secureClient(server);
    await retrieve(ftp);
    const ticketKeys = crypto.getRandomValues(Buffer.alloc(48));
    for (const tls of [server.dataTls, server.controlTls]) Object.assign(tls ?? {}, { ticketKeys });
    expect(await observe(ftp.retr$(names.file)).failed).toMatchObject({ reply: { code: 522 } });
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(server.sessions).toHaveLength(2);
  });

  it('held from the start it hands nothing on, and then everything', async () => {
    await using server = await known();
    await using ftp = secureClient(server);
    const pause$ = new BehaviorSubject(true);
    const final = observe(ftp.reply$.pipe(filter(({ code }) => code === 226)));
    const download = observe(ftp.retr$(names.file, { pause$ }));
    await final.nth(1);
    final.unsubscribe();
    expect(download.values).toEqual([]);
    pause$.next(false);
    expect(Buffer.concat(await download.settled).toString()).toBe('hello');
  });

  it('held again and again it loses nothing', async () => {
    await using server = await known();
    await using ftp = secureClient(server);
    const pause$ = new BehaviorSubject(false);
    const download = observe(ftp.retr$('/big', { pause$ }), {
      next: () => {
        pause$.next(true);
        setImmediate(() => pause$.next(false));
      },
    });
    expect(content.equals(Buffer.concat(await download.settled))).toBe(true);
  });

  it('a port that nobody answers is asked for another way, and then an error', async () => {
    await using server = await known();
    server.on('EPSV', async (session) => {
      await session.reply(`229 Entering Extended Passive Mode (|||${await deadPort(session)}|)`);
    });
    await using ftp = secureClient(server);
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(server.commands).toContain('PASV');
    server.on('PASV', async (session) => {
      const port = await deadPort(session);
      await session.reply(`227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255}).`);
    });
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', phase: 'connect', cause: { code: 'ECONNREFUSED' } });
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    ['a server that is not known for it', '220 Ready', undefined],
    ['a connector of the user’s', vsftpd, ((endpoint, signal) => connectSocket(endpoint, signal)) as Connector],
  ])('with %s the ClientHello waits for the reply to the command', async (_what, greeting, connector) => {
    await using server = await known({}, greeting);
    const early: number[] = [];
    server.on('RETR', async (session, _path, { byDefault }) => {
      early.push((await session.rawData()).bytesRead);
      await byDefault();
    });
    await using ftp = secureClient(server, connector === undefined ? {} : { connector });
    expect((await retrieve(ftp)).toString()).toBe('hello');
    expect(early).toEqual([0]);
  });

  it('so it does for an upload, which must be able to end without being a file', async () => {
    await using server = await known();
    const early: number[] = [];
    server.on('STOR', async (session, _path, { byDefault }) => {
      early.push((await session.rawData()).bytesRead);
      await byDefault();
    });
    const reset = vi.spyOn(Socket.prototype, 'resetAndDestroy');
    await using ftp = secureClient(server);
    await lastValueFrom(ftp.stor$('/up', 'sent'));
    expect(early).toEqual([0]);
    const upload = observe(ftp.stor$('/up', endless()));
    await upload.nth(1);
    upload.unsubscribe();
    await lastValueFrom(ftp.noop$());
    expect(reset).toHaveBeenCalledTimes(1);
  });
});

/** A port of the server's that nobody listens on any more. */
async function deadPort(session: Session): Promise<number> {
  const port = await session.listen('127.0.0.1');
  const closed = new Promise<void>((resolve) => setImmediate(resolve));
  session.link?.close();
  await closed;
  return port;
}

async function* endless(): AsyncGenerator<Uint8Array, undefined> {
  for (;;) {
    yield new Uint8Array(1 << 16);
    await new Promise(setImmediate);
  }
}
