/** Brings a session to the user's settings before its work, under the same lease. */
import { FtpError, withOutcome } from '../errors.js';
import { notBegun } from './lease-runner.js';
import type { LeasedWork, LeaseTask } from './task-runner.js';

/** The work of `task`, on a session that was brought to the task's state. */
export function withUserState({ work, state, skipDirectory }: LeaseTask): LeasedWork {
  if (state === undefined) return work;
  const applied: LeasedWork = async (session, signal) => {
    try {
      await session.user.apply((line) => session.request(line), state, skipDirectory);
    } catch (error) {
      throw error instanceof FtpError ? withOutcome(error, 'none') : error;
    }
    if (signal.aborted) throw notBegun(signal.reason);
    await work(session, signal);
  };
  // As a rule the session is there already, and the work needs no promise more.
  return (session, signal) => (session.user.applied === state ? work : applied)(session, signal);
}
