/**
 * Makes the SOCKS handshake with the library `socks`, over an open connection.
 *
 * The library reads beyond the proxy's last answer, and emits those bytes as an event. They may hold the server's greeting. So a stream of
 * its own feeds it byte by byte, and later bytes stay unread in the connection.
 */
import { Duplex, type DuplexOptions } from 'node:stream';
import type { SocksClient, SocksClientOptions } from 'socks';
import { FtpUsageError } from '../errors.js';
import type { Destination } from '../net/route.js';
import { closedEarly, type ProxyFault } from './proxy-fault.js';
import type { ProxyServer } from './proxy-server.js';
import { socksFault } from './socks-faults.js';

type SocksModule = typeof import('socks');

/** Loads the library, which is an optional peer; throws FtpUsageError if it is not installed. */
export async function loadSocks(load: () => Promise<SocksModule> = () => import('socks')): Promise<SocksModule> {
  try {
    return await load();
  } catch (error) {
    throw new FtpUsageError('A SOCKS proxy needs the package socks, which is not installed: npm install socks', {
      cause: error,
    });
  }
}

/** Asks the proxy at the other end of `stream` for a connection to `destination`; rejects with a ProxyFault. */
export function socksHandshake(
  { SocksClient }: SocksModule,
  proxy: ProxyServer,
  { host, port }: Destination,
  stream: Duplex,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const forLibrary = streamOver(stream);
    const client = untimed(SocksClient, { command: 'connect', proxy: proxyOf(proxy), destination: { host, port } });
    let isOver = false;
    const finish = (): void => {
      isOver = true;
      client.removeAllListeners().on('error', ignoreLateError);
      stream.off('readable', feed).off('error', onLost).off('close', onLost);
    };
    const fail = (fault: ProxyFault): void => {
      finish();
      reject(fault);
    };
    const feed = (): void => {
      while (!isOver) {
        const byte: Buffer | null = stream.read(1);
        if (byte === null) return;
        forLibrary.emit('data', byte);
      }
    };
    const onLost = (): void => fail(closedEarly());
    client.once('error', ({ message }: Error) => fail(socksFault(message)));
    client.once('established', () => {
      finish();
      resolve(stream);
    });
    stream.on('readable', feed).on('error', onLost).on('close', onLost);
    client.connect(forLibrary);
  });
}

function proxyOf({ scheme, host, port, user, password }: ProxyServer): SocksClientOptions['proxy'] {
  return { host, port, type: scheme.startsWith('socks4') ? 4 : 5, userId: user, password };
}

/** The stream that the library takes for its socket. Its output goes to `stream`, and it reads the bytes that are emitted as data. */
function streamOver(stream: Duplex): Duplex {
  const write: DuplexOptions['write'] = (chunk, _encoding, done) => stream.write(chunk, done);
  return new Duplex({ read: () => {}, write }).on('error', ignoreLateError);
}

/** The function that the library calls when its own time limit has passed. */
const ON_TIMEOUT = 'onEstablishedTimeout';

/**
 * A client without a time limit: the caller's stands. The library never clears its timer, which would keep the memory of each
 * handshake for 30 s. So it is made short and does nothing, in versions of the library that call it by this name.
 */
function untimed(Client: SocksModule['SocksClient'], options: SocksClientOptions): SocksClient {
  if (!(ON_TIMEOUT in Client.prototype)) return new Client(options);
  return Object.assign(new Client({ ...options, timeout: 1 }), { [ON_TIMEOUT]: () => {} });
}

/** The handshake is over, or the stream has told of its error itself. */
function ignoreLateError(): void {}
