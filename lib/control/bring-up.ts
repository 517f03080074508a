/** Work goes by what the user has set: its session is brought there first, under the same lease. */
import { FtpError, withOutcome } from '../errors.js';
import type { LeasedWork, LeaseTask } from './lease-host.js';
import { notBegun } from './lease-runner.js';

/** The work of `task`, on a session that was brought to the task's state. */
export function broughtUp({ work, state, fromAnywhere }: LeaseTask): LeasedWork {
  if (state === undefined) return work;
  return async (session, signal) => {
    if (session.user.applied !== state) {
      try {
        await session.user.bringUp((line) => session.request(line), state, fromAnywhere);
      } catch (error) {
        throw error instanceof FtpError ? withOutcome(error, 'none') : error;
      }
      if (signal.aborted) throw notBegun(signal.reason);
    }
    await work(session, signal);
  };
}
