/** Gives specs of single modules a proxy as a value, and an endpoint to ask it for. */
import type { ConnectorEndpoint } from '../../../lib/net/connector.js';
import type { ProxyServer } from '../../../lib/proxy/proxy-server.js';

export const endpoint: ConnectorEndpoint = { host: 'ftp.example.invalid', port: 2121, channel: 'control', family: 0 };

/** A proxy by its host and port, as a URL names it. */
export function proxyAt(name: string, more: Partial<ProxyServer> = {}): ProxyServer {
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(name) ?? [];
  return { scheme: 'socks5h', host, port: Number(port), user: '', password: '', name, ...more };
}

/** The reason of a promise that must reject. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const settled = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (settled instanceof Error) return settled;
  throw new Error('it has not rejected with an error');
}
