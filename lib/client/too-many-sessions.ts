/**
 * Recognises the words of servers for a user with too many sessions. RFC 959 has 421 for it. Many refuse the login by 530 instead, as they
 * refuse a wrong password. Only the text tells the two apart.
 */
import { FtpConnectionError, FtpError } from '../errors.js';

const SERVICE_CLOSING = 421;
const REFUSED_LOGINS: ReadonlySet<number | undefined> = new Set([SERVICE_CLOSING, 530, 550]);

/** Whether it is the refusal of a login by a 421, 530 or 550. */
function isRefusedLogin({ command = '', reply }: FtpError): boolean {
  return REFUSED_LOGINS.has(reply?.code) && /^(USER|PASS)\b/.test(command);
}

/** Whether the refused login was answered by a 530 or 550 that speaks of too many sessions: any other one is for good. */
function saysTooMany(error: FtpError): boolean {
  return isRefusedLogin(error) && error.transient;
}

/** The facts that are known when a login has failed. */
export interface FailedLogin {
  /** Other sessions of the client are open. */
  readonly besideOthers: boolean;
  /** One of them was let in by the password that was refused now. */
  readonly passwordIsGood: boolean;
}

/** Why the failed login shows a limit of the server's; undefined if it shows none. */
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

/** Any 421 may mean that, but one that is for good: it demands TLS, or calls the password wrong. */
function endsForTooMany({ reply, transient }: FtpError): boolean {
  return reply?.code === SERVICE_CLOSING && transient;
}

function isRefusedConnection(error: FtpError): boolean {
  if (!(error instanceof FtpConnectionError) || error.phase !== 'connect') return false;
  return (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}
