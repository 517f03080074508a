/** Prepares the data connection of a copy between two servers: one listens, and the other gets its address. */
import { firstValueFrom } from 'rxjs';
import type { CommandSequence } from '../client/command-sequence.js';
import { FtpSecurityError, FtpUnsupportedError, FtpUsageError } from '../errors.js';
import { isIP, isIPv6, plainAddress } from '../net/address.js';
import { type Endpoint, formatEprt, formatPort, parsePasv } from '../protocol/endpoint.js';
import { readPassivePort } from '../protocol/exchange.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import type { FxpOptions } from './fxp-options.js';
import { notBetweenServers } from './fxp-refusals.js';

/** One of the two servers, with the command that it gets. */
export interface Party {
  /** The name of the server in errors. */
  readonly role: 'source' | 'target';
  readonly commands: CommandSequence;
  /** RETR or STOR, with its path. */
  readonly line: string;
}

/** Throws unless the data connections of both are protected alike. */
export function requireSameProtection(one: Party, other: Party): void {
  const [a, b] = [one.commands.protection, other.commands.protection];
  if (a === b) return;
  throw new FtpSecurityError(
    `The data connections of the ${one.role} are at level ${a}, those of the ${other.role} at level ${b}: set dataProtection alike for both clients.`,
    { outcome: 'none' },
  );
}

/**
 * Under TLS one of two servers has to begin the handshake, as clients do. SSCN tells it so, and is taken back at the end. Throws
 * FtpUnsupportedError if neither has it.
 */
export async function agreeOnTls(listening: Party, connecting: Party): Promise<void> {
  if (listening.commands.protection === 'C') return;
  const able = [listening, connecting].filter(({ commands }) => commands.features.has('SSCN'));
  // In TLS 1.3 the other end sends tickets. A source that closes without reading them, as ProFTPD does, resets the connection.
  const client = able.find(({ role }) => role === 'target') ?? able[0];
  if (client === undefined) {
    throw new FtpUnsupportedError(
      "Neither server has SSCN: no data connection under TLS can be made between them. With dataProtection: 'clear' for both clients the file goes in clear.",
      { command: 'SSCN', outcome: 'none' },
    );
  }
  client.commands.atEnd('SSCN OFF');
  await accepted(client, 'SSCN ON');
}

/** TYPE I and MODE S: both servers have to send and read the same bytes. */
export async function prepare(party: Party): Promise<void> {
  await accepted(party, 'TYPE I');
  if (party.commands.mode !== 'S') await accepted(party, 'MODE S');
}

/** A port that a server listens at. */
export interface ListeningPort {
  readonly at: Endpoint;
  /** Makes the server listen elsewhere: it then closes this port, and a connection that it has not accepted is reset. */
  abandon(): Promise<void>;
  /** The port is used: it needs not be abandoned any more. */
  used(): void;
}

/** Makes a server listen. Its port is abandoned at the end of the sequence, unless it was used. */
export async function listen(party: Party, options: FxpOptions): Promise<ListeningPort> {
  const { commands, line } = party;
  if (commands.features.has('PRET')) await accepted(party, `PRET ${line}`);
  const asked = isIPv6(commands.peer) ? 'EPSV' : 'PASV';
  const reply = await sent(party, asked);
  const isUnknown = asked === 'PASV' && [500, 502].includes(reply.code);
  const verb = isUnknown ? 'EPSV' : asked;
  const answer = isUnknown ? await sent(party, verb) : reply;
  if (answer.class !== 2) throw notBetweenServers(party, verb, answer);
  const at = endpointOf(party, answer, options);
  const used = commands.atEnd(verb);
  const abandon = async (): Promise<void> => {
    used();
    await sent(party, verb);
  };
  return { at, abandon, used };
}

/** The address that the other server connects to. The reply's own host counts only if the user trusts it. */
function endpointOf({ commands, role }: Party, reply: Reply, options: FxpOptions): Endpoint {
  const { listenAddress, trustPasvHost = commands.trustPasvHost } = options;
  const port = readPassivePort(reply);
  if (listenAddress !== undefined) return { host: listenAddress, port };
  if (trustPasvHost && reply.code === 227) return parsePasv(reply.text);
  const host = plainAddress(commands.peer);
  if (isIP(host) !== 0) return { host, port };
  throw new FtpUsageError(
    `The address of the ${role} is not known here (${host}): give it as listenAddress, or let the connector name it as peer.`,
  );
}

/** Tells a server where to connect. */
export async function connectTo(party: Party, at: Endpoint): Promise<void> {
  const line = isIPv6(at.host) ? `EPRT ${formatEprt(at)}` : `PORT ${formatPort(at)}`;
  const reply = await sent(party, line);
  if (reply.class !== 2) throw notBetweenServers(party, line, reply);
}

async function accepted(party: Party, line: string): Promise<void> {
  const reply = await sent(party, line);
  if (reply.class === 2) return;
  throw new FtpUnsupportedError(`The ${party.role} refused ${line}: ${formatReply(reply)}`, {
    command: line,
    reply,
    outcome: 'refused',
  });
}

function sent({ commands }: Party, line: string): Promise<Reply> {
  return firstValueFrom(commands.send$(line));
}
