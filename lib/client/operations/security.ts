/** Runs AUTH, PBSZ, PROT, CCC (RFC 2228, RFC 4217) and REIN, which change the protection of a session. */

import type { Observable } from 'rxjs';
import { relearnFeatures } from '../../control/identify.js';
import { authenticateTls } from '../../control/login.js';
import { accepted } from '../../control/request.js';
import { clearControl, notClearable, PBSZ } from '../../control/secure.js';
import type { Session } from '../../control/session.js';
import { chooseHost } from '../../control/virtual-host.js';
import { FtpConnectionError, type FtpError, FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import type { Command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import { checked, type OperationContext, operation$, repeatable, task$ } from './operation.js';

const TOO_LATE = "Most servers take AUTH only before the login: use the option secure: 'explicit' instead of auth$.";

/** AUTH TLS and the handshake, on a session that is still in clear text; its features are asked for anew. */
export function auth$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    requireOwnSession(context, 'AUTH', 'the option secure');
    return async (session, emit, signal) => {
      if (session.tls !== undefined) {
        throw new FtpUsageError('This session is secured already.', { command: 'AUTH TLS' });
      }
      try {
        const reply = await authenticateTls(session, signal, TOO_LATE);
        await relearnFeatures(session);
        emit(reply);
      } catch (error) {
        session.channel.close(signal.aborted ? leftInHandshake() : (error as FtpError));
        throw error;
      }
    };
  });
}

/** The session cannot go on: a handshake that has begun has to end. */
function leftInHandshake(): FtpConnectionError {
  return new FtpConnectionError('auth$ was cancelled before its TLS handshake was over; the connection was closed.', {
    channel: 'control',
    phase: 'abort',
    command: 'AUTH TLS',
    transient: false,
  });
}

/** PBSZ; with TLS the only size is 0. */
export function pbsz$(context: OperationContext, size: number): Observable<Reply> {
  return task$(context, () => {
    requireCount('The buffer size', size);
    const line = checked(context, 'PBSZ', String(size));
    return {
      kind: 'exclusive',
      ...repeatable(line),
      work: async (session, emit) => emit(accepted(await session.request(line), line.masked)),
    };
  });
}

/** PBSZ 0 and PROT, as ftplib's prot_p and prot_c. */
export function prot$(context: OperationContext, level: 'P' | 'C'): Observable<Reply> {
  return task$(context, () => {
    if (level !== 'P' && level !== 'C') throw new FtpUsageError("The protection level must be 'P' or 'C'.");
    const line = checked(context, 'PROT', level);
    if (context.shared) requireTls(context.settings.secure !== false, line);
    return {
      kind: 'exclusive',
      ...repeatable(line),
      changes: () => true,
      async work(session, emit, signal) {
        requireTls(session.tls !== undefined, line);
        await setBufferSize(session);
        if (signal.aborted) return;
        emit(await session.performForUser(line));
      },
    };
  });
}

/** PBSZ 0 is asked for by RFC 4217 section 8; a server without it decides by PROT alone. */
async function setBufferSize(session: Session): Promise<void> {
  if (session.learned.lacks('PBSZ')) return;
  const { reply, outcome } = await session.request(PBSZ);
  if (outcome === 'refusal') session.fallBack('PBSZ', 'PROT alone', reply);
}

/** CCC: clears the control connection again. */
export function ccc$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    requireOwnSession(context, 'CCC', 'connect$');
    if (!context.settings.allowCcc) throw notClearable();
    return async (session, emit) => emit(await clearControl(session));
  });
}

/** REIN. Under TLS it would also end the protection (RFC 4217 section 11), which only a new session may do. */
export function rein$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    requireOwnSession(context, 'REIN', 'connect$');
    const line = checked(context, 'REIN');
    return async (session, emit) => {
      if (session.tls !== undefined) throw protectionLost(line);
      const reply = await session.performForUser(line);
      await chooseHost(session);
      emit(reply);
    };
  });
}

/** A client's other sessions, and later ones, would not follow. */
function requireOwnSession({ shared }: OperationContext, verb: string, instead: string): void {
  if (shared) {
    throw new FtpUsageError(`${verb} is for a single session, not for a client: use ${instead}.`, { command: verb });
  }
}

// The sessions of a client are all as its options say, so it is refused before one is opened. Earlier work in the lane may secure a session
// of `connect$`, so the check comes when its turn has come.

function requireTls(secured: boolean, { masked }: Command): void {
  if (!secured) throw new FtpUsageError('PROT needs a secured control connection.', { command: masked });
}

function protectionLost({ masked }: Command): FtpUsageError {
  return new FtpUsageError('REIN would end the protection of this session: open a new one.', { command: masked });
}
