/** How work meets a session of a client's pool: whether it fits there, under which lease, and what comes before it. */
import type { Socket } from 'node:net';
import type { ControlSession } from '../control/control-session.js';
import type { LeaseKind } from '../control/lane.js';
import type { LeaseTask } from '../control/lease-host.js';
import { notBegun } from '../control/lease-runner.js';
import type { UserState } from '../control/user-state.js';
import { FtpError, withOutcome } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';

/** Work of a client's, as its sessions see it. */
export interface PooledWork {
  readonly task: LeaseTask;
}

/** Brings the session to `state`, then runs the task; `begin` is called between the two. */
export async function runBroughtUp(
  task: LeaseTask,
  state: UserState,
  session: ControlSession,
  signal: Cancellation,
  begin: () => void,
): Promise<void> {
  try {
    await session.bringUp(state, task.fromAnywhere);
  } catch (error) {
    throw error instanceof FtpError ? withOutcome(error, 'none') : error;
  }
  if (signal.aborted) throw notBegun(signal.reason);
  begin();
  await task.work(session, signal);
}

/** Whether work would start on the session at once; one that is spent takes nothing beside what still runs. */
export function takes(session: ControlSession, kind: LeaseKind): boolean {
  const { lane } = session;
  if (lane.idle) return lane.admits(kind);
  return typeof kind === 'number' && session.user.isUpToDate && !session.spent && lane.admits(kind);
}

/** A session that must be brought up first is needed alone. */
export function kindOn(session: ControlSession, kind: LeaseKind): LeaseKind {
  return typeof kind === 'number' && !session.user.isUpToDate ? 'exclusive' : kind;
}

/** Whether the session's socket keeps the process alive; only while something runs on it. */
export function keepAlive(session: ControlSession, wanted: boolean): void {
  const socket = session.channel.transport as Partial<Socket>;
  if (wanted) socket.ref?.();
  else socket.unref?.();
}
