/**
 * Computes how soon a reply can come: not before half of the shortest round trip so far. The TCP connect and the login's replies show it.
 * Later replies do not shorten it, or a stray one could.
 *
 * It counts only the time in which the process waited for input. A busy process sees a reply later than it came, and would take a short
 * distance for a long one.
 */
import { performance } from 'node:perf_hooks';

/** A shorter way is not told apart from the event loop's own delays. */
const SHORTEST_TOLD_MS = 20;

export class RoundTrip {
  /** Whether the way is long enough to tell a reply that came too soon. Written here alone. */
  isTold = false;
  #shortestMs = Number.POSITIVE_INFINITY;
  readonly #idleMs: () => number;

  /** `idle` is the clock: how long the process has waited for something to come, in milliseconds. */
  constructor(idle: () => number = idleMs) {
    this.#idleMs = idle;
  }

  /** Begins to measure; the returned function ends it, when input from the server has come. */
  start(): () => void {
    const started = this.#idleMs();
    return () => this.measured(this.#idleMs() - started);
  }

  /** The way to the server and back took so long, or longer. */
  measured(ms: number): void {
    this.#shortestMs = Math.min(this.#shortestMs, ms);
    this.isTold = this.#shortestMs >= SHORTEST_TOLD_MS && this.#shortestMs !== Number.POSITIVE_INFINITY;
  }

  /** Whether a reply came sooner after its command than it could. */
  isTooShort(ms: number): boolean {
    return this.isTold && ms < this.#shortestMs / 2;
  }
}

/** How long the event loop has waited for something to happen, in all. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}
