/** Finds the one entry in MLST's 250. It is the line between the first and the last, after one space (RFC 3659 section 7.2). */
import { FtpProtocolError } from '../errors.js';
import { type MlsxEntry, parseFacts } from './facts.js';
import { formatReply, type Reply } from './reply.js';

/**
 * The entry of an MLST reply; servers that leave out the space or the lines around it are understood too.
 *
 * @throws FtpProtocolError when the reply holds no entry.
 */
export function parseMlst(reply: Reply): MlsxEntry {
  return parseFacts(mlstRow(reply));
}

/** The row of an MLST reply, as one of MLSD would be. Throws as {@link parseMlst} does if there is none. */
export function mlstRow(reply: Reply): string {
  const inner = reply.lines.length > 1 ? reply.lines.slice(1, -1) : reply.lines;
  const line = inner.find((candidate) => candidate.trim() !== '');
  if (line === undefined)
    throw new FtpProtocolError(`No entry in the answer to MLST: ${formatReply(reply)}`, { reply });
  return withoutIndent(line);
}

/** One space is of the reply. More, before facts, are too: a row without facts begins with the space before its name. */
function withoutIndent(line: string): string {
  const row = line.startsWith(' ') ? line.slice(1) : line;
  const trimmed = row.trimStart();
  return /^[\w.-]{1,64}=[^; ]{0,255};/.test(trimmed) ? trimmed : row;
}
