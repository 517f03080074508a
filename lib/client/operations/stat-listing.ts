/** Reads the listing in STAT's reply (RFC 959 section 4.1.3), which has the form of LIST on a data connection. */
import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { Command } from '../../protocol/command.js';
import type { Reply } from '../../protocol/reply.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { notListed } from './listing-refusals.js';

/** The sums of `ls`, and how rows of Unix, DOS, EPLF and MLSD begin. */
const ROW = /^\s*(?:[-bcdlps][-r][-w][-xsStT]|\d{2,4}[-/.]\d{2}[-/.]\d{2,4}\s|\+[^\t]*,\t|[\w.-]+=[^;]*;|\S+ \d+$)/;
/** A server that ignores the argument tells its own status. */
const OF_SERVER = /\b(?:server|system)\b/i;

/**
 * Writes the rows of the reply to `line` into `sink`; resolves with their bytes. A refusal is thrown, and so is a reply that does not
 * describe a directory: that is no empty one.
 */
export async function statInto(session: Session, line: Command, sink: ByteSink): Promise<number> {
  const reply = accepted(await session.request(line), line.masked);
  const rows = rowsOf(reply);
  if (!isOfDirectory(reply, rows)) throw notListed(line.masked, reply, 'that is not the status of a directory');
  if (rows.length === 0) return 0;
  const bytes = session.settings.codec.encode(rows.map((row) => `${row}\r\n`).join(''));
  sink.write(bytes);
  return bytes.length;
}

/** RFC 959 section 4.2.2 has 211 for the server's status, which some give for a directory too. */
function isOfDirectory({ code, lines, text }: Reply, rows: readonly string[]): boolean {
  if (rows.some((row) => ROW.test(row))) return true;
  if (lines.length === 1) return false;
  return code !== 211 || (rows.length > 0 && !OF_SERVER.test(text));
}

/**
 * The lines between the first and the last, and those two if they are rows themselves. Some servers begin each with a space, as RFC 959
 * section 4.2 has it.
 */
function rowsOf({ lines }: Reply): readonly string[] {
  const last = lines.length - 1;
  const isRow = (line: string, at: number): boolean => (at === 0 || at === last ? ROW.test(line) : line.trim() !== '');
  const rows = lines.filter(isRow);
  return rows.every((row) => row.startsWith(' ')) ? rows.map((row) => row.slice(1)) : rows;
}
