/**
 * Uploads that wait for operations of their own client, while such uploads have all of its sessions. They are copies within one
 * client that began at the same moment. Such operations would never start. So the last one gives way after a second, by an error. Its
 * upload ends with that, and the others go on in turn.
 *
 * With one session a single copy waits for itself. That ends like any transfer that is held while others wait, by `stallTimeoutMs`.
 */
import type { ControlSession } from '../control/control-session.js';
import { FtpUsageError } from '../errors.js';

/** The time without any movement after which one upload gives way. A source may have more bytes than it asks for. */
const HELD_MS = 1_000;

/** A session with an upload, as far as it is known here. */
export type UploadingSession = Pick<ControlSession, 'heldMs'>;

/** Work that waits, and that an upload needs. */
export interface FeedingWork {
  /** Counts all work in the order in which it came. */
  readonly order: number;
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
  /** When to look again, by the clock; `Infinity` while something can start. */
  readonly at: number;
}

const NONE: Starvation<never> = /* @__PURE__ */ Object.freeze({ at: Number.POSITIVE_INFINITY });

/**
 * `feeding` has all work that waits and that an upload needs. It is looked at again while the sources still give something: they may have
 * less to give than it takes to end the upload.
 */
export function starvation<Work extends FeedingWork>(
  feeding: ReadonlySet<Work>,
  { open, mayGrow }: StarvedSessions,
  now: number,
): Starvation<Work> {
  if (feeding.size === 0 || mayGrow || open.size <= 1) return NONE;
  const fed = new Set([...feeding].map(({ feeds }) => feeds));
  const sessions = [...open];
  if (!sessions.every((session) => fed.has(session))) return NONE;
  const leftMs = HELD_MS - Math.min(...sessions.map(({ heldMs = 0 }) => heldMs));
  if (leftMs > 0) return { at: now + leftMs };
  // The end of its upload takes a while, and need not come.
  return { at: now + HELD_MS, work: [...feeding].reduce((last, work) => (work.order > last.order ? work : last)) };
}

/** The error of work that has to give way. */
export function starvedError(sessions: number): FtpUsageError {
  return new FtpUsageError(
    `This cannot start: all ${sessions} sessions of the client have uploads that wait for operations of the same client. Run fewer copies at once than it has sessions, by mergeMap's second argument or a larger maxSessions.`,
  );
}
