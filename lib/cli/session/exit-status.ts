/** Chooses the exit status of an error, by the side at fault. */
import {
  FtpConnectionError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
} from '../../index.js';
import { CommandError } from './command-error.js';
import { EXIT, type ExitStatus } from './exit.js';

/** The commands of a login (RFC 959 section 4.1.1). */
const LOGIN = /^(?:USER|PASS|ACCT)\b/;

export function exitStatusOf(error: unknown): ExitStatus {
  if (error instanceof CommandError) return error.status;
  if (error instanceof FtpSecurityError) return EXIT.security;
  if (error instanceof FtpTransferError) return EXIT.incomplete;
  if (error instanceof FtpConnectionError || error instanceof FtpTimeoutError) return EXIT.connection;
  if (error instanceof FtpReplyError) return LOGIN.test(error.command ?? '') ? EXIT.login : EXIT.refused;
  if (error instanceof FtpUnsupportedError) return EXIT.refused;
  if (error instanceof FtpUsageError) return EXIT.usage;
  return EXIT.failed;
}
