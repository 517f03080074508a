/**
 * Makes active mode's half of a data connection: it listens, and accepts exactly one connection, from the right peer only.
 *
 * It drops a stranger that connects first, and waits on for the server (threat: data theft).
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { plainAddress } from './address.js';

export interface ListenOptions {
  /** The local address to listen on. */
  readonly host: string;
  /** First and last port that may be used; any free port when undefined. */
  readonly ports?: readonly [number, number] | undefined;
  /** The only addresses that may connect; undefined for any. */
  readonly peers: readonly string[] | undefined;
}

/** A listening socket that waits for one connection. */
export interface Listener {
  readonly port: number;
  /** The one accepted connection, paused. Rejects when the listener is closed before. */
  readonly accepted: Promise<Socket>;
  /** Stops listening; the accepted connection, if any, is not touched. */
  close(): void;
}

/** Starts to listen. Rejects with Node's own error, such as EADDRINUSE when every port of the range is taken. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = createServer({ pauseOnConnect: true });
  const [first, last] = options.ports ?? [0, 0];
  for (let port = first; ; port += 1) {
    try {
      await bind(server, options.host, port);
      return waitForPeer(server, options.peers);
    } catch (error) {
      if (port >= last || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve();
    };
    server.once('error', onError).once('listening', onListening).listen({ host, port, exclusive: true });
  });
}

function waitForPeer(server: Server, peers: readonly string[] | undefined): Listener {
  const expected = peers?.map(plainAddress);
  let refuse: (error: Error) => void = () => {};
  const accepted = new Promise<Socket>((resolve, reject) => {
    refuse = reject;
    server.on('connection', (socket) => {
      if (expected?.includes(plainAddress(socket.remoteAddress ?? '')) === false) {
        socket.destroy();
        return;
      }
      server.close();
      resolve(socket);
    });
    server.on('error', reject);
  });
  // The code that closes the listener early does not wait for a connection any more.
  accepted.catch(() => {});
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    close: () => {
      server.close();
      refuse(new Error('The listener was closed before the server connected.'));
    },
  };
}
