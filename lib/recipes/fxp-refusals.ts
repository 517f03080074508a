/** Makes the errors of a copy between two servers. They name the server that refuses, and the reason for such refusals. */
import { FtpError, FtpReplyError, FtpUnsupportedError, type ReplyEvidence, withRemark } from '../errors.js';
import { formatReply } from '../protocol/reply.js';

/** The server that an error is about. */
interface Side {
  readonly role: 'source' | 'target';
}

/** How a server says that it does no such transfer: 425 and 522 of the data connection, 50z of the command. */
const REFUSALS: ReadonlySet<number> = new Set([425, 500, 501, 502, 504, 522]);

const HINT =
  'Most servers refuse data connections with hosts other than their client. Their administrator can allow them: AllowForeignAddress (ProFTPD), port_promiscuous and pasv_promiscuous (vsftpd). Without that, pipe retr$ into stor$.';

/** The server refuses to listen for another host, or to connect to it. */
export function notBetweenServers({ role }: Side, line: string, reply: ReplyEvidence): FtpUnsupportedError {
  return new FtpUnsupportedError(`The ${role} refused ${line}: ${formatReply(reply)} ${HINT}`, {
    command: line,
    reply,
    outcome: 'refused',
  });
}

/** The error of a transfer command of one of the servers. */
export function transferRefusal(side: Side, error: unknown): unknown {
  if (!(error instanceof FtpReplyError) || !REFUSALS.has(error.reply.code)) return named(side, error);
  return notBetweenServers(side, error.command ?? 'the transfer', error.reply);
}

/** The data connection broke before the listening server had said that it has one. */
export function neverAccepted({ role }: Side, error: unknown): unknown {
  if (!(error instanceof FtpError)) return error;
  return withRemark(error, `The ${role} had not accepted the data connection. ${HINT}`);
}

function named({ role }: Side, error: unknown): unknown {
  return error instanceof FtpError ? withRemark(error, `(the ${role} of the copy)`) : error;
}

/** If a server's transfer broke off, the other server usually caused that. */
export function firstCause(failures: readonly unknown[]): unknown {
  const [first, second] = failures;
  if (second === undefined) return first;
  const [cause, consequence] = isConsequence(first) && !isConsequence(second) ? [second, first] : [first, second];
  if (!(cause instanceof FtpError) || !(consequence instanceof Error)) return cause;
  return withRemark(cause, `And: ${consequence.message}`);
}

function isConsequence(error: unknown): boolean {
  return (
    error instanceof FtpError && (error.reply === undefined || error.reply.code === 425 || error.reply.code === 426)
  );
}
