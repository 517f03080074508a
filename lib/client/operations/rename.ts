/** RNFR and RNTO (RFC 959 section 4.1.3). A rename that is left between the two is taken back at once. */
import type { Observable } from 'rxjs';
import { accepted } from '../../control/request.js';
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
      if (signal.aborted) await session.rename.takeBack();
      else emit(accepted(await session.request(second, { doubtful: renaming.odd === true }), second.masked));
    };
  });
}
