/**
 * Uploads that wait for operations of their own client, while such uploads have all of its sessions. They are copies within one
 * client that began at the same moment. None of those operations would ever start. So the last one gives way after a second, by
 * an error: its upload ends with that, and the others go on in turn.
 *
 * With one session a single copy waits for itself. That ends like any transfer that is held while others wait, by `stallTimeoutMs`.
 */
import type { ControlSession } from '../control/control-session.js';
import { FtpUsageError } from '../errors.js';

/** How long nothing moves before one gives way. A source may have more to give than what it asks for. */
const HELD_MS = 1_000;

/** A session with an upload, as far as it is known here. */
export type UploadingSession = Pick<ControlSession, 'isHeldFor'>;

/** Work that waits, and that an upload needs. */
export interface FeedingWork {
  /** The session whose upload has asked for it. */
  readonly feeds: UploadingSession | undefined;
}

/** The sessions of a client. */
export interface StarvedSessions {
  readonly open: ReadonlySet<UploadingSession>;
  /** Another session may be opened, or is being opened. */
  readonly mayGrow: boolean;
}

export interface Starvation<Work> {
  /** The work that has to give way. */
  readonly work?: Work;
  /** When to look again, by the clock; `Infinity` while something can move. */
  readonly at: number;
}

const NONE: Starvation<never> = /* @__PURE__ */ Object.freeze({ at: Number.POSITIVE_INFINITY });

/** `waiting` gives all work that waits, in order. It is called only where the uploads of all sessions wait for their sources. */
export function starvation<Work extends FeedingWork>(
  waiting: () => readonly Work[],
  { open, mayGrow }: StarvedSessions,
  now: number,
): Starvation<Work> {
  const sessions = [...open];
  if (mayGrow || sessions.length <= 1 || !sessions.every((session) => session.isHeldFor(0))) return NONE;
  const feeding = waiting().filter(({ feeds }) => feeds !== undefined);
  const fed = new Set(feeding.map(({ feeds }) => feeds));
  if (!sessions.every((session) => fed.has(session))) return NONE;
  const isLong = sessions.every((session) => session.isHeldFor(HELD_MS));
  const work = isLong ? feeding.at(-1) : undefined;
  return work === undefined ? { at: now + HELD_MS } : { ...NONE, work };
}

/** The error of work that has to give way. */
export function starvedError(sessions: number): FtpUsageError {
  return new FtpUsageError(
    `This cannot start: all ${sessions} sessions of the client have uploads that wait for operations of the same client. Run fewer copies at once than it has sessions, by mergeMap's second argument or a larger maxSessions.`,
  );
}
