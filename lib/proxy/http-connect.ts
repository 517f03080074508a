/** Makes connections through an HTTP proxy, by CONNECT. */
import { FtpUsageError } from '../errors.js';
import { nodeHttp } from '../net/builtins.js';
import type { Connector } from '../net/connector.js';
import { withRoute } from '../net/route.js';
import { connectHandshake } from './connect-handshake.js';
import { asciiHost, authorityOf, type ProxySchemes, type ProxyServer, parseProxyUrl } from './proxy-server.js';
import { openTunnel } from './tunnel.js';

/** The schemes of HTTP proxies, and the port of each. */
export const HTTP_SCHEMES: ProxySchemes = /* @__PURE__ */ Object.freeze({ http: 80, https: 443 });

/**
 * Makes a connector through an HTTP proxy, by CONNECT (RFC 9110 section 9.3.6), for control and data connections alike. TLS with the FTP
 * server is laid over them as without a proxy.
 *
 * The URL is `http://user:password@host:port`, with user and password percent-encoded and both optional. The client sends them by the Basic
 * scheme (RFC 7617). The port is 80 by default. With `https:` (port 443) the connection to the proxy is under TLS. Node's known authorities
 * check the proxy's certificate, those of NODE_EXTRA_CA_CERTS included. The proxy resolves host names. It must allow CONNECT to the
 * server's data ports too; many allow 443 alone.
 *
 * If the proxy does not open a connection, the client throws an `FtpConnectionError` of the phase `connect`. It names the proxy without its
 * credentials and the proxy's answer, and its `transient` tells whether another try may succeed. The head of the answer may have 16 KiB.
 * `connectTimeoutMs` counts for all steps together. Active mode is an `FtpUsageError` when the client is made.
 *
 * Throws `FtpUsageError` for an invalid URL or header, and shows neither.
 *
 * @param headers more header fields of the request, such as a `Proxy-Authorization` of another scheme, which replaces Basic.
 * @example
 * ```ts
 * const client = new FtpClient({ host: 'ftp.example.com', connector: httpConnect('http://me:secret@proxy.example.com:3128') });
 * ```
 */
export function httpConnect(url: string | URL, headers: Readonly<Record<string, string>> = {}): Connector {
  return connectThrough(parseProxyUrl(url, HTTP_SCHEMES, "The HTTP proxy's URL"), headers);
}

/** A connector through `proxy`; it checks the credentials and the headers. */
export function connectThrough(proxy: ProxyServer, given: Readonly<Record<string, string>> = {}): Connector {
  requireHeaders(given);
  const { user, password } = proxy;
  const basic = basicCredentials(proxy);
  const headers = Object.freeze({ ...(basic === '' ? {} : { 'Proxy-Authorization': `Basic ${basic}` }), ...given });
  const secrets = [basic, user, password, ...Object.values(given)].filter((text) => text !== '');
  const connector: Connector = async (endpoint, signal) => {
    const authority = authorityOf({ host: asciiHost(endpoint.host), port: endpoint.port });
    const request = { authority, headers, secrets };
    const stream = await openTunnel(proxy, endpoint, signal, (tunnel) => connectHandshake(request, tunnel));
    return { stream, peer: endpoint.host };
  };
  return withRoute(connector, () => ({ connector, proxy: proxy.name }));
}

function basicCredentials({ user, password }: ProxyServer): string {
  if (user === '' && password === '') return '';
  if (user.includes(':')) throw new FtpUsageError("An HTTP proxy's user has no colon: Basic would read another user.");
  return Buffer.from(`${user}:${password}`).toString('base64');
}

function requireHeaders(headers: Readonly<Record<string, string>>): void {
  const { validateHeaderName, validateHeaderValue } = nodeHttp();
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      throw new FtpUsageError('A header for the HTTP proxy has a name or a value that HTTP does not allow.', {
        cause: error,
      });
    }
  }
}
