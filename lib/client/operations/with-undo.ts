/** Work that a command begins and another one undoes, under one lease: work in another directory, say. */

import { accepted, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpConnectionError, FtpProtocolError, type FtpReplyError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { printable } from '../../protocol/printable.js';
import { lastName } from './last-name.js';
import { directoryOf } from './paths.js';

/** Runs `work` in `path`, and goes back by `back`, which the session finds out unless given. A refusal of CWD is thrown. */
export async function inDirectory(
  session: Session,
  path: string,
  work: () => Promise<unknown>,
  back?: readonly Command[],
): Promise<void> {
  const there = command('CWD', path);
  session.channel.requireSendable(there);
  await withUndo(session, there, back ?? (await wayBack(session)), work);
}

/**
 * The way back to the session's directory: by the path of PWD; else the way by which the client came. None if that began at a login: a
 * session that leaves its directory then cannot come back.
 */
export async function wayBack(session: Session): Promise<readonly Command[]> {
  const here = await directoryOf(session);
  if (here !== undefined) return [command('CWD', here)];
  const { directory } = session.user.applied;
  return directory[0]?.line.startsWith('CWD /') === true ? directory : [];
}

/**
 * Throws FtpProtocolError where PWD tells that CWD to `path` has led to a directory of another name. A server of Windows takes a
 * backslash for a slash. Without PWD, and for a path that ends with no name, nothing is known.
 */
export async function requireArrival(session: Session, path: string): Promise<void> {
  const spellings = [path, path.replaceAll('\\', '/')].filter((spelling) => !spelling.includes('//'));
  const names = spellings.map(lastName).filter((name) => !/^\.{0,2}$/.test(name));
  const here = names.length === 0 ? undefined : await directoryOf(session);
  if (here === undefined || names.includes(lastName(here))) return;
  const [asked, found] = [path, here].map((name) => printable(name));
  throw new FtpProtocolError(`CWD to ${asked} has led to ${found}: the server misreads the name.`, { command: 'CWD' });
}

/**
 * Throws unless CWD to the path of PWD shows that the session's directory, which was listed as empty, still exists. The error is the
 * refusal of the listing, or that of CWD. Without PWD an empty listing stands, and a refused one does not.
 */
export async function requireOwnDirectory(session: Session, refusal: FtpReplyError | undefined): Promise<void> {
  const here = await directoryOf(session);
  if (here === undefined) {
    if (refusal !== undefined) throw refusal;
    return;
  }
  const there = command('CWD', here);
  session.channel.requireSendable(there);
  const final = await session.request(there);
  if (final.outcome !== 'completion') throw refusal ?? refused(there.masked, final.reply);
}

/**
 * Runs `work` between a command and the commands that undo it; a refusal of the first is thrown. A session on which it cannot be undone is
 * closed: it is not known how that session is set.
 */
export async function withUndo(
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

/** Undoes `before`; a session on which that fails is closed. */
export async function undo(session: Session, before: Command, after: readonly Command[]): Promise<void> {
  try {
    for (const line of after) accepted(await session.request(line), line.masked);
    if (after.length === 0) session.channel.close(notUndone(before, 'the way back'));
  } catch (cause) {
    session.channel.close(notUndone(before, after.map(({ masked }) => masked).join(', '), cause));
  }
}

/** The error of a session that is closed, since it is not known how it is set. */
export function notUndone(before: Command, by: string, cause?: unknown): FtpConnectionError {
  return new FtpConnectionError(`${before.masked} could not be undone by ${by}; the connection was given up.`, {
    channel: 'control',
    phase: 'command',
    transient: true,
    cause,
  });
}
