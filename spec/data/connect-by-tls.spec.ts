/** When TLS makes a data connection itself, and when it is laid over a socket later. */
import { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { profileOf } from '../../lib/control/server-profile.js';
import { connectSocket } from '../../lib/net/connector.js';
import { Connecting, deadPort, type Kind, LOCAL, SilentServer } from './support/connecting.js';

/** Its server takes a ClientHello before the transfer command. */
const EARLY = profileOf('vsFTPd');

let at: Connecting;

beforeEach(() => {
  at = new Connecting();
  at.session.profile = EARLY;
});

afterEach(() => {
  at.end();
});

describe('TLS', () => {
  it.each<[string, Kind]>([
    ['has the name that is connected to', { name: LOCAL }],
    ['has a name that is no address', { name: 'ftp.example.com' }],
    ['is given a name by the user', { name: '127.0.0.2', servername: 'ftp.example.com' }],
  ])('makes the connection of a download, where the server %s', async (_why, kind) => {
    await using server = await SilentServer.start();
    const visited = server.visitor;
    await at.connect(server.port, kind);
    expect([at.given?.way, at.given?.stream instanceof TLSSocket, at.taken]).toEqual(['attachSecuring', true, 1]);
    const visitor = await visited;
    const [hello] = await new Promise<Buffer>((resolve) => visitor.once('data', resolve));
    expect(hello).toBe(0x16);
    at.end();
  });

  it.each<[string, Kind, (() => void)?]>([
    ['of an upload', { name: LOCAL, upload: true }],
    ['in clear text', {}],
    [
      'of a server that may not take an early ClientHello',
      { name: LOCAL },
      () => {
        at.session.profile = profileOf('ProFTPD');
      },
    ],
    ['by a connector of the user', { name: LOCAL }, () => at.by((endpoint, signal) => connectSocket(endpoint, signal))],
    ['of a server that has another address for its name', { name: '127.0.0.2' }],
  ])('does not make the connection %s', async (_what, kind, stage) => {
    await using server = await SilentServer.start();
    stage?.();
    await at.connect(server.port, kind);
    expect([at.given?.way, at.given?.stream instanceof TLSSocket, at.taken]).toEqual(['attach', false, 0]);
    at.end();
  });
});

describe('a connection that TLS cannot make', () => {
  const kind = { name: LOCAL };

  it('is an error that names the port', async () => {
    const port = await deadPort();
    const error = await at.connect(port, kind).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'data', cause: { code: 'ECONNREFUSED' } });
    expect(String(error)).toContain(`${LOCAL}:${port}`);
    expect(at.given).toBeUndefined();
  });

  it('in time is given up after connectTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await SilentServer.start();
    const failed = at.connect(server.port, kind).catch((error: unknown) => error);
    vi.advanceTimersByTime(20_000);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', afterMs: 20_000 });
    expect(at.given).toBeUndefined();
    at.end();
  });

  it('before the user leaves is given up at once', async () => {
    const cause = new Error('Enough.');
    await using server = await SilentServer.start();
    const failed = at.connect(server.port, kind).catch((error: unknown) => error);
    at.signal.abort(cause);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'data', cause });
    expect(at.given).toBeUndefined();
  });
});
