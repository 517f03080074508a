/** `localPort`: from which port control connections come, and what happens where that is in use. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Connector, connectSocket, FtpConnectionError } from '../../lib/index.js';
import { clientOfTwoSessions } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { connected, connecting } from './support/connected.js';

/** A port where somebody listens, below the highest ones. */
async function takenPort(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server: Server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port, [Symbol.asyncDispose]: close };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  await using taken = await takenPort();
  return taken.port;
}

/** The default way of connecting, and the local ports of the sockets that it made. */
function watched() {
  const ports: (number | undefined)[] = [];
  const asked: (number | undefined)[] = [];
  const connector: Connector = async (endpoint, signal) => {
    asked.push(endpoint.localPort);
    const socket = await connectSocket(endpoint, signal);
    if (endpoint.channel === 'control') ports.push(socket.localPort);
    return { stream: socket, direct: true };
  };
  return { ports, asked, connector };
}

describe('localPort', () => {
  it('is the port of the control connection, and none of the data connections', async () => {
    const localPort = await freePort();
    const { connector, ports, asked } = watched();
    await using at = await connected({ files: { '/a': 'x' } }, { localPort, connector });
    await observe(at.ftp.retr$('/a')).settled;
    expect(ports).toEqual([localPort]);
    expect(asked).toEqual([localPort, undefined]);
  });

  it('gives way to the next one where somebody listens on it', async () => {
    await using taken = await takenPort();
    const { connector, ports } = watched();
    await using _at = await connected({}, { localPort: taken.port, connector });
    expect(ports[0]).toBeGreaterThan(taken.port);
    expect(ports[0]).toBeLessThanOrEqual(taken.port + 100);
  });

  it('gives way to the next one for the second session of a client', async () => {
    const localPort = await freePort();
    const { connector, ports } = watched();
    await using server = await scriptedServer();
    await using _ftp = await clientOfTwoSessions(server, { localPort, connector });
    expect(new Set(ports).size).toBe(2);
    for (const port of ports) expect(port).toBeGreaterThanOrEqual(localPort);
  });

  it('is an error that names the option when all of them are in use', async () => {
    const tried: (number | undefined)[] = [];
    const connector: Connector = async ({ localPort }) => {
      tried.push(localPort);
      throw Object.assign(new Error('bind EADDRINUSE'), { code: 'EADDRINUSE', syscall: 'bind' });
    };
    await using at = await connecting({}, { localPort: 65_500, connector });
    const error = await at.connection.failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect((error as FtpConnectionError).message).toContain('localPort');
    expect([tried[0], tried.at(-1), tried.length]).toEqual([65_500, 65_535, 36]);
  });

  it('is named too when other sessions to the same server hold them all', async () => {
    const tried: (number | undefined)[] = [];
    const connector: Connector = async ({ localPort }) => {
      tried.push(localPort);
      throw Object.assign(new Error('connect EADDRNOTAVAIL'), { code: 'EADDRNOTAVAIL', syscall: 'connect' });
    };
    await using at = await connecting({}, { localPort: 65_535, connector });
    expect(await at.connection.failed).toMatchObject({ message: expect.stringContaining('the option localPort') });
    await using none = await connecting({}, { connector });
    expect(await none.connection.failed).toMatchObject({ message: expect.not.stringContaining('localPort') });
    expect(tried).toEqual([65_535, undefined]);
  });

  it('is named by Node itself, when another session holds the last one', async () => {
    await using at = await connected({}, { localPort: 65_535 });
    await using second = await connecting({}, { host: at.server.host, port: at.server.port, localPort: 65_535 });
    expect(await second.connection.failed).toMatchObject({ message: expect.stringContaining('the option localPort') });
  });

  it('is not tried on for any other error', async () => {
    const tried: (number | undefined)[] = [];
    const connector: Connector = async ({ localPort }) => {
      tried.push(localPort);
      throw Object.assign(new Error('bind EADDRNOTAVAIL'), { code: 'EADDRNOTAVAIL', syscall: 'bind' });
    };
    await using at = await connecting({}, { localPort: 2121, connector });
    expect(await at.connection.failed).toMatchObject({ message: expect.stringContaining('localAddress') });
    expect(tried).toEqual([2121]);
  });
});
