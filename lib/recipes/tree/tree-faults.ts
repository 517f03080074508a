/** Decides which errors concern one directory, and which end the work on the whole tree. */
import { FtpError, FtpProtocolError, FtpSecurityError, FtpUsageError } from '../../errors.js';

/** Deeper trees do not come about by themselves; a server could make one up without an end. */
export const MAX_DEPTH = 255;

/**
 * Whether no other directory would fare better: going on is unsafe, or nothing was sent, since there is no session to send it on. A
 * path that cannot be sent is that path's fault alone. Without the root there is nothing else.
 */
export function isFatal(error: unknown, isRoot: boolean): boolean {
  if (error instanceof FtpSecurityError) return true;
  if (isRoot) return !isIncomplete(error);
  return error instanceof FtpError && !(error instanceof FtpUsageError) && error.outcome === 'none';
}

/** The listing came, with rows that were not understood. */
export function isIncomplete(error: unknown): boolean {
  return error instanceof FtpProtocolError && error.unparsed.length > 0;
}
