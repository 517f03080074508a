/**
 * How soon a reply can come: not before half of the shortest round trip that was seen. The TCP connect and the login's
 * replies show it. Later replies do not shorten it, or a stray one could.
 */

/** Below this the event loop's own delays are as long as the way, so nothing can be told. */
const SHORTEST_TOLD_MS = 20;

export class RoundTrip {
  #shortestMs = Number.POSITIVE_INFINITY;

  /** The way to the server and back took so long. */
  measured(ms: number): void {
    this.#shortestMs = Math.min(this.#shortestMs, ms);
  }

  /** Whether a reply came sooner after its command than it could. */
  isTooShort(ms: number): boolean {
    const shortest = this.#shortestMs;
    return shortest !== Number.POSITIVE_INFINITY && shortest >= SHORTEST_TOLD_MS && ms < shortest / 2;
  }
}
