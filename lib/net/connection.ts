/** A connection that a user's connector gives: a duplex, and where it leads. Its value is checked, since it may be anything. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FtpUsageError } from '../errors.js';
import { printable } from '../protocol/printable.js';
import { plainAddress } from './address.js';

/** A connection, and where it leads. */
export interface Connection {
  /** Connected: the bytes that are written to it get to the endpoint. */
  readonly stream: Duplex;
  /**
   * Of a control connection: the host that passive data connections go to, and that may connect in active mode. Never the
   * address of a proxy. Default: the option `host`, or the address that `stream` is connected to where that is `direct`.
   */
  readonly peer?: string | undefined;
  /** `stream` is a plain `net.Socket` that is connected to the server itself. Default `false`. */
  readonly direct?: boolean | undefined;
}

/** Checks the value that a user's connector has given. */
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

/** Throws FtpUsageError for a part that there is none of, or that is not what it may be. */
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

/** Where a control connection leads, as far as its connector tells. */
export function peerOf({ stream, peer, direct }: Connection): string | undefined {
  const address = peer ?? (direct === true ? (stream as Partial<Socket>).remoteAddress : undefined);
  return address === undefined ? undefined : plainAddress(address);
}

/** Destroys a stream that was given up. It may still report an error, which is ignored. */
export function destroyUnheard(stream: Duplex): void {
  stream.on('error', () => {}).destroy();
}
