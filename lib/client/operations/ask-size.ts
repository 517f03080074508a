/** Sends SIZE for a transfer, which can do without it (RFC 3659 section 4). */

import type { FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { command } from '../../protocol/command.js';
import { isUnknownCommand } from '../../protocol/reply.js';

/** The answer to SIZE in TYPE I; undefined on a server that does not know the command. */
export async function askSize(session: Session, path: string): Promise<FinalReply | undefined> {
  if (session.learned.lacks('SIZE')) return undefined;
  await session.ensureType('I');
  const sized = await session.request(command('SIZE', path));
  if (sized.outcome !== 'refusal' || !isUnknownCommand(sized.reply)) return sized;
  session.fallBack('SIZE', 'the final reply alone', sized.reply);
  return undefined;
}
