/** What a command line may be: how long, by what the server is known to take and the user allows; and what it does with 0xFF. */
import type { ServerConduct } from './known-servers.js';

/** In bytes, CRLF included. */
export interface LineLimit {
  readonly bytes: number;
  /** What else can be done about a longer line than by a shorter path; empty where nothing can. */
  readonly advice: string;
  /** The server takes 0xFF for the beginning of a Telnet command: it is sent twice. */
  readonly doublesIac?: boolean;
}

/**
 * Nobody knows what another server does with the rest of a line. Those of BSD, and what was made of them, read 510 or 511 bytes
 * into a buffer of 512.
 */
const ANY_SERVER_BYTES = 510;

const RAISE = 'If this server takes longer lines, raise the option maxCommandBytes.';

/**
 * The user's `maxCommandBytes`, but never more than the server is known to take: the rest of a line may be run as another
 * command.
 */
export function lineLimit({ lineBytes, takesIac }: ServerConduct, maxCommandBytes: number | undefined): LineLimit {
  const known = lineBytes ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(known, maxCommandBytes ?? lineBytes ?? ANY_SERVER_BYTES);
  return { bytes, advice: bytes < known ? RAISE : '', doublesIac: takesIac === true };
}
