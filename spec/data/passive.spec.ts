import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError, FtpReplyError } from '../../lib/errors.js';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import { type ClientOptions, type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer } from '../support/scripted-server.js';
import { arrived, fetch } from './support/fetch.js';

const files = { '/a': 'first file', '/b': 'second file' };

const endpoints = (at: Connected): string[] => at.commands.filter((line) => /^(EPSV|PASV)/.test(line));

/** Tells of every endpoint that is connected to. */
function watched(seen: string[]): ClientOptions {
  const connector: Connector = (endpoint, signal) => {
    seen.push(`${endpoint.channel} ${endpoint.host}`);
    return connectSocket(endpoint, signal);
  };
  return { connector };
}

/** A port of 127.0.0.1 where nobody may connect. */
async function decoy(): Promise<AsyncDisposable & { port: number; visitors: () => number }> {
  const server = createServer((socket) => {
    visitors += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  let visitors = 0;
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port, visitors: () => visitors, [Symbol.asyncDispose]: close };
}

/** A port that refuses connections. */
async function deadPort(): Promise<number> {
  await using closed = await decoy();
  return closed.port;
}

describe('EPSV', () => {
  it('comes first, and its data connection is there before the transfer command', async () => {
    await using at = await connected({ files });
    expect(await fetch(at, '/a')).toBe('first file');
    expect(at.commands).toEqual(['TYPE I', 'EPSV', 'RETR /a']);
    const opened = await at.server.event('data-opened');
    expect(opened.seq).toBeLessThan((await at.server.received('RETR')).seq);
  });

  it.each([500, 501, 502, 522, 425])('refused by %d gives way to PASV, and is not tried again', async (code) => {
    await using at = await connected({ files }, {}, (server) => server.answer('EPSV', `${code} No.`));
    expect([await fetch(at, '/a'), await fetch(at, '/b')]).toEqual(['first file', 'second file']);
    expect(endpoints(at)).toEqual(['EPSV', 'PASV', 'PASV']);
  });

  it('whose port cannot be reached gives way to PASV once, and that is remembered', async () => {
    const port = await deadPort();
    await using at = await connected({ files }, {}, (server) => server.answer('EPSV', `229 Here (|||${port}|)`));
    expect([await fetch(at, '/a'), await fetch(at, '/b')]).toEqual(['first file', 'second file']);
    expect(endpoints(at)).toEqual(['EPSV', 'PASV', 'PASV']);
  });

  it('may be answered by a 227, whose host is not trusted either', async () => {
    const seen: string[] = [];
    await using at = await connected({ files }, watched(seen), (server) =>
      server.on('EPSV', async (session) => {
        const port = await session.listen(server.host);
        return session.reply(`227 Entering Passive Mode (10,0,0,5,${port >> 8},${port & 255})`);
      }),
    );
    expect(await fetch(at, '/a')).toBe('first file');
    expect(seen).toEqual(['control 127.0.0.1', 'data 127.0.0.1']);
  });

  it.each([
    '229 Entering Extended Passive Mode (|||0|)',
    '229 Ok',
    '229 (|||70000|)',
    '229 (|||12',
    '314 What?',
    '200 Ok',
  ])('answered by "%s" leads to PASV, which is remembered', async (reply) => {
    await using at = await connected({ files }, {}, (server) => server.answer('EPSV', reply));
    expect([await fetch(at, '/a'), await fetch(at, '/b')]).toEqual(['first file', 'second file']);
    expect(endpoints(at)).toEqual(['EPSV', 'PASV', 'PASV']);
  });

  it('answered by "229 Ok" is an error where nothing else is allowed', async () => {
    await using at = await connected({ files }, { mode: 'epsv' }, (server) => server.answer('EPSV', '229 Ok'));
    expect(await observe(at.ftp.retr$('/a')).failed).toBeInstanceOf(FtpReplyError);
    expect(endpoints(at)).toEqual(['EPSV']);
    expect(at.status).toBe('idle');
  });

  it('is not asked where PASV alone is allowed', async () => {
    await using at = await connected({ files }, { mode: 'pasv' });
    expect(await fetch(at, '/a')).toBe('first file');
    expect(endpoints(at)).toEqual(['PASV']);
  });

  it('is the only way over IPv6', async () => {
    const seen: string[] = [];
    await using at = await connected({ files, host: '::1' }, watched(seen));
    expect(await fetch(at, '/a')).toBe('first file');
    expect(seen).toEqual(['control ::1', 'data ::1']);
    at.server.answer('EPSV', '500 No.');
    const error = await observe(at.ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'EPSV', reply: { code: 500 } });
    expect(endpoints(at)).toEqual(['EPSV', 'EPSV']);
    expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  });

  it('whose port cannot be reached over IPv6 is an error: there is no PASV', async () => {
    await using at = await connected({ files, host: '::1' }, {}, (server) => server.answer('EPSV', '229 (|||1|)'));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ channel: 'data', phase: 'connect' });
    expect(endpoints(at)).toEqual(['EPSV']);
  });
});

describe('PASV', () => {
  const passiveOnly = (server: ScriptedServer): void => void server.answer('EPSV', '500 No.');

  it.each([
    '10.0.0.5',
    '169.254.169.254',
    '0.0.0.0',
    '127.0.0.2',
    '224.0.0.1',
    '255.255.255.255',
  ])('that names %s still leads to the server itself', async (pasvHost) => {
    const seen: string[] = [];
    await using at = await connected({ files, pasvHost }, watched(seen), passiveOnly);
    expect(await fetch(at, '/a')).toBe('first file');
    expect(seen).toEqual(['control 127.0.0.1', 'data 127.0.0.1']);
  });

  it('that names another host leads to a decoy only when told to trust it', async () => {
    await using bait = await decoy();
    const lure = (server: ScriptedServer): void => {
      passiveOnly(server);
      server.answer('PASV', `227 Come here (127,0,0,1,${bait.port >> 8},${bait.port & 255}).`);
    };
    const elsewhere: Connector = (endpoint, signal) =>
      connectSocket(
        endpoint.channel === 'data' ? { ...endpoint, port: at.server.sessions[0]?.link?.port ?? 0 } : endpoint,
        signal,
      );
    await using at = await connected({ files, pasvHost: '10.0.0.5' }, { connector: elsewhere }, passiveOnly);
    await fetch(at, '/a');
    expect(bait.visitors()).toBe(0);
    await using trusting = await connected({ files }, { trustPasvHost: true }, lure);
    trusting.server.answer('RETR', '425 Nobody came.');
    await observe(trusting.ftp.retr$('/a')).failed;
    await vi.waitUntil(() => bait.visitors() === 1);
  });

  it('is trusted when told so', async () => {
    const seen: string[] = [];
    const options = { ...watched(seen), trustPasvHost: true };
    await using at = await connected({ files, pasvHost: '127.0.0.1' }, options, passiveOnly);
    expect(await fetch(at, '/a')).toBe('first file');
    at.server.answer('PASV', '227 Elsewhere (127,0,0,2,0,1).');
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ channel: 'data', phase: 'connect' });
    expect(seen).toEqual(['control 127.0.0.1', 'data 127.0.0.1', 'data 127.0.0.2']);
  });

  it('refused is the error, and the session goes on', async () => {
    await using at = await connected({ files }, {}, (server) => {
      passiveOnly(server);
      server.once('PASV', (session) => session.reply('425 No ports left.'));
    });
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ command: 'PASV', reply: { code: 425 } });
    expect(await fetch(at, '/a')).toBe('first file');
  });

  it.each([
    '227 Entering Passive Mode (127,0,0,1,0,0)',
    '227 Entering Passive Mode (127,0,0,1,300,1)',
    '227 Hello',
  ])('answered by "%s" is an error, and the session goes on', async (reply) => {
    await using at = await connected({ files }, {}, (server) => {
      passiveOnly(server);
      server.answer('PASV', reply);
    });
    const error = await observe(at.ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(await observe(at.ftp.noop$()).ended).toBe('complete');
  });

  it('whose port cannot be reached is an error that says so; the session goes on', async () => {
    const port = await deadPort();
    await using at = await connected({ files }, {}, (server) => {
      passiveOnly(server);
      server.once('PASV', (session) => session.reply(`227 Here (127,0,0,1,${port >> 8},${port & 255}).`));
    });
    const error = await observe(at.ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', phase: 'connect' });
    expect(String(error)).toContain(`127.0.0.1:${port}`);
    expect(at.commands).not.toContain('RETR /a');
    expect(await fetch(at, '/a')).toBe('first file');
  });
});

describe('the way to the data port', () => {
  it('starts at localAddress, on both connections', async () => {
    await using at = await connected({ files }, { localAddress: '127.0.0.3' });
    expect(await fetch(at, '/a')).toBe('first file');
    const [control, data] = [await at.server.event('connected'), await at.server.event('data-opened')];
    expect([control.from, data.from]).toEqual(['127.0.0.3', '127.0.0.3']);
  });

  it('is given up after connectTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const given: AbortSignal[] = [];
    const connector: Connector = (endpoint, signal) => {
      if (endpoint.channel === 'control') return connectSocket(endpoint, signal);
      given.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    await using at = await connected({ files }, { connector, connectTimeoutMs: 3_000 }, (server) =>
      server.answer('EPSV', '500 No.'),
    );
    const download = observe(at.ftp.retr$('/a'));
    await vi.waitUntil(() => given.length === 1);
    await vi.advanceTimersByTimeAsync(3_000);
    const error = await download.failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', afterMs: 3_000 });
    expect(given[0]?.aborted).toBe(true);
    expect(at.status).toBe('idle');
  });

  it('may be any duplex: one without addresses, ports or onread', async () => {
    const seen: string[] = [];
    const connector: Connector = async (endpoint, signal) => {
      seen.push(`${endpoint.channel} ${endpoint.host}`);
      const socket = await connectSocket({ ...endpoint, onread: undefined }, signal);
      return tunnel(socket);
    };
    await using at = await connected({ files }, { connector });
    expect(await fetch(at, '/a')).toBe('first file');
    await lastValueFrom(at.ftp.stor$('/up', 'uploaded'));
    expect(at.server.tree.text('/up')).toBe('uploaded');
    const endless = observe(at.ftp.stor$('/up', new Array(1_000).fill('x'.repeat(100_000)), { progressIntervalMs: 0 }));
    await endless.nth(3);
    endless.unsubscribe();
    expect(await fetch(at, '/b')).toBe('second file');
    expect(seen).toEqual(['control 127.0.0.1', ...new Array(4).fill('data 127.0.0.1')]);
  });
});

describe('a data connection that just closes', () => {
  it('without an end or an error is no end of file', async () => {
    const tunnels: Duplex[] = [];
    const connector: Connector = async (endpoint, signal) => {
      const socket = await connectSocket({ ...endpoint, onread: undefined }, signal);
      if (endpoint.channel === 'control') return socket;
      const duplex = tunnel(socket);
      tunnels.push(duplex);
      return duplex;
    };
    await using at = await connected({ files }, { connector }, (server) =>
      server.once('RETR', async (session) => {
        await session.reply('150 Here.');
        await session.sendData('first', { end: 'open' });
        await server.event('data-ended');
        await session.reply('226 Transfer complete.');
      }),
    );
    const download = observe(at.ftp.retr$('/a'));
    await arrived(download, 5);
    tunnels[0]?.destroy();
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', bytes: 5 });
  });
});

/** A plain duplex over a socket, as a proxy library gives it. */
function tunnel(socket: Duplex): Duplex {
  const outer = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => {
    if (!outer.push(chunk)) socket.pause();
  });
  socket.on('end', () => outer.push(null)).on('error', (error) => outer.destroy(error));
  return outer;
}
