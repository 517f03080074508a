/**
 * Holds a connection that a user's connector gives: a duplex, and its destination. It checks the value, since a connector may return
 * anything.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FtpUsageError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import { plainAddress } from './address.js';

/** A connection, and its destination. */
export interface Connection {
  /** A connected stream: bytes written to it reach the endpoint. */
  readonly stream: Duplex;
  /**
   * Of a control connection: the host for passive data connections, which may also connect in active mode. Never the address of a proxy.
   * Default: the option `host`, or the remote address of `stream` if that is `direct`.
   */
  readonly peer?: string | undefined;
  /** Whether `stream` is a plain `net.Socket` that is connected to the server itself. Default `false`. */
  readonly direct?: boolean | undefined;
}

/** Checks the value that a user's connector has returned. */
export function asConnection(given: Duplex | Connection): Connection {
  if (isStream(given)) return { stream: given };
  if (typeof given !== 'object' || given === null || !isStream(given.stream)) {
    throw new FtpUsageError('The connector must resolve with a duplex stream, or with { stream, peer?, direct? }.');
  }
  try {
    requireParts(given);
  } catch (error) {
    destroyUnheard(given.stream);
    throw error;
  }
  const { stream, peer, direct } = given;
  return { stream, peer, direct };
}

const PARTS: Readonly<Record<keyof Connection, true>> = { stream: true, peer: true, direct: true };

/** Throws FtpUsageError for an unknown member, or one with a bad value. */
function requireParts(given: Connection): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    throw new FtpUsageError(
      `The connection that the connector gives has no part ${printable(unknown)}. Its parts are: stream, peer, direct.`,
    );
  }
  const { peer, direct } = given as { readonly peer?: unknown; readonly direct?: unknown };
  if (peer !== undefined && !isHost(peer)) {
    throw new FtpUsageError('The peer that the connector names must be a host name or an IP address.');
  }
  if (direct !== undefined && typeof direct !== 'boolean') {
    throw new FtpUsageError('The part direct of the connection that the connector gives must be true or false.');
  }
}

function isHost(value: unknown): boolean {
  return (
    typeof value === 'string' && value !== '' && !['\r', '\n', '\0'].some((character) => value.includes(character))
  );
}

function isStream(value: unknown): value is Duplex {
  const { write, on } = (value ?? {}) as Partial<Duplex>;
  return typeof write === 'function' && typeof on === 'function';
}

/** The destination of a control connection, as far as its connector tells. */
export function peerOf({ stream, peer, direct }: Connection): string | undefined {
  const address = peer ?? (direct === true ? (stream as Partial<Socket>).remoteAddress : undefined);
  return address === undefined ? undefined : plainAddress(address);
}

/** Destroys an abandoned stream. It may still report an error, which the client ignores. */
export function destroyUnheard(stream: Duplex): void {
  stream.on('error', () => {}).destroy();
}
