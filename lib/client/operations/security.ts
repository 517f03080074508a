/** AUTH, PBSZ, PROT, CCC (RFC 2228, RFC 4217) and REIN: what changes how a session is protected. */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../../control/control-session.js';
import { relearnFeatures } from '../../control/identify.js';
import { authenticateTls } from '../../control/login.js';
import { accepted } from '../../control/request.js';
import { clearControl } from '../../control/secure.js';
import { type FtpError, FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import type { Reply } from '../../protocol/reply.js';
import { checked, type OperationContext, operation$ } from './operation.js';

const TOO_LATE = "Most servers take AUTH only before the login: use the option secure: 'explicit' instead of auth$.";

/** AUTH TLS and the handshake, on a session that is still in clear text; its features are asked for anew. */
export function auth$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => async (session, emit, signal) => {
    requireOwnSession(session, 'AUTH', 'the option secure');
    if (session.tls !== undefined) throw new FtpUsageError('This session is secured already.', { command: 'AUTH TLS' });
    try {
      const reply = await authenticateTls(session, signal, TOO_LATE);
      await relearnFeatures(session);
      emit(reply);
    } catch (error) {
      session.channel.close(error as FtpError);
      throw error;
    }
  });
}

/** PBSZ; with TLS the only size is 0. */
export function pbsz$(context: OperationContext, size: number): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    requireCount('The buffer size', size);
    const line = checked(context, 'PBSZ', String(size));
    return async (session, emit) => emit(accepted(await session.request(line), line.masked));
  });
}

/** PBSZ 0 and PROT, as ftplib's prot_p and prot_c. */
export function prot$(context: OperationContext, level: 'P' | 'C'): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    const line = checked(context, 'PROT', level);
    return async (session, emit) => {
      if (session.tls === undefined)
        throw new FtpUsageError('PROT needs a secured control connection.', { command: line.masked });
      await session.perform('PBSZ', '0');
      emit(await session.performForUser(line));
    };
  });
}

/** CCC: clears the control connection again. */
export function ccc$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => async (session, emit) => {
    requireOwnSession(session, 'CCC', 'connect$');
    emit(await clearControl(session));
  });
}

/** REIN; under TLS it would also take the protection back (RFC 4217 section 11), which only a new session may do. */
export function rein$(context: OperationContext): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    const line = checked(context, 'REIN');
    return async (session, emit) => {
      if (session.tls !== undefined) {
        throw new FtpUsageError('REIN would end the protection of this session: open a new one.', { command: 'REIN' });
      }
      emit(await session.performForUser(line));
    };
  });
}

/** A client's other sessions, and those after a reconnect, would not follow. */
function requireOwnSession(session: ControlSession, verb: string, instead: string): void {
  if (session.wanted.shared) {
    throw new FtpUsageError(`${verb} is for a single session, not for a client: use ${instead}.`, { command: verb });
  }
}
