/** In active mode the server is told where to connect to. A connector's stream may not show any address of this machine. */
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Connector, connectSocket, FtpUsageError } from '../../lib/index.js';
import type { Connection } from '../../lib/net/connection.js';
import { fetch } from '../data/support/fetch.js';
import { observe } from '../support/observe.js';
import { connected, connecting } from './support/connected.js';

/** A connector that hides each socket in a duplex without addresses. */
function hiding(give: (duplex: Duplex) => Duplex | Connection = (duplex) => duplex): Connector {
  return async (endpoint, signal) => {
    const socket = await connectSocket(endpoint, signal);
    return give(Duplex.from({ readable: socket, writable: socket }));
  };
}

describe('active mode over a stream without localAddress', () => {
  it.each<[string, (duplex: Duplex) => Duplex | Connection]>([
    ['a duplex', (duplex) => duplex],
    ['a duplex with its peer', (stream) => ({ stream, peer: '127.0.0.1' })],
  ])('is refused before the login, and the connection is closed: %s', async (_what, give) => {
    const connector = hiding(give);
    await using at = await connecting({}, { connector, mode: 'active' });
    const error = await at.connection.failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(String(error)).toMatch(/no localAddress: set activeAddress/);
    await at.server.event('control-closed');
    expect(at.server.commands).toEqual([]);
  });

  it('works with activeAddress', async () => {
    const connector = hiding();
    const files = { '/a': 'hello' };
    await using at = await connected({ files }, { connector, mode: 'active', activeAddress: '127.0.0.1' });
    expect(await fetch(at, '/a')).toBe('hello');
    expect(at.commands[1]).toMatch(/^EPRT \|1\|127\.0\.0\.1\|\d+\|$/);
  });

  it('tells of a connection that is lost at once as of any other', async () => {
    const connector: Connector = async (endpoint, signal) => (await connectSocket(endpoint, signal)).destroy();
    await using at = await connecting({}, { connector, mode: 'active' });
    expect(await at.connection.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
  });

  it('does not matter in passive mode', async () => {
    const connector = hiding();
    await using at = await connected({}, { connector });
    expect(await observe(at.ftp.pwd$()).settled).toEqual(['/']);
  });
});
