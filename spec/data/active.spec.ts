import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpConnectionError } from '../../lib/errors.js';
import { type ClientOptions, type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import type { ScriptedServer, ScriptedServerOptions } from '../support/scripted-server.js';
import { fetch } from './support/fetch.js';

const files = { '/a': 'first file', '/b': 'second file' };

function active(
  server: ScriptedServerOptions = {},
  client: ClientOptions = {},
  script?: (server: ScriptedServer) => void,
): Promise<Connected> {
  return connected({ files, ...server }, { mode: 'active', ...client }, script);
}

const offers = (at: Connected): string[] => at.commands.filter((line) => /^(EPRT|PORT)/.test(line));
const portOf = (offer = ''): number => Number(offer.split('|')[3]);

describe('active mode', () => {
  it.each(['127.0.0.1', '::1'] as const)('names the address of the control connection: %s', async (host) => {
    await using at = await active({ host });
    expect(await fetch(at, '/a')).toBe('first file');
    await lastValueFrom(at.ftp.stor$('/up', 'uploaded'));
    expect(at.server.tree.text('/up')).toBe('uploaded');
    const family = host === '::1' ? 2 : 1;
    expect(offers(at).map((line) => line.replace(/\d+\|$/, ''))).toEqual(new Array(2).fill(`EPRT |${family}|${host}|`));
    expect((await at.server.event('data-opened')).active).toBe(true);
  });

  it('falls back to PORT, and remembers that', async () => {
    await using at = await active({}, {}, (server) => server.answer('EPRT', '500 No.'));
    expect([await fetch(at, '/a'), await fetch(at, '/b')]).toEqual(['first file', 'second file']);
    expect(offers(at).map((line) => line.slice(0, 14))).toEqual(['EPRT |1|127.0.', 'PORT 127,0,0,1', 'PORT 127,0,0,1']);
  });

  it('has no PORT over IPv6', async () => {
    await using at = await active({ host: '::1' }, {}, (server) => server.answer('EPRT', '522 No.'));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 522 } });
    expect(offers(at)).toHaveLength(1);
    expect(at.commands).not.toContain('RETR /a');
  });

  it('that is refused altogether is an error; nothing listens any more and the session goes on', async () => {
    await using at = await active({}, {}, (server) => server.answer('EPRT', '500 No.').answer('PORT', '500 Neither.'));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ reply: { code: 500, text: 'Neither.' } });
    const gone = connect(portOf(offers(at)[0]), '127.0.0.1');
    expect(await once(gone, 'connect').catch((error: { code?: string }) => error.code)).toBe('ECONNREFUSED');
    expect(await firstValueFrom(at.ftp.pwd$())).toBe('/');
  });

  it('names activeAddress, and still listens where the control connection is', async () => {
    await using at = await active({}, { activeAddress: '192.0.2.77' }, (server) =>
      server.on('EPRT', (session, argument) => {
        session.connectTo({ host: '127.0.0.1', port: portOf(argument) });
        return session.reply('200 Through the NAT.');
      }),
    );
    expect(await fetch(at, '/a')).toBe('first file');
    expect(offers(at)[0]).toContain('EPRT |1|192.0.2.77|');
  });

  it('listens on the ports of activePorts, one after the other where they are taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await using at = await active({}, { activePorts: [port, Math.min(port + 20, 65_535)] });
    expect(await fetch(at, '/a')).toBe('first file');
    const used = portOf(offers(at)[0]);
    expect(used).toBeGreaterThan(port);
    expect(used).toBeLessThanOrEqual(port + 20);
    taken.close();
    await once(taken, 'close');
  });

  it('without a free port is an error before anything is sent', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await using at = await active({}, { activePorts: [port, port] });
    const error = await observe(at.ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', phase: 'connect', cause: { code: 'EADDRINUSE' } });
    expect(at.commands).toEqual(['TYPE I']);
    taken.close();
    await once(taken, 'close');
  });

  it("takes no connection but the server's: a stranger is dropped, and the real one works", async () => {
    await using at = await active({}, {}, (server) =>
      server.on('EPRT', async (_session, argument, command) => {
        const stranger = connect({ port: portOf(argument), host: '127.0.0.1', localAddress: '127.0.0.2' });
        stranger
          .on('error', () => undefined)
          .resume()
          .write('stolen');
        await once(stranger, 'close');
        await command.byDefault();
      }),
    );
    expect(await fetch(at, '/a')).toBe('first file');
    const upload = observe(at.ftp.stor$('/up', 'for the server only'));
    await upload.settled;
    expect(at.server.tree.text('/up')).toBe('for the server only');
  });

  it("takes a connection from anywhere with activePeer: 'any', as of a server with several addresses", async () => {
    await using at = await active({}, { activePeer: 'any' }, (server) =>
      server.on('EPRT', async (session, argument) => {
        session.connectTo({ host: '127.0.0.1', port: portOf(argument) }, '127.0.0.2');
        await session.reply('200 From elsewhere.');
      }),
    );
    expect(await fetch(at, '/a')).toBe('first file');
  });

  it('takes exactly one connection', async () => {
    await using at = await active({}, {}, (server) =>
      server.on('RETR', async (session, _argument, command) => {
        await session.rawData();
        const second = connect(portOf(offers(at)[0]), '127.0.0.1');
        expect(await once(second, 'connect').catch((error: { code?: string }) => error.code)).toBe('ECONNREFUSED');
        await command.byDefault();
      }),
    );
    expect(await fetch(at, '/a')).toBe('first file');
  });

  it('does not wait for a connection longer than connectTimeoutMs after the 150', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await active({}, { connectTimeoutMs: 4_000 }, (server) =>
      server
        .answer('RETR', '150 I am on my way.')
        .once('PWD', async (session, _argument, command) => {
          await session.reply('425 Could not connect.', '225 Nothing to abort.');
          await command.byDefault();
        })
        .answer('ABOR'),
    );
    const begun = observe(at.ftp.reply$);
    const download = observe(at.ftp.retr$('/a'));
    await vi.waitUntil(() => begun.values.at(-1)?.code === 150);
    await vi.advanceTimersByTimeAsync(4_000);
    await vi.waitUntil(() => download.end !== undefined, { timeout: 5_000 });
    const error = await download.failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', command: 'RETR /a', bytes: 0 });
    expect(String(error)).toContain('activeAddress');
    expect(at.status).toBe('idle');
    begun.unsubscribe();
  });

  it('says what the server says when it cannot connect', async () => {
    await using at = await active({}, {}, (server) => server.answer('RETR', '425 Cannot connect to you.'));
    expect(await observe(at.ftp.retr$('/a')).failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 425 } });
    const gone = connect(portOf(offers(at)[0]), '127.0.0.1');
    expect(await once(gone, 'connect').catch((error: { code?: string }) => error.code)).toBe('ECONNREFUSED');
  });
});
