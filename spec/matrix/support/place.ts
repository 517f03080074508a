/** Defines the facts that a rule of expectation may use: the fault, its event, and the actor. */
import type { MatrixEvent } from './events.js';
import type { Fault } from './faults.js';
import type { Link } from './link.js';
import type { Operation } from './operation.js';
import type { SeatKind } from './seats.js';

export interface Place {
  readonly fault: Fault;
  readonly event: MatrixEvent;
  readonly operation: Operation;
  readonly link: Link;
  readonly seat: SeatKind;
  /** The operation is left by then: it has its value, and the client brings the connection into step. */
  readonly isLeft: boolean;
  /** Nothing is heard of the session since it was idle: its loss shows that it was dead, and its work may start over. */
  readonly isUnheard: boolean;
}

/** Up to the end of the first reply of an operation that begins on an idle session. */
export function isUnheard({ group, name }: Operation, events: readonly MatrixEvent[], at: number): boolean {
  if (group === 'login') return false;
  // The session is idle between the two.
  const first = name === 'prot$, then a download' ? events.find(({ verb }) => verb === 'PROT')?.at : undefined;
  const begun = first !== undefined && at > first ? first + 1 : 1;
  return events.slice(begun - 1, at - 1).every(({ role }) => role === 'inner');
}

/**
 * The leaving: the first piece of a download that is left, the first bytes that were taken of an upload. Where `abor$` breaks it off,
 * the leaving ends with the ABOR that is its own.
 */
export function isLeft({ group, interrupts }: Operation, events: readonly MatrixEvent[], at: number): boolean {
  if (group !== 'abort') return false;
  const leaving = events.find(({ role }) => role === 'piece' || role === 'taken');
  if (leaving === undefined) return false;
  const own = interrupts === true ? events.findLast(({ role }) => role === 'abort') : undefined;
  if (own !== undefined && at >= own.at) return false;
  return at > leaving.at || (leaving.role === 'taken' && at === leaving.at);
}
