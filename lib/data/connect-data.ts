/**
 * Connects a passive data connection, in one of two ways.
 *
 * Usually the connector makes a socket. TLS, if requested, is laid over it when the server has begun the transfer. Node then allocates
 * memory for each TLS record. So a protected download lets TLS make the connection. It then reads into existing memory, and saves the round
 * trip between the server's reply and the ClientHello. That needs a server that lets a ClientHello wait for the transfer command. It also
 * loses the reset, which downloads from such servers do not need. An upload needs it: without a reset, the server stores a partial file as
 * a whole one.
 */

import { connectFailure } from '../control/connect-errors.js';
import type { Session } from '../control/session.js';
import type { Cancellation } from '../net/cancellation.js';
import { connectStream, isDirect } from '../net/connector.js';
import { connectTls, isKnownAt } from '../net/tls.js';
import type { TlsLink } from '../net/tls-link.js';
import type { Endpoint } from '../protocol/endpoint.js';
import type { DataConnection } from './data-connection.js';

/** Gives `data` its socket, connected to `target`; rejects when there is none within `connectTimeoutMs`. */
export function connectData(
  session: Session,
  data: DataConnection,
  target: Endpoint,
  signal: Cancellation,
): Promise<void> {
  const { connectTimeoutMs: ms, connector, proxy, localAddress } = session.settings;
  const { host, port } = target;
  const link = data.protection?.link;
  const byTls = link !== undefined && mayConnectByTls(session, data, link, target);
  const onread = link === undefined || byTls ? data.onread : undefined;
  // Small files feel it: V8 takes ten microseconds for an object literal that begins with a spread.
  const endpoint = { host, port, channel: 'data', family: 0, localAddress, onread } as const;
  const deadline = { ms, timers: session.channel.timers };
  const failed = (error: unknown): never => {
    throw connectFailure(error, endpoint, { afterMs: ms, proxy });
  };
  if (!byTls) return connectStream(deadline, signal, connector, endpoint).then((raw) => data.attach(raw), failed);
  const socket = connectTls(endpoint, link.identity, link.takeSession(), signal, deadline);
  return socket.then((secured) => data.attachSecuring(secured), failed);
}

function mayConnectByTls(
  { profile, settings }: Session,
  data: DataConnection,
  link: TlsLink,
  { host }: Endpoint,
): boolean {
  return (
    profile.earlyHello === true &&
    data.onread !== undefined &&
    isDirect(settings.connector) &&
    isKnownAt(host, link.identity)
  );
}
