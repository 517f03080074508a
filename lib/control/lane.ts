/**
 * The lane of one control connection: who may write, in order of arrival.
 *
 * An exclusive lease (a transfer, a sequence of commands) has the lane alone. Shared leases (plain commands) may hold it
 * together: those that are granted in one turn of the event loop form a window, whose commands go out in one write; the
 * next window opens when all of its replies are in. Nobody overtakes: a waiting exclusive lease holds up the shared ones
 * behind it. A lease ends when its holder releases it, which is when the exchange is in step again, not when a
 * subscriber leaves.
 */
import { FtpConnectionError, type FtpError } from '../errors.js';

/** `transfer` is an exclusive lease that will open a data connection; a number is a shared one that writes so many bytes. */
export type LeaseKind = 'exclusive' | 'transfer' | number;

/**
 * How much may be written before a reply is awaited. A window in one write is what all servers seen can take: ftp-srv runs
 * commands of different packets side by side, and some lose a line that is cut by a packet's end.
 */
export interface LaneWindow {
  readonly commands: number;
  readonly bytes: number;
}

/** One command at a time. */
export const LOCK_STEP: LaneWindow = Object.freeze({ commands: 1, bytes: 0 });

interface Waiting {
  readonly kind: LeaseKind;
  readonly grant: (release: () => void) => void;
  readonly refuse: (cause: FtpError) => void;
}

export class Lane {
  /** What shared leases may be granted together. */
  window: LaneWindow = LOCK_STEP;
  readonly #onFree: () => void;
  readonly #onAwaited: () => void;
  #queue: Waiting[] = [];
  #exclusive = false;
  #shared = 0;
  /** The bytes of the window that is still open; undefined when none is. */
  #open: number | undefined;
  #cause: FtpError | undefined;
  #onDrained: (() => void)[] = [];

  /**
   * `onFree` is told whenever a lease has ended and nobody here waits for the place, `onAwaited` whenever somebody begins to
   * wait.
   */
  constructor(onFree: () => void, onAwaited: () => void = () => {}) {
    this.#onFree = onFree;
    this.#onAwaited = onAwaited;
  }

  /** Shared leases are held just now. */
  get shared(): boolean {
    return this.#shared > 0;
  }

  /** What waits first. */
  get next(): LeaseKind | undefined {
    return this.#queue[0]?.kind;
  }

  /** Nobody holds a lease and nobody waits. */
  get idle(): boolean {
    return !this.#exclusive && this.#shared === 0 && this.#queue.length === 0;
  }

  /** Whether a lease of this kind would be granted at once. */
  admits(kind: LeaseKind): boolean {
    return this.#cause === undefined && this.#queue.length === 0 && this.#fits(kind);
  }

  /**
   * Asks for a lease: `grant` is called with its release, at once or later; or `refuse`, when the lane closes first.
   * Returns how to give up the place while still waiting; it does nothing once the lease is granted.
   */
  enter(kind: LeaseKind, grant: (release: () => void) => void, refuse: (cause: FtpError) => void): () => void {
    if (this.#cause !== undefined) {
      refuse(this.#refusal(this.#cause));
      return () => {};
    }
    const waiting: Waiting = { kind, grant, refuse };
    this.#queue.push(waiting);
    this.#pump();
    if (this.#queue.at(-1) === waiting) this.#onAwaited();
    return () => {
      const index = this.#queue.indexOf(waiting);
      if (index < 0) return;
      this.#queue.splice(index, 1);
      this.#pump();
    };
  }

  /** Refuses everybody who waits, now and later. `drained` is called when the leases that were granted have ended. */
  close(cause: FtpError, drained: () => void = () => {}): void {
    this.#cause ??= cause;
    for (const { refuse } of this.#queue.splice(0)) refuse(this.#refusal(cause));
    if (this.idle) drained();
    else this.#onDrained.push(drained);
  }

  #fits(kind: LeaseKind): boolean {
    if (this.#exclusive) return false;
    if (this.#shared === 0) return true;
    if (typeof kind !== 'number' || this.#open === undefined) return false;
    return this.#shared < this.window.commands && this.#open + kind <= this.window.bytes;
  }

  #pump(): void {
    for (let next = this.#queue[0]; next !== undefined && this.#fits(next.kind); next = this.#queue[0]) {
      this.#queue.shift();
      if (typeof next.kind === 'number') this.#share(next.kind);
      else this.#exclusive = true;
      next.grant(this.#releaseOnce(next.kind));
    }
  }

  /** The first of a window opens it, for the rest of this turn. */
  #share(bytes: number): void {
    this.#shared += 1;
    if (this.#open === undefined) {
      process.nextTick(() => {
        this.#open = undefined;
      });
    }
    this.#open = (this.#open ?? 0) + bytes;
  }

  #releaseOnce(kind: LeaseKind): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (typeof kind === 'number') this.#shared -= 1;
      else this.#exclusive = false;
      this.#pump();
      if (this.idle) for (const drained of this.#onDrained.splice(0)) drained();
      if (this.#queue.length === 0) this.#onFree();
    };
  }

  #refusal(cause: FtpError): FtpError {
    return new FtpConnectionError(`Not started, since the session has ended: ${cause.message}`, {
      channel: 'control',
      phase: 'queued',
      cause,
    });
  }
}
