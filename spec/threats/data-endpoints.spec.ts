/** Where data connections go, whatever the server says. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ConnectorEndpoint, collectBytes, connectSocket, FtpReplyError } from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { openBasicFtp } from './support/client-under-test.js';

const files = { '/a': 'hello' };

/** Listens on another address, on the very port of the data connection, and counts who comes. */
class Decoy implements AsyncDisposable {
  connections = 0;
  readonly #server: Server = createServer((socket) => {
    this.connections += 1;
    socket.on('error', () => undefined).end();
  });

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.2');
    await once(this.#server, 'listening');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A server whose 227 names the decoy's address, with the right port. */
async function misleading(decoy: Decoy): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, pasvHost: '127.0.0.2' });
  server.answer('EPSV', '502 Unknown.');
  server.on('PASV', async (session) => {
    const port = await session.listen(server.host);
    await decoy.listen(port);
    await session.reply(`227 Entering Passive Mode (127,0,0,2,${port >> 8},${port & 0xff})`);
  });
  return server;
}

describe('a 227 that names another host (T-01, CVE-2020-8284, CVE-2021-4189, CVE-2021-37533)', () => {
  it('is followed by nobody: the data comes from the server itself', async () => {
    await using decoy = new Decoy();
    await using server = await misleading(decoy);
    await using ftp = clientOf(server);
    expect(Buffer.from(await lastValueFrom(ftp.retr$('/a').pipe(collectBytes()))).toString()).toBe('hello');
    expect(decoy.connections).toBe(0);
  });

  it('is followed with trustPasvHost, as the user asked for', async () => {
    await using decoy = new Decoy();
    await using server = await misleading(decoy);
    await using ftp = clientOf(server, { trustPasvHost: true, replyTimeoutMs: 200 });
    await observe(ftp.retr$('/a')).failed;
    expect(decoy.connections).toBe(1);
  });

  it('is not followed by basic-ftp 6.2.3 either', async () => {
    await using decoy = new Decoy();
    await using server = await misleading(decoy);
    const client = await openBasicFtp(server, 2_000);
    expect((await client.download('/a')).toString()).toBe('hello');
    await client.close();
    expect(decoy.connections).toBe(0);
  });

  it.each(['10,0,0,5', '169,254,169,254', '0,0,0,0', '255,255,255,255'])('is ignored for %s', async (host) => {
    await using server = await scriptedServer({ files, pasvHost: host });
    server.answer('EPSV', '502 Unknown.');
    const asked: ConnectorEndpoint[] = [];
    await using ftp = clientOf(server, {
      connector: (endpoint, signal) => {
        asked.push(endpoint);
        return connectSocket(endpoint, signal);
      },
    });
    await observe(ftp.retr$('/a')).settled;
    expect(new Set(asked.map((endpoint) => endpoint.host))).toEqual(new Set(['127.0.0.1']));
  });
});

describe('the address in a 229', () => {
  it('is ignored too', async () => {
    await using server = await scriptedServer({ files });
    server.on('EPSV', async (session) => {
      const port = await session.listen(server.host);
      await session.reply(`229 Entering Extended Passive Mode (|1|127.0.0.2|${port}|)`);
    });
    await using ftp = clientOf(server);
    await observe(ftp.retr$('/a')).settled;
  });

  it.each([
    '(|||0|)',
    '(|||65536|)',
    '(|||-1|)',
    '(||||)',
    'none',
    '(|||1e3|)',
  ])('with the port %s is not connected to', async (port) => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV', `229 Entering Extended Passive Mode ${port}`);
    await using ftp = clientOf(server, { mode: 'epsv' });
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpReplyError);
  });

  it.each([
    '(127,0,0,1,0,0)',
    '(127,0,0,1,256,1)',
    '(127,0,0,1,1)',
    '(999,0,0,1,1,1)',
    '(1,2,3,4,-1,5)',
  ])('or a 227 with %s', async (endpoint) => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV', '502 Unknown.');
    server.answer('PASV', `227 Entering Passive Mode ${endpoint}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.retr$('/a')).failed).toBeInstanceOf(FtpReplyError);
  });
});

describe('a middlebox between (T-25)', () => {
  it('that spoils EPSV is met by one try with PASV, which is remembered', async () => {
    await using server = await scriptedServer({ files });
    const unused = await scriptedServer();
    const { port } = unused;
    await unused.close();
    server.answer('EPSV', `229 Entering Extended Passive Mode (|||${port}|)`);
    await using ftp = clientOf(server);
    await observe(ftp.retr$('/a')).settled;
    await observe(ftp.retr$('/a')).settled;
    const passive = server.commands.filter((line) => /^(EPSV|PASV)/.test(line));
    expect(passive).toEqual(['EPSV', 'PASV', 'PASV']);
  });
});

describe('active mode (T-18)', () => {
  it('is off by default: nobody is asked to connect here, and nothing listens', async () => {
    await using server = await scriptedServer({ files });
    server.answer('EPSV', '502 Unknown.');
    server.answer('PASV', '502 Unknown.');
    await using ftp = clientOf(server);
    await observe(ftp.retr$('/a')).failed;
    expect(server.commands.filter((line) => /^(EPRT|PORT)/.test(line))).toEqual([]);
  });

  it('names the address of the control connection, nothing that a server has said', async () => {
    await using server = await scriptedServer({ files, greeting: '220 You are 10.0.0.5, connect back to me' });
    await using ftp = clientOf(server, { mode: 'active' });
    await observe(ftp.retr$('/a')).settled;
    expect(server.commands.find((line) => line.startsWith('EPRT'))).toMatch(/^EPRT \|1\|127\.0\.0\.1\|\d+\|$/);
  });
});

describe('a server that is none of FTP (T-17)', () => {
  it.each([
    'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
    '* OK [CAPABILITY IMAP4rev1] ready.\r\n',
    '+OK POP3 ready\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    '\u0016\u0003\u0001',
  ])('that says %j first is sent nothing', async (banner) => {
    await using server = await scriptedServer({ greeting: (session) => session.replyRaw(banner) });
    await using ftp = clientOf(server, { replyTimeoutMs: 200 });
    await observe(ftp.noop$()).failed;
    await server.event('control-closed');
    expect(server.clear).toHaveLength(0);
    expect((await firstValueFrom(ftp.state$)).status).toBe('idle');
  });
});
