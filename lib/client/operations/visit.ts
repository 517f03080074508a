/** Doing something in another directory of a session, under its lease, and coming back. */
import type { ControlSession } from '../../control/control-session.js';
import { FtpConnectionError } from '../../errors.js';
import { pathOf } from './paths.js';

/** Runs `work` in `path`; a refusal of CWD is thrown. A session that cannot come back is closed: nobody knows where it is. */
export async function inDirectory(session: ControlSession, path: string, work: () => Promise<unknown>): Promise<void> {
  const here = pathOf(await session.perform('PWD'));
  await session.perform('CWD', path);
  try {
    await work();
  } finally {
    if (session.channel.cause === undefined) await comeBack(session, here);
  }
}

async function comeBack(session: ControlSession, here: string): Promise<void> {
  try {
    await session.perform('CWD', here);
  } catch (cause) {
    const options = { channel: 'control', phase: 'command', cause } as const;
    session.channel.close(new FtpConnectionError(`Cannot go back to ${here}; the connection was given up.`, options));
  }
}
