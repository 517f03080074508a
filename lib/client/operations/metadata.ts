/** What is known of a file, and changing it: SIZE, MDTM, MFMT (RFC 3659, draft-somers-ftp-mfxx), ALLO and SITE CHMOD. */

import type { Observable } from 'rxjs';
import { accepted, type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpReplyError, FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import type { Command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import { parseSize } from '../../protocol/size.js';
import { formatTimestamp, parseTimestamp } from '../../protocol/timestamp.js';
import { checked, command$, type OperationContext, plainCommand$, shareOf, task$ } from './operation.js';

/** SIZE in TYPE I: in TYPE A servers refuse it (ProFTPD, pyftpdlib) or count line ends (inetutils). */
export function size$(context: OperationContext, path: string): Observable<number> {
  return task$(context, () => {
    const line = checked(context, 'SIZE', path);
    return {
      kind: shareOf(context, line),
      async work(session, emit) {
        session.channel.requireSendable(line);
        const isTyped = session.server.type === 'I';
        const sized = await (isTyped ? session.request(line) : typedRequest(session, line));
        emit(parseSize(accepted(sized, line.masked).text));
      },
    };
  });
}

/** TYPE I, and then `line`: in one write where the server takes that; the lease lasts until both are answered. */
async function typedRequest(session: Session, line: Command): Promise<FinalReply> {
  const typed = session.ensureType('I');
  if (session.conduct.window.commands === 1) await typed;
  const [type, final] = await Promise.allSettled([typed, session.request(line)]);
  if (type.status === 'rejected') throw type.reason;
  if (final.status === 'rejected') throw final.reason;
  return final.value;
}

export function mdtm$(context: OperationContext, path: string): Observable<Date> {
  return plainCommand$(
    context,
    () => checked(context, 'MDTM', path),
    (reply) => parseTimestamp(reply.text.trim()),
  );
}

/** MDTM with a time is answered as MFMT is: it names no time. */
const AS_MFMT = { judgedAs: 'MFMT' } as const;

/** MFMT; on a server without it, MDTM with a time: at once where it is known to take that (vsftpd). */
export function mfmt$(context: OperationContext, path: string, date: Date): Observable<Reply> {
  return task$(context, () => {
    const time = formatTimestamp(date);
    const modify = checked(context, 'MFMT', time, path);
    const older = checked(context, 'MDTM', time, path);
    return {
      kind: shareOf(context, modify),
      async work(session, emit, signal) {
        const set = session.conduct.setsTimeByMdtm === true ? undefined : await session.request(modify);
        if (set === undefined) return emit(accepted(await session.request(older, AS_MFMT), older.masked));
        const { reply, outcome } = set;
        if (outcome !== 'refusal') return emit(reply);
        if (reply.code !== 500 && reply.code !== 502) throw refused(modify.masked, reply);
        if (signal.aborted) return;
        const tried = await session.request(older, AS_MFMT);
        if (tried.outcome === 'refusal')
          throw neither(refused(modify.masked, reply), refused(older.masked, tried.reply));
        emit(tried.reply);
      },
    };
  });
}

/** A server that cannot set times takes the one in MDTM for the beginning of the name: what it says of that alone misleads. */
function neither(modify: FtpReplyError, older: FtpReplyError): FtpReplyError {
  const { command, reply } = modify;
  return new FtpReplyError(`${modify.message}; ${older.message}`, { command, reply, cause: older });
}

/** ALLO (RFC 959 section 4.1.3): how many bytes will be stored, and how long a record may be. */
export function allo$(context: OperationContext, bytes: number, recordBytes: number | undefined): Observable<Reply> {
  return command$(
    context,
    () => {
      requireCount('The size', bytes);
      if (recordBytes === undefined) return checked(context, 'ALLO', String(bytes));
      requireCount('The record size', recordBytes);
      return checked(context, 'ALLO', String(bytes), 'R', String(recordBytes));
    },
    (reply) => reply,
  );
}

/** SITE CHMOD with an octal mode. */
export function chmod$(context: OperationContext, path: string, mode: number | string): Observable<Reply> {
  return plainCommand$(
    context,
    () => checked(context, 'SITE', 'CHMOD', octal(mode), path),
    (reply) => reply,
  );
}

function octal(mode: number | string): string {
  const text = typeof mode === 'number' ? mode.toString(8) : mode;
  if (!/^[0-7]{1,4}$/.test(text))
    throw new FtpUsageError(`The mode must be octal, such as 0o644 or '644', not ${mode}.`);
  return text;
}
