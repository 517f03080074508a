/** Where data connections go when the user's connector has made the control connection, also through a relay or proxy. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { FtpTimeoutError, FtpUsageError } from '../../lib/errors.js';
import type { Connection } from '../../lib/net/connection.js';
import { type Connector, type ConnectorEndpoint, connectSocket } from '../../lib/net/connector.js';
import { connected, connecting } from '../control/support/connected.js';
import { fetch } from './support/fetch.js';

const files = { '/a': 'hello' };

/** Listens on an address of its own, and hands all on to a port of the server's. */
class Relay implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(to: { readonly port: number }) {
    this.#server = createServer((client) => {
      const server = connect({ host: '127.0.0.1', port: to.port });
      for (const socket of [client, server]) this.#sockets.add(socket.on('error', () => undefined));
      client.pipe(server).pipe(client);
    });
  }

  static async to(endpoint: { readonly port: number }): Promise<Relay> {
    const relay = new Relay(endpoint);
    relay.#server.listen(0, '127.0.0.2');
    await once(relay.#server, 'listening');
    return relay;
  }

  get endpoint(): { readonly host: string; readonly port: number } {
    const { address: host, port } = this.#server.address() as AddressInfo;
    return { host, port };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** What is not Node's own socket, and has no address. */
function wrapped(socket: Socket): Duplex {
  return Duplex.from({ readable: socket, writable: socket });
}

/** A connector that relays the control connection, and what it was asked to connect to. */
function relayed(give: (socket: Socket) => Duplex | Connection) {
  const asked: ConnectorEndpoint[] = [];
  const relays: Relay[] = [];
  const connector: Connector = async (endpoint, signal) => {
    asked.push(endpoint);
    if (endpoint.channel === 'data') return connectSocket(endpoint, signal);
    const relay = await Relay.to(endpoint);
    relays.push(relay);
    return give(await connectSocket({ ...endpoint, ...relay.endpoint }, signal));
  };
  const dispose = async (): Promise<void> => {
    for (const relay of relays) await relay[Symbol.asyncDispose]();
  };
  return { asked, connector, [Symbol.asyncDispose]: dispose };
}

describe('a connector whose socket leads to a relay', () => {
  it.each<[string, (socket: Socket) => Duplex | Connection, string]>([
    ['a socket', (socket) => socket, '127.0.0.1'],
    ['a socket as stream', (stream) => ({ stream }), '127.0.0.1'],
    ['a duplex of its own', wrapped, '127.0.0.1'],
    ['a socket and the peer', (stream) => ({ stream, peer: '127.0.0.1' }), '127.0.0.1'],
    ['a socket and the peer by its name', (stream) => ({ stream, peer: 'localhost' }), 'localhost'],
    ['a socket and the peer as IPv6 writes IPv4', (stream) => ({ stream, peer: '::ffff:127.0.0.1' }), '127.0.0.1'],
    ['a duplex and the peer', (socket) => ({ stream: wrapped(socket), peer: '127.0.0.1' }), '127.0.0.1'],
  ])('gives %s: the data comes from the server, not from the relay', async (_what, give, host) => {
    await using relay = relayed(give);
    await using at = await connected({ files }, { connector: relay.connector, family: 4 });
    expect(await fetch(at, '/a')).toBe('hello');
    expect(relay.asked.map(({ channel, host: to }) => `${channel} ${to}`)).toEqual([
      'control 127.0.0.1',
      `data ${host}`,
    ]);
  });

  it('goes by PASV where the peer has no address of its own', async () => {
    await using relay = relayed((socket) => socket);
    await using at = await connected({ files }, { connector: relay.connector, mode: 'pasv' });
    expect(await fetch(at, '/a')).toBe('hello');
    expect(at.commands).toContain('PASV');
  });

  it('may name a peer that the server is not at: the data goes there all the same', async () => {
    await using relay = relayed((stream) => ({ stream, peer: '127.0.0.3' }));
    await using at = await connected({ files }, { connector: relay.connector });
    await expect(fetch(at, '/a')).rejects.toMatchObject({ channel: 'data', phase: 'connect' });
    expect(relay.asked.at(-1)?.host).toBe('127.0.0.3');
  });
});

describe('a connector whose socket leads to the server itself', () => {
  it('says so: the data goes to the address that it is connected to', async () => {
    const asked: string[] = [];
    const connector: Connector = async (endpoint, signal) => {
      asked.push(endpoint.host);
      return { stream: await connectSocket(endpoint, signal), direct: true };
    };
    await using at = await connected({ files }, { connector, host: 'localhost', family: 4 });
    expect(await fetch(at, '/a')).toBe('hello');
    expect(asked).toEqual(['localhost', '127.0.0.1']);
  });

  it('lets the server connect in active mode, also where only its name is known', async () => {
    const connector: Connector = (endpoint, signal) => connectSocket(endpoint, signal);
    await using at = await connected({ files }, { connector, host: 'localhost', family: 4, mode: 'active' });
    expect(await fetch(at, '/a')).toBe('hello');
  });
});

describe('a relay, in active mode', () => {
  it.each(['127.0.0.1', 'localhost'])('lets the server at the option host connect: %s', async (host) => {
    await using relay = relayed((socket) => socket);
    await using at = await connected({ files }, { connector: relay.connector, host, family: 4, mode: 'active' });
    expect(await fetch(at, '/a')).toBe('hello');
  });

  it('lets a peer that has a name connect from its address', async () => {
    await using relay = relayed((stream) => ({ stream, peer: 'localhost' }));
    await using at = await connected({ files }, { connector: relay.connector, family: 4, mode: 'active' });
    expect(await fetch(at, '/a')).toBe('hello');
  });

  it('says what to do about a name that is not resolved, and the session goes on', async () => {
    await using relay = relayed((stream) => ({ stream, peer: 'no such name' }));
    await using at = await connected({ files }, { connector: relay.connector, family: 4, mode: 'active' });
    const refused = { channel: 'data', phase: 'connect', message: expect.stringContaining("activePeer: 'any'") };
    await expect(fetch(at, '/a')).rejects.toMatchObject(refused);
    expect(at.commands.join()).not.toMatch(/EPRT|PORT|RETR/);
    expect(at.status).toBe('idle');
  });
});

/** Connects a channel when `finish` is called, whatever its signal says. */
function deaf(channel: ConnectorEndpoint['channel']) {
  const sockets: Socket[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const connector: Connector = async (endpoint) => {
    if (endpoint.channel === channel) await finished;
    const socket = await connectSocket(endpoint);
    if (endpoint.channel === channel) sockets.push(socket);
    return socket;
  };
  return { sockets, connector, finish };
}

describe('a connector that does not heed its signal', () => {
  it('is not waited for: the login errors in time, and the late connection is destroyed', async () => {
    const late = deaf('control');
    await using at = await connecting({}, { connector: late.connector, connectTimeoutMs: 100 });
    expect(await at.connection.failed).toBeInstanceOf(FtpTimeoutError);
    late.finish();
    await vi.waitFor(() => expect(late.sockets[0]?.destroyed).toBe(true));
  });

  it('is not waited for by a transfer either, and the session goes on', async () => {
    const late = deaf('data');
    await using at = await connected({ files }, { connector: late.connector, connectTimeoutMs: 100 });
    await expect(fetch(at, '/a')).rejects.toBeInstanceOf(FtpTimeoutError);
    late.finish();
    await vi.waitFor(() => expect(late.sockets.map(({ destroyed }) => destroyed)).toContain(true));
    expect(await fetch(at, '/a')).toBe('hello');
  });
});

describe('a connector that gives what is no connection', () => {
  it.each([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a stream by another name', (stream: Duplex) => ({ socket: stream })],
    ['text', () => 'socket'],
    ['a peer that is no text', (stream: Duplex) => ({ stream, peer: 5 })],
    ['a peer without a name', (stream: Duplex) => ({ stream, peer: '' })],
    ['a peer with a line of its own', (stream: Duplex) => ({ stream, peer: '127.0.0.1\r\nDELE a' })],
    ['a direct that is no boolean', (stream: Duplex) => ({ stream, direct: 'yes' })],
    ['a part that there is none of', (stream: Duplex) => ({ stream, proxy: '127.0.0.2' })],
  ])('%s is an FtpUsageError that says what is expected', async (_what, give) => {
    const sockets: Socket[] = [];
    const connector = async (endpoint: ConnectorEndpoint, signal: AbortSignal): Promise<unknown> => {
      const socket = await connectSocket(endpoint, signal);
      sockets.push(socket);
      return give(socket);
    };
    await using at = await connecting({}, { connector: connector as Connector });
    const error = await at.connection.failed;
    for (const socket of sockets) socket.destroy();
    expect(error).toBeInstanceOf(FtpUsageError);
    expect((error as FtpUsageError).message).toMatch(/duplex stream|peer|true or false/);
  });

  it.each([{ peer: 5 }, { peer: 'a\nb' }, { direct: 1 }, { proxy: 'x' }])('destroys its stream: %o', async (parts) => {
    let stream: Socket | undefined;
    const connector = async (endpoint: ConnectorEndpoint, signal: AbortSignal): Promise<Connection> => {
      stream = await connectSocket(endpoint, signal);
      return { stream, ...parts } as unknown as Connection;
    };
    await using at = await connecting({}, { connector });
    expect(await at.connection.failed).toBeInstanceOf(FtpUsageError);
    expect(stream?.destroyed).toBe(true);
  });
});
