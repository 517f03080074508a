/**
 * How servers say that a user has too many sessions. RFC 959 has 421 for it; many refuse the login by 530 instead, as they
 * refuse a wrong password, and only the text tells the two apart.
 */
import { demandsTls, speaksOfTooManySessions } from '../control/refusal-text.js';
import { FtpConnectionError, FtpError, FtpReplyError } from '../errors.js';

const SERVICE_CLOSING = 421;
const REFUSED_LOGINS: ReadonlySet<number> = new Set([530, 550]);

/** Whether the refused login was answered by a 530 or 550 that speaks of too many sessions. */
export function saysTooMany(error: FtpError): boolean {
  if (!isRefusedLogin(error)) return false;
  return speaksOfTooManySessions(error.reply.text);
}

function isRefusedLogin(error: FtpError): error is FtpReplyError {
  const { command = '' } = error;
  return error instanceof FtpReplyError && REFUSED_LOGINS.has(error.reply.code) && /^(USER|PASS)\b/.test(command);
}

/** The facts that are known when a login has failed. */
export interface FailedLogin {
  /** Other sessions of the client are open. */
  readonly besideOthers: boolean;
  /** One of them was let in by the password that was refused now. */
  readonly passwordIsGood: boolean;
}

/** Why the failed login shows a limit of the server's; undefined where it shows none. */
export function limitShownBy(
  error: unknown,
  { besideOthers, passwordIsGood }: FailedLogin,
): 'reply' | 'refused' | undefined {
  if (!(error instanceof FtpError)) return undefined;
  if (endsForTooMany(error) || saysTooMany(error)) return 'reply';
  if (!besideOthers) return undefined;
  if (passwordIsGood && isRefusedLogin(error)) return 'reply';
  return isRefusedConnection(error) ? 'refused' : undefined;
}

/** Any 421 may mean that, but Pure-FTPd's to a login that is not under TLS. */
function endsForTooMany({ reply }: FtpError): boolean {
  return reply?.code === SERVICE_CLOSING && !demandsTls(reply.text);
}

function isRefusedConnection(error: FtpError): boolean {
  if (!(error instanceof FtpConnectionError) || error.phase !== 'connect') return false;
  return (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}
