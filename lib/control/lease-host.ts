/** Where work can be started: a session, or a client that has several. */
import type { FtpError } from '../errors.js';
import type { ControlSession } from './control-session.js';
import type { LeaseKind } from './lane.js';

/** Work under a lease. When `signal` aborts, nobody listens any more: get into step and return. */
export type LeasedWork = (session: ControlSession, signal: AbortSignal) => Promise<void>;

export interface LeaseHost {
  /**
   * Runs `work` when its turn comes; `ended` is told once how it ended, unless the returned function is called before:
   * that gives up a waiting place, or aborts the signal of running work.
   */
  start(kind: LeaseKind, work: LeasedWork, ended: (error?: unknown) => void): () => void;

  /** Breaks off the transfers that run; their subscribers get an error that carries `reason`. */
  interrupt(reason: FtpError): void;
}
