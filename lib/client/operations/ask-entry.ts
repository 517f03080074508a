/** MLST for the sake of another operation, which can do without it (RFC 3659 section 7). */
import type { ControlSession } from '../../control/control-session.js';
import type { FinalReply } from '../../control/request.js';
import { command } from '../../protocol/command.js';
import { withUsualFacts } from './usual-facts.js';

/** The answer to MLST, with the usual facts; undefined on a server that does not name the command. */
export async function askEntry(session: ControlSession, path: string): Promise<FinalReply | undefined> {
  await session.settled;
  if (!session.features.has('MLST')) return undefined;
  let listed: FinalReply | undefined;
  await withUsualFacts(session, async () => {
    listed = await session.request(command('MLST', path));
  });
  return listed;
}
