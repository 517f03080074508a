/**
 * The servers that the library is held against, the real ones and ftp-srv alike, and the options to reach one with.
 *
 * Specs take the server's options as a parameter: what holds in clear text is held over TLS by the same code.
 */
import { describe } from 'vitest';
import type { FtpOptions } from '../../../lib/client/options.js';
import { describeServers } from '../real-servers/describe-servers.js';
import { abilities, serverNames } from '../real-servers/installed.js';
import type { RealServer, ServerName, ServerOptions } from '../real-servers/real-server.js';
import { startServer } from '../real-servers/start-server.js';
import { startFtpSrv } from './ftp-srv.js';

export type InteropName = ServerName | 'ftp-srv';

export interface InteropServer extends Omit<RealServer, 'name' | 'pid' | 'restart'> {
  readonly name: InteropName;
  /** How the control connection is secured. */
  readonly secure: false | 'explicit' | 'implicit';
}

export const interopNames: readonly InteropName[] = [...serverNames, 'ftp-srv'];

/** The servers that can be started with `options`. */
export function namesFor({ tls = false }: ServerOptions): readonly InteropName[] {
  return interopNames.filter((name) => {
    if (name === 'ftp-srv' || tls === false) return true;
    return tls === 'explicit' ? abilities[name].explicitTls : abilities[name].implicitTls;
  });
}

export async function startInterop(name: InteropName, options: ServerOptions = {}): Promise<InteropServer> {
  if (name === 'ftp-srv') return startFtpSrv(options);
  return { ...(await startServer(name, options)), name, secure: options.tls ?? false };
}

/** The way to `server`: its address and account, and trust in its authority. */
export function optionsFor(server: InteropServer, more: Partial<FtpOptions> = {}): FtpOptions {
  const { host, port, user, password, secure, ca, client } = server;
  const tls = { ...(ca === undefined ? {} : { ca }), ...client };
  return { host, port, user, password, ...(secure === false ? {} : { secure, tls }), ...more };
}

/** `body` runs once for each name, inside a `describe` of that name; a server that is missing fails the run. */
export function describeInterop(names: readonly InteropName[], body: (name: InteropName) => void): void {
  for (const name of names) {
    if (name === 'ftp-srv') describe(name, () => body(name));
    else describeServers([name], body);
  }
}
