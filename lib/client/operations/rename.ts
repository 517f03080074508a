/** RNFR and RNTO (RFC 959 section 4.1.3). A rename that is left between the two is taken back at once. */
import type { Observable } from 'rxjs';
import { accepted, type FinalReply } from '../../control/request.js';
import { FtpError, withOutcome } from '../../errors.js';
import type { Reply } from '../../protocol/reply.js';
import { checked, type OperationContext, repeatable, task$ } from './operation.js';

/** RNFR and RNTO under one lease; nothing may come between them. */
export function rename$(context: OperationContext, from: string, to: string): Observable<Reply> {
  return task$(context, () => {
    const first = checked(context, 'RNFR', from);
    const second = checked(context, 'RNTO', to);
    return {
      kind: 'exclusive',
      ...repeatable(first),
      async work(session, emit, signal) {
        session.channel.requireSendable(first, second);
        const renaming = await asked(session.request(first, { inSequence: true }));
        accepted(renaming, first.masked);
        if (signal.aborted) await session.rename.takeBack();
        else emit(accepted(await session.request(second, { doubtful: renaming.odd === true }), second.masked));
      },
    };
  });
}

/** RNFR changes nothing at the server, whatever becomes of it. */
async function asked(renaming: Promise<FinalReply>): Promise<FinalReply> {
  try {
    return await renaming;
  } catch (error) {
    throw error instanceof FtpError && error.outcome === 'unknown' ? withOutcome(error, 'none') : error;
  }
}
