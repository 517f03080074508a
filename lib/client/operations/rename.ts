/**
 * RNFR and RNTO (RFC 959 section 4.1.3). After RNFR ProFTPD answers 501 to any command but RNTO, for as long as the session
 * lasts. So a rename that is left between the two is taken back before the next command.
 */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../../control/control-session.js';
import { accepted } from '../../control/request.js';
import { FtpConnectionError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import { checked, type OperationContext, operation$ } from './operation.js';

/** RNFR and RNTO under one lease; nothing may come between them. */
export function rename$(context: OperationContext, from: string, to: string): Observable<Reply> {
  return operation$(context, 'exclusive', () => {
    const first = checked(context, 'RNFR', from);
    const second = checked(context, 'RNTO', to);
    return async (session, emit, signal) => {
      session.channel.requireSendable(first, second);
      const renaming = await session.request(first, { inSequence: true });
      accepted(renaming, first.masked);
      const doubtful = renaming.odd === true;
      if (signal.aborted) await takeBack(session, command('RNTO', from), doubtful);
      else emit(accepted(await session.request(second, { doubtful }), second.masked));
    };
  });
}

/**
 * Ends a rename without RNTO. `back` renames the file to what it is called already. A server that its greeting does not name
 * is asked NOOP first: only one that refuses that waits for RNTO, and another might delete what the name stands for.
 */
async function takeBack(session: ControlSession, back: Command, doubtful: boolean): Promise<void> {
  const { keepsRename } = session.conduct;
  if (keepsRename !== true && doubtful) session.channel.fenceBeforeNext();
  if (keepsRename === false || (keepsRename === undefined && doubtful)) return;
  if (keepsRename === undefined && !(await isWaiting(session))) return;
  try {
    accepted(await session.request(back, { doubtful }), back.masked);
  } catch (cause) {
    // Nobody knows what the server would answer to the next command.
    session.channel.close(
      new FtpConnectionError('RNFR was cancelled and could not be taken back; the connection was given up.', {
        channel: 'control',
        phase: 'abort',
        command: back.masked,
        cause,
      }),
    );
  }
}

async function isWaiting(session: ControlSession): Promise<boolean> {
  const { outcome, reply } = await session.request(command('NOOP'));
  return outcome === 'refusal' && (reply.code === 501 || reply.code === 503);
}
