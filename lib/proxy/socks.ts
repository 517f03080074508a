/** Makes connections through a SOCKS proxy (RFC 1928, RFC 1929, SOCKS4, SOCKS4a). */
import { FtpConnectionError, FtpUsageError } from '../errors.js';
import { addressesOf, isIP } from '../net/address.js';
import type { Connection } from '../net/connection.js';
import type { Connector, ConnectorEndpoint } from '../net/connector.js';
import { type Destination, withRoute } from '../net/route.js';
import { ProxyFault } from './proxy-fault.js';
import { asciiHost, type ProxySchemes, type ProxyServer, parseProxyUrl } from './proxy-server.js';
import { loadSocks, socksHandshake } from './socks-handshake.js';
import { openTunnel } from './tunnel.js';

/** The schemes of SOCKS proxies, and the port of each. */
export const SOCKS_SCHEMES: ProxySchemes = /* @__PURE__ */ Object.freeze({
  socks5h: 1080,
  socks5: 1080,
  socks: 1080,
  socks4a: 1080,
  socks4: 1080,
});

/** These leave names to this machine's resolver; the others leave them to the proxy. */
const RESOLVED_HERE: readonly string[] = /* @__PURE__ */ Object.freeze(['socks5', 'socks4']);

type Lookup = typeof addressesOf;

/** The most bytes of a name, a user and a password (RFC 1928 section 5, RFC 1929 section 2). */
const MOST_BYTES = 255;

/**
 * Makes a connector through a SOCKS proxy, for control and data connections alike. TLS is laid over them as without a proxy. It needs the
 * package `socks`: `npm install socks`.
 *
 * The URL is `scheme://user:password@host:port`, with user and password percent-encoded and both optional. The port is 1080 by default.
 * With `socks5h:` (or `socks:`) and `socks4a:` the proxy resolves host names, also for data connections. With `socks5:` and `socks4:` this
 * machine resolves them, in the `family` of the options, and tries each address. SOCKS4 has no password and no IPv6.
 *
 * If the proxy does not open a connection, the client throws an `FtpConnectionError` of the phase `connect`. It names the proxy without its
 * credentials and the proxy's reason, and its `transient` tells whether another try may succeed. `connectTimeoutMs` counts for all steps
 * together. Active mode is an `FtpUsageError` when the client is made.
 *
 * Throws `FtpUsageError` for an invalid URL, and does not show it. The first connection throws it too if the package `socks` is not
 * installed.
 *
 * @example
 * ```ts
 * const client = new FtpClient({ host: 'ftp.example.com', connector: socks('socks5h://me:secret@proxy.example.com:1080') });
 * ```
 */
export function socks(url: string | URL): Connector {
  return socksThrough(parseProxyUrl(url, SOCKS_SCHEMES, "The SOCKS proxy's URL"));
}

/** A connector through `proxy`, whose credentials are checked. `lookup` resolves the names that the proxy does not. */
export function socksThrough(proxy: ProxyServer, lookup: Lookup = addressesOf): Connector {
  requireSocksCredentials(proxy);
  const connector: Connector = async (endpoint, signal) => {
    const library = await loadSocks();
    const connect = async (host: string): Promise<Connection> => {
      const destination = destinationOf(proxy, { host, port: endpoint.port });
      const to = { ...endpoint, host };
      const stream = await openTunnel(proxy, to, signal, (tunnel) =>
        socksHandshake(library, proxy, destination, tunnel),
      );
      return { stream, peer: host };
    };
    if (!RESOLVED_HERE.includes(proxy.scheme)) return connect(endpoint.host);
    return firstOf(await resolved(endpoint, lookup, signal), connect);
  };
  return withRoute(connector, () => ({ connector, proxy: proxy.name }));
}

/** Tries the addresses of one server until one connects; rejects with the error of the last one. */
async function firstOf(hosts: readonly string[], connect: (host: string) => Promise<Connection>): Promise<Connection> {
  const [host = '', ...others] = hosts;
  try {
    return await connect(host);
  } catch (error) {
    if (others.length === 0 || !isOfAddress(error)) throw error;
    return firstOf(others, connect);
  }
}

/** Whether the fault may be that of one address. */
function isOfAddress(error: unknown): boolean {
  return error instanceof FtpConnectionError && error.cause instanceof ProxyFault && error.cause.ofAddress;
}

/** Resolves with the addresses of the host, or rejects with the reason of `signal`: a lookup cannot be cancelled. */
function resolved(
  { host, family }: ConnectorEndpoint,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    const finish = (): void => signal.removeEventListener('abort', onAbort);
    lookup(host, family).then(resolve, reject).finally(finish);
  });
}

/** The request to the proxy; throws FtpUsageError for a host that SOCKS cannot name. */
function destinationOf({ scheme }: ProxyServer, { host, port }: Destination): Destination {
  const name = asciiHost(host);
  if (Buffer.byteLength(name) > MOST_BYTES)
    throw new FtpUsageError('A SOCKS proxy takes no host of more than 255 bytes.');
  if (isIP(name) === 6 && scheme.startsWith('socks4')) {
    throw new FtpUsageError('SOCKS4 knows no IPv6 addresses: use a SOCKS5 proxy (socks5h:), or family: 4.');
  }
  return { host: name, port };
}

function requireSocksCredentials({ scheme, user, password }: ProxyServer): void {
  if (scheme.startsWith('socks4') && password !== '') {
    throw new FtpUsageError('SOCKS4 has a user and no password: use a SOCKS5 proxy (socks5h:) for the password.');
  }
  if ([user, password].some((text) => Buffer.byteLength(text) > MOST_BYTES)) {
    throw new FtpUsageError("A SOCKS proxy's user and password have at most 255 bytes each.");
  }
}
