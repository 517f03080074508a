/**
 * Starts TLS on the control connection, and sets the protection level of the data connections (RFC 4217).
 *
 * It never goes back to clear text: a refusal is an FtpSecurityError, and the caller closes the connection.
 */
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { FtpSecurityError, FtpUsageError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { ClearableSocket } from '../net/clearable-socket.js';
import { DeadlinePassed, withDeadline } from '../net/deadline.js';
import { LateFarewell } from '../net/late-farewell.js';
import { handshakeError, secured, startTls } from '../net/tls.js';
import { TlsLink } from '../net/tls-link.js';
import { type Command, command } from '../protocol/command.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { connectTimeout } from './connect-errors.js';
import { accepted, type FinalReply } from './request.js';
import type { Session } from './session.js';

/** For a server that greets in clear text, or does not answer the ClientHello. */
const NOT_IMPLICIT =
  "Does the port speak TLS from the first byte (usually 990)? On any other set secure: 'explicit', or secure: false if the server has no TLS and clear text is acceptable.";

/** The TLS handshake on the control connection. */
export async function secureControl(session: Session, signal: Cancellation): Promise<void> {
  const { host, tls, connectTimeoutMs, allowCcc, secure } = session.settings;
  const advice = secure === 'implicit' ? NOT_IMPLICIT : undefined;
  const identity = { host, options: tls };
  await session.channel.replaceSocket(async (raw) => {
    try {
      const clearable = allowCcc ? new ClearableSocket(raw) : undefined;
      const handshake = (limited: Cancellation): Promise<TLSSocket> =>
        secured(startTls(clearable ?? raw, identity), identity, limited);
      const socket = await withDeadline(connectTimeoutMs, signal, handshake, (late) => late.destroy());
      session.learn({ type: 'secured', tls: new TlsLink(socket, identity, clearable) });
      return socket;
    } catch (error) {
      if (error instanceof DeadlinePassed)
        throw connectTimeout('The TLS handshake', host, connectTimeoutMs, advice, 'unknown');
      throw handshakeError(error, 'control', host, advice);
    }
  });
  session.tell({ type: 'secured' });
}

/** How long the server gets to say goodbye to TLS; not all do, and some do later. */
const FAREWELL_MS = 150;

/** CCC (RFC 4217 section 12.3): the control connection goes on in clear text, data connections stay as they are. */
export async function clearControl(session: Session): Promise<Reply> {
  const clearable = session.tls?.clearable;
  if (clearable === undefined) throw notClearable();
  const line = command('CCC');
  const reply = accepted(await session.request(line, { changesSocket: true }), line.masked);
  await session.channel.replaceSocket(async (tls) => {
    clearable.spare();
    const isOver = await endOf(tls);
    const raw = clearable.detach();
    return isOver ? raw : new LateFarewell(raw);
  });
  return reply;
}

/** The error for a CCC on a session that was not built for it. */
export function notClearable(): FtpUsageError {
  return new FtpUsageError(
    'CCC needs a TLS session that was opened with allowCcc: true; Node cannot take TLS off a socket otherwise.',
    { command: 'CCC' },
  );
}

/** Sends close_notify, and waits for the server's: whether that has come. */
function endOf(tls: Duplex): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(settle, FAREWELL_MS, false);
    const onEnd = (): void => settle(true);
    const onClose = (): void => settle(false);
    function settle(isOver: boolean): void {
      clearTimeout(timer);
      tls.off('end', onEnd).off('close', onClose);
      resolve(isOver);
    }
    tls.once('end', onEnd).once('close', onClose).resume().end();
  });
}

export const PBSZ: Command = /* @__PURE__ */ command('PBSZ', '0');

/** PBSZ 0 and PROT P, or PROT C if the settings ask for clear data connections; none without TLS. */
export function protectionCommands({ learned, settings }: Session): readonly Command[] {
  const { secure, dataProtection } = settings;
  if (secure === false) return [];
  const level = command('PROT', dataProtection === 'private' ? 'P' : 'C');
  return learned.lacks('PBSZ') ? [level] : [PBSZ, level];
}

/**
 * Throws when the server has refused PROT P. A refused PBSZ does not matter (RFC 4217 section 8 asks for it, not all servers
 * know it); nor does a refused PROT C, since data connections are clear without it.
 */
export function requireProtection(session: Session, finals: readonly (FinalReply | undefined)[]): void {
  if (finals.length === 0) return;
  const size = finals.length > 1 ? finals[0] : undefined;
  if (size?.outcome === 'refusal') session.fallBack('PBSZ', 'PROT alone', size.reply);
  const level = finals.at(-1);
  if (level?.outcome === 'completion' || session.settings.dataProtection === 'clear') return;
  const said = level === undefined ? 'its replies do not show whether it was done' : formatReply(level.reply);
  throw new FtpSecurityError(
    `The server did not grant PROT P: ${said}; no data connection will be opened without the protection asked for.`,
    { command: 'PROT P', reply: level?.reply },
  );
}
