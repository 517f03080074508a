/**
 * Asks for numbers about a file and its server: SIZE and MDTM (RFC 3659), AVBL (draft-peterson-streamlined-ftp-command-extensions), ALLO.
 */

import type { Observable } from 'rxjs';
import { accepted, type FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpUnsupportedError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import type { Command } from '../../protocol/command.js';
import { formatReply, isUnknownCommand, type Reply } from '../../protocol/reply.js';
import { parseSize, parseSpace } from '../../protocol/size.js';
import { parseTimestamp } from '../../protocol/timestamp.js';
import {
  checked,
  type OperationContext,
  plainCommand$,
  present,
  repeatable,
  shareOf,
  singleCommand$,
  task$,
} from './operation.js';

/** SIZE in TYPE I: in TYPE A servers refuse it (ProFTPD, pyftpdlib) or count line ends (inetutils). */
export function size$(context: OperationContext, path: string): Observable<number> {
  return task$(context, () => {
    const line = checked(context, 'SIZE', path);
    return {
      kind: shareOf(context, line),
      ...repeatable(line),
      async work(session, emit) {
        session.channel.requireSendable(line);
        const isTyped = session.server.type === 'I';
        const sized = await (isTyped ? session.request(line) : typedRequest(session, line));
        emit(parseSize(accepted(sized, line.masked).text));
      },
    };
  });
}

/** TYPE I, and then `line`: in one write if the server accepts that; the lease lasts until both are answered. */
async function typedRequest(session: Session, line: Command): Promise<FinalReply> {
  const typed = session.ensureType('I');
  if (session.profile.window.commands === 1) await typed;
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

/** ALLO (RFC 959 section 4.1.3): how many bytes will be stored, and how long a record may be. */
export function allo$(context: OperationContext, bytes: number, recordBytes: number | undefined): Observable<Reply> {
  return singleCommand$(
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

/** AVBL. FEAT may leave it out, so the server is asked; once, if it does not know the command. */
export function avbl$(context: OperationContext, path: string | undefined): Observable<number> {
  return task$(context, () => {
    const line = checked(context, 'AVBL', ...present(path === '' ? undefined : path));
    return {
      kind: shareOf(context, line),
      ...repeatable(line),
      async work(session, emit) {
        if (session.learned.lacks('AVBL')) throw withoutAvbl(line);
        const asked = await session.request(line);
        if (asked.outcome === 'refusal' && isUnknownCommand(asked.reply)) {
          session.fallBack('AVBL', 'no other command', asked.reply);
          throw withoutAvbl(line, asked.reply);
        }
        emit(parseSpace(accepted(asked, line.masked).text));
      },
    };
  });
}

function withoutAvbl({ masked }: Command, reply?: Reply): FtpUnsupportedError {
  const said = reply === undefined ? 'it said so before' : formatReply(reply);
  const details = reply === undefined ? {} : ({ reply, outcome: 'refused' } as const);
  return new FtpUnsupportedError(
    `The server does not know ${masked} (${said}), and no other command tells its space.`,
    {
      command: masked,
      ...details,
    },
  );
}
