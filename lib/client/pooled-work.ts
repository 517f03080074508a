/** Decides how work meets a session of a client's pool: whether it fits there, and under which lease. */
import type { Socket } from 'node:net';
import type { ControlSession } from '../control/control-session.js';
import { isShared, type LeaseKind } from '../control/lane.js';
import { type Leased, type LeaseTask, leaseOn } from '../control/task-runner.js';
import type { UserState } from '../control/user-state.js';

/** Work of a client's, as its sessions see it. */
export interface PooledWork {
  readonly task: LeaseTask;
  /** The client's state of its turn, once it had one: it goes by no other. */
  state?: UserState;
  /** It was begun before, and starts over: not a second time. */
  readonly startedOver?: boolean;
}

/** Whether work would start on the session at once; one that must be replaced takes nothing beside what still runs. */
export function wouldStart(session: ControlSession, task: Leased): boolean {
  const { lane } = session;
  if (lane.idle) return lane.admits(leaseFor(session, task));
  return lane.shared && mayJoin(session, task);
}

/** Whether work may go beside the shared work that runs on the session. */
function mayJoin(session: ControlSession, task: Leased): boolean {
  const kind = leaseFor(session, task);
  return isShared(kind) && !session.mustBeReplaced && session.lane.admits(kind);
}

/** The lease for work on this session. One that must get the user's state first is needed alone, and so is one that may not share it. */
export function leaseFor(session: ControlSession, task: Leased): LeaseKind {
  const kind = leaseOn(session, task);
  return isShared(kind) && !session.user.isApplied ? 'exclusive' : kind;
}

/** Whether the session's socket keeps the process alive; only while something runs on it. */
export function keepAlive(session: ControlSession, wanted: boolean): void {
  const socket = session.channel.transport as Partial<Socket>;
  if (wanted) socket.ref?.();
  else socket.unref?.();
}
