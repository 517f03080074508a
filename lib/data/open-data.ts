/**
 * Opens the data connection of a transfer before its command is sent. In passive mode it connects first, so that no server can block in
 * accept. In active mode it listens.
 *
 * It tries EPSV before PASV and EPRT before PORT; the session remembers a refusal. It does not trust the host in a PASV reply. Data goes to
 * the control connection's peer, unless the settings say otherwise.
 */

import type { Socket } from 'node:net';
import { asksByEpsv, loseEarlyPort, takeEarlyPort } from '../control/early-port.js';
import { pretFor, sendPret } from '../control/pret.js';
import { accepted, type FinalReply } from '../control/request.js';
import type { Session } from '../control/session.js';
import { FtpConnectionError, FtpProtocolError, FtpSecurityError, FtpTimeoutError } from '../errors.js';
import { addressesOf, isIP, isIPv6, plainAddress } from '../net/address.js';
import type { Cancellation } from '../net/cancellation.js';
import { withDeadline } from '../net/deadline.js';
import { type Listener, listen } from '../net/listener.js';
import type { TlsLink } from '../net/tls-link.js';
import { type Command, command } from '../protocol/command.js';
import { type Endpoint, formatEprt, formatPort, parsePasv } from '../protocol/endpoint.js';
import { bringsValue, readPassivePort } from '../protocol/exchange.js';
import { printable } from '../protocol/printable.js';
import type { Reply } from '../protocol/reply.js';
import { connectData } from './connect-data.js';
import type { DataConnection } from './data-connection.js';

/**
 * Opens `data` for `transfer`, in the mode of the session's settings. If the server needs PRET, it goes before the request for a passive
 * port; its refusal ends the transfer.
 */
export function openData(
  session: Session,
  data: DataConnection,
  signal: Cancellation,
  transfer: Command,
): Promise<void> {
  if (session.settings.mode === 'active') return offerPort(session, data, signal);
  if (session.earlyPort !== undefined) return connectEarly(session, data, signal, transfer);
  return connectPassive(session, data, signal, transfer);
}

/**
 * The protection of the session's data connections. It is undefined if they are clear: at level C, if the settings ask for C.
 */
export function protectionOf(session: Session): TlsLink | undefined {
  const { tls, server } = session;
  const level = protectionAskedFor(session);
  if (server.protection !== level) {
    throw unprotected(`are at protection level ${printable(server.protection)} where ${printable(level)} is asked for`);
  }
  if (level === 'C') return undefined;
  if (level !== 'P') throw unprotected(`are at protection level ${printable(level)}, which is neither P nor C`);
  if (tls === undefined) throw unprotected('cannot be at protection level P, since this session has no TLS');
  return tls;
}

/** The level that the user has set by PROT, or else by the options. A session that the user has secured by AUTH begins at C. */
function protectionAskedFor({ settings, user }: Session): string {
  const { secure, dataProtection } = settings;
  return user.applied.protection ?? (secure !== false && dataProtection === 'private' ? 'P' : 'C');
}

function unprotected(why: string): FtpSecurityError {
  return new FtpSecurityError(`Data connections ${why}; nothing was transferred.`, { outcome: 'none' });
}

async function connectPassive(
  session: Session,
  data: DataConnection,
  signal: Cancellation,
  transfer: Command,
): Promise<void> {
  const pret = pretFor(session, transfer);
  const pretIsOdd = pret !== undefined && (await sendPret(session, pret));
  if (signal.aborted) return;
  const extended = asksByEpsv(session);
  const target = await askPort(session, data, pret);
  if (pretIsOdd) data.portIsDoubtful = true;
  if (signal.aborted) return;
  try {
    await connectData(session, data, target, signal);
  } catch (error) {
    // A middlebox may rewrite PASV replies but not know EPSV: one try the other way, and it is remembered.
    if (!extended || !asksByEpsv(session) || !mayAskByPasv(session) || signal.aborted) throw error;
    session.fallBack('EPSV', 'PASV');
    await connectPassive(session, data, signal, transfer);
  }
}

/** Connects to the early port of this transfer. If the port does not answer, the client asks for another one, as always. */
function connectEarly(session: Session, data: DataConnection, signal: Cancellation, transfer: Command): Promise<void> {
  const asked = takeEarlyPort(session);
  if (asked === undefined) return connectLate(session, data, signal, transfer);
  return asked.then((final) => connectAsAsked(session, data, final, signal, transfer));
}

async function connectAsAsked(
  session: Session,
  data: DataConnection,
  asked: FinalReply,
  signal: Cancellation,
  transfer: Command,
): Promise<void> {
  if (signal.aborted) return undefined;
  if (asked.outcome !== 'completion') return connectLate(session, data, signal, transfer);
  try {
    return await connectToEarly(session, data, asked.reply, signal);
  } catch (error) {
    giveUpEarlyPort(session, data, signal, error);
    return connectLate(session, data, signal, transfer);
  }
}

function connectToEarly(session: Session, data: DataConnection, reply: Reply, signal: Cancellation): Promise<void> {
  const target = { host: peerOf(session), port: readPassivePort(reply) };
  data.toEarlyPort = true;
  return connectData(session, data, target, signal);
}

/** Throws the error if no other port can be asked for. */
function giveUpEarlyPort(session: Session, data: DataConnection, signal: Cancellation, error: unknown): void {
  data.toEarlyPort = false;
  if (signal.aborted) throw error;
  loseEarlyPort(session);
  if (session.channel.cause !== undefined) throw error;
}

/** A port may be asked for behind a login before FEAT is answered, which decides about PRET. */
async function connectLate(
  session: Session,
  data: DataConnection,
  signal: Cancellation,
  transfer: Command,
): Promise<void> {
  const { settled } = session;
  if (settled !== undefined) await settled;
  if (!signal.aborted) await connectPassive(session, data, signal, transfer);
}

async function askPort(session: Session, data: DataConnection, pret?: Command): Promise<Endpoint> {
  const host = peerOf(session);
  if (asksByEpsv(session)) {
    const final = await requestEpsv(session);
    if (final !== undefined && final.outcome !== 'refusal') {
      data.portIsDoubtful = final.odd === true;
      return { host, port: readPassivePort(final.reply) };
    }
    if (final !== undefined && !mayAskByPasv(session)) accepted(final, EPSV.masked);
    session.fallBack('EPSV', 'PASV', final?.reply);
    // An odd reply was decided by a fence, and PRET counts for the very next command.
    const wasFenced = final === undefined || final.reply.class < 4;
    if (wasFenced && pret !== undefined) await sendPret(session, pret);
  }
  const final = await session.request(PASV, WITH_PASV_PORT);
  data.portIsDoubtful = final.odd === true;
  const passive = parsePasv(accepted(final, PASV.masked).text);
  return session.settings.trustPasvHost ? passive : { host, port: passive.port };
}

const EPSV: Command = /* @__PURE__ */ command('EPSV');
const PASV: Command = /* @__PURE__ */ command('PASV');
/** An odd reply that names a port lets the transfer go on. */
const WITH_EPSV_PORT = { inSequence: (reply: Reply) => bringsValue('EPSV', reply) } as const;
const WITH_PASV_PORT = { inSequence: (reply: Reply) => bringsValue('PASV', reply) } as const;

/**
 * The answer to EPSV; undefined when the replies do not show what it was, and PASV can be asked instead.
 *
 * Some servers and middleboxes leave EPSV without any answer. The connection is lost then, but nothing was begun. The client starts the
 * transfer once more, on a new session, by PASV. It uses EPSV if the server answered it before, and the connection alone was dead.
 */
async function requestEpsv(session: Session): Promise<FinalReply | undefined> {
  try {
    return await session.request(EPSV, WITH_EPSV_PORT);
  } catch (error) {
    if (!mayAskByPasv(session)) throw error;
    if (error instanceof FtpProtocolError && session.channel.cause === undefined) return undefined;
    if (!(error instanceof FtpTimeoutError)) throw error;
    session.fallBackFromSilence('EPSV', 'PASV');
    const { message, command: name, phase, afterMs } = error;
    throw new FtpTimeoutError(message, { command: name, phase, afterMs, outcome: 'none', cause: error });
  }
}

async function offerPort(session: Session, data: DataConnection, signal: Cancellation): Promise<void> {
  const { localAddress = '' } = session.channel.transport as Partial<Socket>;
  const peers = await activePeersOf(session, signal);
  if (signal.aborted) return;
  const listener = await openListener(session, plainAddress(localAddress), peers);
  data.awaitPeer(listener);
  const host = session.settings.activeAddress ?? plainAddress(localAddress);
  await announce(session, data, { host, port: listener.port });
}

async function openListener(session: Session, host: string, peers: readonly string[] | undefined): Promise<Listener> {
  try {
    return await listen({ host, ports: session.settings.activePorts, peers });
  } catch (error) {
    throw new FtpConnectionError(
      `Cannot listen on ${host} for the data connection: ${(error as Error).message}. Check activePorts.`,
      { channel: 'data', phase: 'connect', outcome: 'none', cause: error },
    );
  }
}

async function announce(session: Session, data: DataConnection, here: Endpoint): Promise<void> {
  if (!session.learned.lacks('EPRT')) {
    const extended = command('EPRT', formatEprt(here));
    const final = await session.request(extended, { inSequence: true });
    data.portIsDoubtful = final.odd === true;
    if (final.outcome !== 'refusal') return;
    if (isIPv6(here.host)) accepted(final, extended.masked);
    session.fallBack('EPRT', 'PORT', final.reply);
  }
  const plain = command('PORT', formatPort(here));
  const final = await session.request(plain, { inSequence: true });
  data.portIsDoubtful = final.odd === true;
  accepted(final, plain.masked);
}

/** PASV names IPv4 addresses alone, and the user may want EPSV alone. */
function mayAskByPasv(session: Session): boolean {
  return session.settings.mode !== 'epsv' && !isIPv6(peerOf(session));
}

/** Where data connections go: the address that the connector names, else the host, which it has to find again. */
function peerOf({ peer, settings }: Session): string {
  return peer ?? settings.host;
}

/** The addresses that may connect in active mode; undefined for all. A host name stands for each of its addresses. */
async function activePeersOf(session: Session, signal: Cancellation): Promise<readonly string[] | undefined> {
  const { activePeer, family, connectTimeoutMs } = session.settings;
  if (activePeer === 'any') return undefined;
  const host = peerOf(session);
  if (isIP(host) !== 0) return [host];
  const found = withDeadline(connectTimeoutMs, signal, () => addressesOf(host, family), ignoreLateAddresses);
  return found.catch((error: unknown) => {
    throw new FtpConnectionError(
      `The host that may connect in active mode is unknown: ${host} was not resolved (${(error as Error).message}). Let the connector name the server's address as peer, or set activePeer: 'any'.`,
      { channel: 'data', phase: 'connect', outcome: 'none', cause: error },
    );
  });
}

function ignoreLateAddresses(): void {}
