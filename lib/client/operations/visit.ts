/** Setting something of a session for a while, under its lease: another directory, say. */

import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpConnectionError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { directoryOf } from './paths.js';

/** Runs `work` in `path`, and goes back; a refusal of CWD is thrown. */
export async function inDirectory(session: Session, path: string, work: () => Promise<unknown>): Promise<void> {
  const there = command('CWD', path);
  session.channel.requireSendable(there);
  const here = await directoryOf(session);
  await between(session, there, here === undefined ? wayBack(session) : [command('CWD', here)], work);
}

/** On a server that does not tell its directory: the way that the client came; none where that began at a login. */
function wayBack({ user }: Session): readonly Command[] {
  const { directory } = user.applied;
  return directory[0]?.line.startsWith('CWD /') === true ? directory : [];
}

/**
 * Runs `work` between a command and those that undo it; a refusal of the first is thrown. A session on which it cannot be undone
 * is closed: it is not known how that session is set.
 */
export async function between(
  session: Session,
  before: Command,
  after: readonly Command[],
  work: () => Promise<unknown>,
): Promise<void> {
  session.channel.requireSendable(before, ...after);
  accepted(await session.request(before), before.masked);
  try {
    await work();
  } finally {
    if (session.channel.cause === undefined) await undo(session, before, after);
  }
}

async function undo(session: Session, before: Command, after: readonly Command[]): Promise<void> {
  try {
    for (const line of after) accepted(await session.request(line), line.masked);
    if (after.length === 0) session.channel.close(notUndone(before, 'the way back'));
  } catch (cause) {
    session.channel.close(notUndone(before, after.map(({ masked }) => masked).join(', '), cause));
  }
}

function notUndone(before: Command, by: string, cause?: unknown): FtpConnectionError {
  return new FtpConnectionError(`${before.masked} could not be undone by ${by}; the connection was given up.`, {
    channel: 'control',
    phase: 'command',
    transient: true,
    cause,
  });
}
