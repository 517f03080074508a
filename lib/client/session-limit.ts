/**
 * Tracks the number of sessions that a client may open: `maxSessions`, or fewer once the server has refused more. The limit is then probed:
 * one more session is tried after 1, 2, 4 ... 60 minutes, when work waits for it.
 */
import type { LimitEvent } from '../control/events.js';

const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 3_600_000;

/** The evidence of the limit. */
export type LimitEvidence = Omit<LimitEvent, 'type' | 'sessions'>;

export class SessionLimit {
  readonly #maxSessions: number;
  readonly #tell: (event: LimitEvent) => void;
  #inUse: number;
  #told: number;
  #evidence: LimitEvidence = { because: 'recovered' };
  #probeAfterMs = FIRST_PROBE_MS;
  #probeAt = 0;

  constructor(maxSessions: number, tell: (event: LimitEvent) => void) {
    this.#maxSessions = maxSessions;
    this.#tell = tell;
    this.#inUse = maxSessions;
    this.#told = maxSessions;
  }

  /** The number of sessions that the client may use. */
  get inUse(): number {
    return this.#inUse;
  }

  /** From when on there may be one more than these sessions, by the clock; `Infinity`: not before one ends. */
  nextAt(sessions: number): number {
    if (sessions < this.#inUse) return 0;
    return sessions === this.#inUse && sessions < this.#maxSessions ? this.#probeAt : Number.POSITIVE_INFINITY;
  }

  /** The server lets in no more than `sessions`. */
  reached(sessions: number, now: number, evidence: LimitEvidence): void {
    this.#evidence = evidence;
    this.notRaised(sessions, now);
    this.#inUse = Math.max(1, Math.min(this.#inUse, sessions));
    this.#probeAt = now + this.#probeAfterMs;
  }

  /** A session beyond `sessions` was tried, without success; if that was a probe, the next one comes later. */
  notRaised(sessions: number, now: number): void {
    if (sessions < this.#inUse) return;
    this.#probeAfterMs = Math.min(LAST_PROBE_MS, this.#probeAfterMs * 2);
    this.#probeAt = now + this.#probeAfterMs;
  }

  /** `sessions` are open, and so many are needed: a probe that was let in raises the limit to that. */
  letIn(sessions: number, needed: number): void {
    if (sessions <= this.#inUse) return;
    this.#inUse = Math.min(this.#maxSessions, Math.max(sessions, needed));
    this.#probeAfterMs = FIRST_PROBE_MS;
    this.#evidence = { because: 'recovered' };
    this.tellChange();
  }

  /** Reports the limit in use, if it differs from the last report. */
  tellChange(): void {
    if (this.#told === this.#inUse) return;
    this.#told = this.#inUse;
    this.#tell({ type: 'limit', sessions: this.#inUse, ...this.#evidence });
  }
}
