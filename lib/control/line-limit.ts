/** Computes the limit of a command line from the server's known length and the user's option. It also tells how 0xFF is sent. */
import type { ServerProfile } from './server-profile.js';

/** In bytes, CRLF included. */
export interface LineLimit {
  readonly bytes: number;
  /** Advice about a longer line, beside a shorter path; empty if there is none. */
  readonly advice: string;
  /** The server takes 0xFF for the beginning of a Telnet command: it is sent twice. */
  readonly doublesIac?: boolean;
}

/**
 * It is not known how another server treats the rest of a line. The servers of BSD, and their descendants, read 510 or 511 bytes
 * into a buffer of 512.
 */
const ANY_SERVER_BYTES = 510;

const RAISE = 'If this server takes longer lines, raise the option maxCommandBytes.';

/**
 * The user's `maxCommandBytes`, but never more than the server is known to take: the rest of a line may be run as another
 * command.
 */
export function lineLimit({ lineBytes, takesIac }: ServerProfile, maxCommandBytes: number | undefined): LineLimit {
  const known = lineBytes ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(known, maxCommandBytes ?? lineBytes ?? ANY_SERVER_BYTES);
  return { bytes, advice: bytes < known ? RAISE : '', doublesIac: takesIac === true };
}
