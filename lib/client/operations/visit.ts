/** Setting something of a session for a while, under its lease: another directory, say. */
import type { ControlSession } from '../../control/control-session.js';
import { accepted } from '../../control/request.js';
import { FtpConnectionError } from '../../errors.js';
import { type Command, command } from '../../protocol/command.js';
import { pathOf } from './paths.js';

/** Runs `work` in `path`; a refusal of CWD is thrown. */
export async function inDirectory(session: ControlSession, path: string, work: () => Promise<unknown>): Promise<void> {
  const there = command('CWD', path);
  session.channel.requireSendable(there);
  const here = pathOf(await session.perform('PWD'));
  await between(session, there, command('CWD', here), work);
}

/**
 * Runs `work` between two commands, the second of which undoes the first; a refusal of the first is thrown. A session on
 * which it cannot be undone is closed: nobody knows how it is set.
 */
export async function between(
  session: ControlSession,
  before: Command,
  after: Command,
  work: () => Promise<unknown>,
): Promise<void> {
  session.channel.requireSendable(before, after);
  accepted(await session.request(before), before.masked);
  try {
    await work();
  } finally {
    if (session.channel.cause === undefined) await undo(session, before, after);
  }
}

async function undo(session: ControlSession, before: Command, after: Command): Promise<void> {
  try {
    accepted(await session.request(after), after.masked);
  } catch (cause) {
    session.channel.close(
      new FtpConnectionError(`${before.masked} could not be undone by ${after.masked}; the connection was given up.`, {
        channel: 'control',
        phase: 'command',
        cause,
      }),
    );
  }
}
