/** Checks that a verified upload begins within the stored file. Beyond that, servers fill the gap with zeros. */

import { accepted, type FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpUsageError } from '../../errors.js';
import type { MlsxEntry } from '../../protocol/facts.js';
import { parseMlst } from '../../protocol/mlst.js';
import { printable } from '../../protocol/printable.js';
import { formatReply, type Reply } from '../../protocol/reply.js';
import { parseSize } from '../../protocol/size.js';
import { askEntry } from './ask-entry.js';
import { askSize } from './ask-size.js';

/**
 * The size that SIZE names, else MLST, must not be below `start`; without a size the upload is refused too. Some servers name a size for a
 * directory. Pure-FTPd renames it to a hidden name before it refuses STOR. So the client asks MLST for the type, if the server knows it.
 */
export async function requireStartWithin(session: Session, start: number, path: string): Promise<void> {
  const sized = await askSize(session, path);
  const isSized = sized?.outcome === 'completion';
  if (isSized) requireWithin(start, parseSize(sized.reply.text), sized.reply);
  else if (sized !== undefined) requireMoreToAsk(start, `SIZE ${path}`, sized);
  const listed = await askEntry(session, path);
  const entry = listed && entryOf(listed);
  if (listed !== undefined && entry?.type.endsWith('dir')) throw isDirectory(path, listed.reply);
  if (isSized) return;
  if (listed?.outcome === 'refusal') requireMoreToAsk(start, `MLST ${path}`, listed);
  if (listed === undefined || entry?.size === undefined) throw withoutSize(start, sized?.reply ?? listed?.reply);
  requireWithin(start, entry.size, listed.reply);
}

/** Undefined if the reply holds no entry. */
function entryOf({ outcome, reply }: FinalReply): MlsxEntry | undefined {
  if (outcome !== 'completion') return undefined;
  try {
    return parseMlst(reply);
  } catch {
    return undefined;
  }
}

function isDirectory(path: string, reply: Reply): FtpUsageError {
  return new FtpUsageError(
    `${printable(path)} is a directory (${formatReply(reply)}), and no file to go on with; nothing was stored.`,
    { reply },
  );
}

/** Throws if the refusal itself decides: it is for now, or there is no such file. */
function requireMoreToAsk(start: number, asked: string, final: FinalReply): void {
  const { reply } = final;
  if (reply.class === 4) accepted(final, asked);
  // By 550 servers say that there is no such file. They also say so that it is a directory, or that its size is not told.
  if (reply.code !== 550 || !/no such|not found|not exist|cannot find/i.test(reply.text)) return;
  throw beyondTheEnd(start, `${asked} was refused, so no such file is stored for this user`, reply);
}

function requireWithin(start: number, size: number, reply: Reply): void {
  if (start > size) throw beyondTheEnd(start, `the stored file has ${size} bytes`, reply);
}

function beyondTheEnd(start: number, because: string, reply: Reply): FtpUsageError {
  return new FtpUsageError(
    `The option start (${start}) is beyond the end of the file: ${because} (${formatReply(reply)}). The server would fill the gap with zeros; nothing was stored. Go on from what size$ emits.`,
    { reply },
  );
}

function withoutSize(start: number, reply: Reply | undefined): FtpUsageError {
  const said = reply === undefined ? 'it knows neither SIZE nor MLST' : formatReply(reply);
  return new FtpUsageError(
    `The option start (${start}) cannot be checked, as verify asks for: the server does not tell the size of the file (${said}). The file may be shorter, or not there, and the server would fill the gap with zeros; nothing was stored. Leave verify off if you know the size, or upload the whole file.`,
    { reply },
  );
}
