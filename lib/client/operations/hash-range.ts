/**
 * Sends RANG and HASH (draft-bryan-ftp-range, draft-bryan-ftpext-hash). ProFTPD keeps a range for the next RETR, which it would cut. So the
 * client resets the range behind each HASH.
 */
import { type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command } from '../../protocol/command.js';
import type { ByteRange } from './hash-answer.js';
import { notUndone } from './with-undo.js';

/** A range whose end is before its start is none (draft-bryan-ftp-range). */
const WITHOUT_RANGE: Command = /* @__PURE__ */ command('RANG', '1', '0');

/** The last byte of RANG belongs to the range. */
function rangeCommand({ start, end }: ByteRange): Command {
  return command('RANG', String(start), String(end - 1));
}

/** The answer to HASH, or the refusal of the range. */
export interface RangedReply {
  readonly line: Command;
  readonly final: FinalReply;
}

/**
 * Sends `hash` for a part of its file. Resolves with undefined when the user has unsubscribed before HASH was sent. A session on which the
 * range cannot be taken back is closed.
 */
export async function requestInRange(
  session: Session,
  range: ByteRange,
  hash: Command,
  signal: Cancellation,
): Promise<RangedReply | undefined> {
  const line = rangeCommand(range);
  session.channel.requireSendable(line, hash);
  let isRefused = false;
  try {
    const ranged = await session.request(line, { inSequence: true });
    isRefused = ranged.outcome === 'refusal';
    if (isRefused) return { line, final: ranged };
    if (signal.aborted) return undefined;
    return { line: hash, final: await session.request(hash, { doubtful: ranged.odd === true }) };
  } finally {
    if (!isRefused && session.channel.cause === undefined) await takeBack(session, line);
  }
}

/** A 3yz with an unusual code is a yes as well, as of REST. */
async function takeBack(session: Session, range: Command): Promise<void> {
  try {
    const { reply } = await session.request(WITHOUT_RANGE);
    if (reply.class >= 4) throw refused(WITHOUT_RANGE.masked, reply);
  } catch (cause) {
    session.channel.close(notUndone(range, WITHOUT_RANGE.masked, cause));
  }
}
