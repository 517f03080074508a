/** Checks which side opens a passive data connection: the connector, which may be the user's. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import type { Connector, ConnectorEndpoint } from '../../lib/net/connector.js';
import { Connecting, deadPort, type Kind, LOCAL, onread, SilentServer } from './support/connecting.js';

let at: Connecting;

beforeEach(() => {
  at = new Connecting();
});

afterEach(() => {
  at.end();
});

describe('a connector of the user', () => {
  it.each<[string, Kind, unknown]>([
    ['a download, which reads into its own memory', {}, onread],
    ['an upload', { upload: true }, undefined],
    ['a protected download, whose bytes are under TLS', { name: LOCAL }, undefined],
  ])('connects %s', async (_what, kind, readInto) => {
    const asked: ConnectorEndpoint[] = [];
    const stream = new PassThrough();
    at.session.settings = { ...at.session.settings, localAddress: '127.0.0.3' };
    at.by(async (endpoint) => {
      asked.push(endpoint);
      return stream;
    });
    await at.connect(4_000, kind);
    const endpoint = {
      host: LOCAL,
      port: 4_000,
      channel: 'data',
      family: 0,
      localAddress: '127.0.0.3',
      onread: readInto,
    };
    expect([asked, at.given]).toEqual([[endpoint], { way: 'attach', stream }]);
  });

  it.each<Kind>([{}, { name: LOCAL }])('that fails is why there is no connection: %o', async (kind) => {
    const cause = new Error('The proxy is down.');
    at.by(() => Promise.reject(cause));
    const details = { code: 'ERR_FTP_CONNECTION', channel: 'data', phase: 'connect', outcome: 'none', cause };
    await expect(at.connect(4_000, kind)).rejects.toMatchObject(details);
    expect(at.given).toBeUndefined();
  });

  it('that gives no stream is a mistake of its author', async () => {
    at.by((async () => 'a socket') as unknown as Connector);
    await expect(at.connect(4_000)).rejects.toBeInstanceOf(FtpUsageError);
  });

  it('that takes too long is told to stop, and what it gives later is closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const late = new PassThrough();
    let give: (stream: PassThrough) => void = () => {};
    let told: AbortSignal | undefined;
    at.by((_endpoint, limited) => {
      told = limited;
      return new Promise((resolve) => {
        give = resolve;
      });
    });
    const failed = at.connect(4_000).catch((error: unknown) => error);
    vi.advanceTimersByTime(20_000);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', afterMs: 20_000 });
    give(late);
    await once(late, 'close');
    expect([told?.aborted, at.given]).toEqual([true, undefined]);
  });

  it('is told when the user leaves', async () => {
    const cause = new Error('Enough.');
    let told: AbortSignal | undefined;
    at.by((_endpoint, limited) => {
      told = limited;
      return new Promise(() => undefined);
    });
    const failed = at.connect(4_000).catch((error: unknown) => error);
    at.signal.abort(cause);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', cause });
    expect(told?.reason).toBe(cause);
  });
});

describe('the connector of this library', () => {
  it.each<Kind>([{}, { upload: true }, { name: LOCAL }])('connects a socket: %o', async (kind) => {
    await using server = await SilentServer.start();
    await at.connect(server.port, kind);
    expect(at.given).toMatchObject({ way: 'attach', stream: { remoteAddress: LOCAL, remotePort: server.port } });
    at.end();
  });

  it('says which port could not be reached', async () => {
    const port = await deadPort();
    const error = await at.connect(port).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', channel: 'data', cause: { code: 'ECONNREFUSED' } });
    expect(String(error)).toContain(`${LOCAL}:${port}`);
  });

  it('waits no longer than connectTimeoutMs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await SilentServer.start();
    const failed = at.connect(server.port).catch((error: unknown) => error);
    vi.advanceTimersByTime(20_000);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'connect', afterMs: 20_000 });
    expect(at.given).toBeUndefined();
    at.end();
  });
});
