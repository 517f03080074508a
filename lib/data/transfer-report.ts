/**
 * Reports the events of one transfer: its beginning and its end.
 *
 * A transfer has a report only if its events have observers, so other transfers pay nothing. It reports the end once in every case, since
 * `events$` stays open until then.
 */
import type { TransferEndedEvent } from '../control/events.js';
import type { Session } from '../control/session.js';
import type { Cancellation } from '../net/cancellation.js';
import { DeadlinePassed } from '../net/deadline.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { TransferPlan } from './transfer-plan.js';

/** The reported transfer. */
export interface Told {
  readonly session: Session;
  readonly plan: TransferPlan;
  readonly way: { readonly direction: 'download' | 'upload'; readonly mover: { readonly total?: number | undefined } };
}

/** The bytes that have moved: those of the file, and where it was compressed, those on the wire. */
export interface Moved {
  readonly bytes: number;
  readonly wireBytes: number;
  readonly compressed: boolean;
}

/** The result of a completed transfer. */
export interface Done {
  /** The check that it has passed, if there was one. */
  readonly verifiedBy?: VerifiedBy | undefined;
}

export class TransferReport {
  readonly #session: Session;
  readonly #id: number;
  readonly #startedAt: number;

  /** Tells that the transfer has begun. */
  constructor({ session, plan, way }: Told) {
    const { direction, mover } = way;
    const { total } = mover;
    const { command, path = command.line.slice(command.verb.length + 1) } = plan;
    this.#session = session;
    this.#id = session.events.nextTransfer();
    this.#startedAt = session.channel.timers.now();
    const named = total === undefined ? {} : { total };
    session.tell({ type: 'transfer-started', id: this.#id, direction, path, ...named });
  }

  /** Tells that it has ended. `done` is missing if it was cancelled or has failed; `signal` tells the two apart. */
  end({ bytes, wireBytes, compressed }: Moved, signal: Cancellation, done: Done | undefined): void {
    const end = howItEnded(signal, done);
    const verifiedBy = end === 'complete' ? done?.verifiedBy : undefined;
    const proof = verifiedBy === undefined ? { verified: false } : { verified: true, verifiedBy };
    const ms = this.#session.channel.timers.now() - this.#startedAt;
    const wire = compressed ? { wireBytes } : {};
    this.#session.tell({ type: 'transfer-ended', id: this.#id, bytes, ...wire, ms, end, ...proof });
  }
}

/** A transfer whose deadline has passed is an error for its user, though all of it may have moved meanwhile. */
function howItEnded(signal: Cancellation, done: Done | undefined): TransferEndedEvent['end'] {
  if (signal.reason instanceof DeadlinePassed) return 'failed';
  if (done !== undefined) return 'complete';
  return signal.aborted ? 'cancelled' : 'failed';
}
