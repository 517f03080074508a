/**
 * Sets the algorithm of HASH by OPTS, for a session. The server keeps it, so the client sends OPTS only if it needs another one. If the
 * user has set an algorithm by `opts$`, the client sets it again behind each HASH.
 */
import type { FinalReply } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { type Command, command } from '../../protocol/command.js';
import { initialHash } from '../../protocol/hash-algorithms.js';
import { undo } from './with-undo.js';

function optsHash(algorithm: string): Command {
  return command('OPTS', 'HASH', algorithm);
}

/** Makes HASH use `algorithm`; resolves with the refusal of OPTS, if the server refuses. */
export async function setHash(session: Session, algorithm: string): Promise<FinalReply | undefined> {
  if (isSet(session, algorithm)) return undefined;
  const final = await session.request(optsHash(algorithm));
  return final.outcome === 'refusal' ? final : undefined;
}

/** Sets what the user has set. A session on which that fails is closed. */
export async function restoreHash(session: Session): Promise<void> {
  const own = session.user.applied.options.get('HASH');
  if (own === undefined || session.channel.cause !== undefined || isSet(session, own)) return;
  await undo(session, optsHash(session.server.hash ?? ''), [optsHash(own)]);
}

function isSet({ server, features }: Session, algorithm: string): boolean {
  return (server.hash ?? initialHash(features))?.toUpperCase() === algorithm.toUpperCase();
}
