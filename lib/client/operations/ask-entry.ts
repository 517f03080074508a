/** Sends MLST for another operation, which can do without it (RFC 3659 section 7). */

import type { FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpTimeoutError } from '../../errors.js';
import { command } from '../../protocol/command.js';
import { Features } from '../../protocol/features.js';
import { isUnknownCommand } from '../../protocol/reply.js';
import { withDefaultFacts } from './default-facts.js';

/**
 * The answer to MLST, with the default facts; undefined on a server that does not know the command.
 *
 * @param otherwise the way that takes its place, for the event.
 */
export async function askEntry(
  session: Session,
  path: string,
  otherwise = 'SIZE, or no question',
): Promise<FinalReply | undefined> {
  await session.settled;
  if (session.learned.lacks('MLST') || !mayKnowMlst(session)) return undefined;
  let listed: FinalReply | undefined;
  try {
    await withDefaultFacts(session, async () => {
      listed = await session.request(command('MLST', path));
    });
  } catch (error) {
    if (error instanceof FtpTimeoutError) session.fallBackFromSilence('MLST', otherwise);
    throw error;
  }
  if (listed?.outcome !== 'refusal' || !isUnknownCommand(listed.reply)) return listed;
  session.fallBack('MLST', otherwise, listed.reply);
  return undefined;
}

/** FEAT names it, or FEAT was refused or not answered, which leaves the question open. */
function mayKnowMlst({ features, server }: Session): boolean {
  return features.has('MLST') || server.named === Features.none;
}
