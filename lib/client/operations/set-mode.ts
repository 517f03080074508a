/** Sets permissions: by MFF of the fact UNIX.mode (draft-somers-ftp-mfxx), else by SITE CHMOD. */
import type { Observable } from 'rxjs';
import { accepted, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpUsageError } from '../../errors.js';
import { printable } from '../../protocol/printable.js';
import type { Reply } from '../../protocol/reply.js';
import { isNotImplemented } from './listing-refusals.js';
import { checked, type OperationContext, shareOf, task$ } from './operation.js';

/** MFF goes first if FEAT names it. ProFTPD cuts SITE CHMOD into words, and so loses one of two blanks in a name. */
export function chmod$(context: OperationContext, path: string, mode: number | string): Observable<Reply> {
  return task$(context, () => {
    const bits = octal(mode);
    // pyftpdlib takes three digits or four.
    const site = checked(context, 'SITE', 'CHMOD', bits.padStart(3, '0'), path);
    const fact = checked(context, 'MFF', `UNIX.mode=${bits.padStart(4, '0')};`, path);
    return {
      kind: shareOf(context, fact),
      name: site.masked,
      async work(session, emit, signal) {
        if (setsMode(session)) {
          const { reply, outcome } = await session.request(fact);
          if (outcome === 'refusal' && !isNotImplemented(reply)) throw refused(fact.masked, reply);
          // The reply names the facts that were set.
          if (outcome !== 'refusal' && /\bunix\.mode=/i.test(reply.text)) return emit(reply);
          session.fallBack('MFF UNIX.mode', 'SITE CHMOD', reply);
          if (signal.aborted) return;
        }
        emit(accepted(await session.request(site), site.masked));
      },
    };
  });
}

function setsMode({ features, learned }: Session): boolean {
  return !learned.lacks('MFF UNIX.mode') && /(^|;)unix\.mode(;|$)/i.test(features.parameters('MFF') ?? '');
}

function octal(mode: number | string): string {
  const text = typeof mode === 'number' ? mode.toString(8) : mode;
  if (!/^[0-7]{1,4}$/.test(text))
    throw new FtpUsageError(`The mode must be octal, such as 0o644 or '644', not ${printable(String(mode), 40)}.`);
  return text;
}
