/** Finds the proxy that the environment names. */
import { type Connector, connectSocket } from '../net/connector.js';
import { type Route, routeOf, withRoute } from '../net/route.js';
import { connectThrough, HTTP_SCHEMES } from './http-connect.js';
import { isExcepted } from './no-proxy.js';
import { parseProxyUrl } from './proxy-server.js';
import { SOCKS_SCHEMES, socksThrough } from './socks.js';

/** Variables, as in `process.env`. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes a connector for the proxy that the environment names, read once, at this call. Each client uses it or connects to its server
 * directly. Its options `host` and `port` decide, for its data connections too. Without a proxy it is `connectSocket`.
 *
 * - `all_proxy`, or else `ALL_PROXY`, is the proxy's URL, as for `socks` and `httpConnect`. Without a scheme it is an HTTP proxy. An empty
 *   one counts as none. It does not read `ftp_proxy` and `http_proxy`: these name proxies that fetch files over HTTP.
 * - `no_proxy`, or else `NO_PROXY`, lists the servers without proxy, separated by commas or blanks. An item is a name with all names below
 *   it (`example.com`, also written `.example.com` or `*.example.com`), an address, a range such as `10.0.0.0/8`, each also with a port
 *   (`example.com:2121`, `[::1]:21`), or `*` for all. It does not resolve a name for that.
 *
 * Throws `FtpUsageError`, which names the variable and does not show its value, for an invalid URL.
 *
 * @param environment default: `process.env`.
 * @example
 * ```ts
 * const client = new FtpClient({ host: 'ftp.example.com', connector: proxyFromEnvironment() });
 * ```
 */
export function proxyFromEnvironment(environment: Environment = process.env): Connector {
  const named = variable(environment, 'all_proxy', 'ALL_PROXY');
  if (named === undefined) return connectSocket;
  const through = connectorFor(named.value, named.name);
  const exceptions = variable(environment, 'no_proxy', 'NO_PROXY')?.value ?? '';
  const choose = (destination: { readonly host: string; readonly port: number }): Route =>
    isExcepted(exceptions, destination) ? { connector: connectSocket } : routeOf(through, destination);
  return withRoute((endpoint, signal) => choose(endpoint).connector(endpoint, signal), choose);
}

/** The first of two spellings that is set; an empty one does not count. */
function variable(
  environment: Environment,
  ...names: readonly [string, string]
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}

function connectorFor(value: string, name: string): Connector {
  const url = value.includes('://') ? value : `http://${value}`;
  const proxy = parseProxyUrl(url, { ...SOCKS_SCHEMES, ...HTTP_SCHEMES }, `The variable ${name}`);
  return proxy.scheme.startsWith('socks') ? socksThrough(proxy) : connectThrough(proxy);
}
