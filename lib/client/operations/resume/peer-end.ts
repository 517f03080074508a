/** Tells whether the peer has ended a connection: after that, it never reads an unread command. */
import { FtpConnectionError, type FtpError } from '../../../errors.js';

/** The codes of a reset, and of a write behind one. */
const RESETS: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set(['ECONNRESET', 'EPIPE']);

/** By FIN or RST. A time limit, or a network that is gone, tells nothing of the server. */
export function isEndedByPeer(cause: FtpError | undefined): boolean {
  if (!(cause instanceof FtpConnectionError) || cause.phase === 'close' || cause.phase === 'abort') return false;
  const error = cause.cause;
  return error === undefined || RESETS.has((error as NodeJS.ErrnoException | null)?.code);
}
