/**
 * Gives leases to write on one control connection, in order of arrival.
 *
 * An exclusive lease (a transfer, a sequence of commands) has the lane alone. Shared leases (plain commands) may hold it together, up to
 * the number that their window admits. No lease overtakes another: a waiting exclusive lease holds up the shared ones behind it. A lease
 * ends when its holder releases it: when the exchange is in step again, not when a subscriber unsubscribes.
 */
import { FtpConnectionError, type FtpError } from '../errors.js';
import { SlidingWindow, type WindowPlace } from './sliding-window.js';

/** A lease that others may hold beside it: its command writes so many bytes. */
export interface SharedLease {
  readonly bytes: number;
}

/**
 * Exclusive leases have names: `transfer` will open a data connection, and so will `listing`, for which no type has to be set
 * first.
 */
export type LeaseKind = 'exclusive' | 'transfer' | 'listing' | SharedLease;

/** The next step of a session; `quit`: only the end of the session, which waits for running work. */
export type NextKind = LeaseKind | 'quit';

/** Whether others may hold a lease beside one of this kind. */
export function isShared(kind: NextKind | undefined): kind is SharedLease {
  return typeof kind === 'object';
}

/** Whether a lease of this kind will open a data connection. */
export function opensData(kind: NextKind | undefined): boolean {
  return kind === 'transfer' || kind === 'listing';
}

interface LanePlace {
  readonly kind: LeaseKind;
  readonly grant: (release: () => void) => void;
  readonly refuse: (cause: FtpError) => void;
  stage: 'waiting' | 'held' | 'ended';
  /** Of a shared lease that is held. */
  inWindow?: WindowPlace;
}

export class Lane {
  /** The window of the shared leases that hold the lane together. */
  readonly window: SlidingWindow = new SlidingWindow();
  readonly #onFree: () => void;
  readonly #onContention: () => void;
  #queue: LanePlace[] = [];
  /** The number of held leases: an exclusive one, or those in the window. */
  #leases = 0;
  #exclusive = false;
  #cause: FtpError | undefined;
  #onDrained: (() => void)[] = [];

  /**
   * `onFree` is called whenever a lease has ended and no work here waits for the place, `onContention` whenever some begins to wait.
   */
  constructor(onFree: () => void, onContention: () => void = () => {}) {
    this.#onFree = onFree;
    this.#onContention = onContention;
  }

  /** Shared leases are held just now. */
  get shared(): boolean {
    return this.#leases > 0 && !this.#exclusive;
  }

  /** The kind of the first lease that waits. */
  get next(): LeaseKind | undefined {
    return this.#queue[0]?.kind;
  }

  /** No lease is held and none waits. */
  get idle(): boolean {
    return this.#leases === 0 && this.#queue.length === 0;
  }

  /** Whether a lease of this kind would be granted at once. */
  admits(kind: LeaseKind): boolean {
    return this.#cause === undefined && this.#queue.length === 0 && this.#fits(kind);
  }

  /**
   * Asks for a lease: `grant` is called with its release, at once or later; or `refuse`, when the lane closes first.
   * Returns a function to leave. It cancels a waiting place; a granted lease lasts until its release, without a subscriber.
   */
  enter(kind: LeaseKind, grant: (release: () => void) => void, refuse: (cause: FtpError) => void): () => void {
    if (this.#cause !== undefined) {
      refuse(this.#refusal(this.#cause));
      return () => {};
    }
    const place: LanePlace = { kind, grant, refuse, stage: 'waiting' };
    if (this.#queue.length === 0 && this.#fits(kind)) this.#hold(place);
    else this.#wait(place);
    return () => this.#leave(place);
  }

  /** Refuses every lease that waits, now and later. `drained` is called when the leases that were granted have ended. */
  close(cause: FtpError, drained: () => void = () => {}): void {
    this.#cause ??= cause;
    for (const place of this.#queue.splice(0)) {
      place.stage = 'ended';
      place.refuse(this.#refusal(cause));
    }
    if (this.idle) drained();
    else this.#onDrained.push(drained);
  }

  #fits(kind: LeaseKind): boolean {
    if (this.#leases === 0) return true;
    return !this.#exclusive && isShared(kind) && this.window.admits(kind.bytes);
  }

  #wait(place: LanePlace): void {
    this.#queue.push(place);
    this.#onContention();
  }

  #pump(): void {
    for (let next = this.#queue[0]; next !== undefined && this.#fits(next.kind); next = this.#queue[0]) {
      this.#queue.shift();
      this.#hold(next);
    }
  }

  #hold(place: LanePlace): void {
    place.stage = 'held';
    this.#leases += 1;
    if (isShared(place.kind)) place.inWindow = this.window.enter(place.kind.bytes);
    else this.#exclusive = true;
    place.grant(() => this.#release(place));
  }

  #leave(place: LanePlace): void {
    if (place.stage === 'held') place.inWindow?.leave();
    if (place.stage !== 'waiting') return;
    place.stage = 'ended';
    this.#queue.splice(this.#queue.indexOf(place), 1);
    this.#pump();
  }

  #release(place: LanePlace): void {
    if (place.stage === 'ended') return;
    place.stage = 'ended';
    this.#leases -= 1;
    if (place.inWindow === undefined) this.#exclusive = false;
    else place.inWindow.free();
    if (this.#queue.length > 0) this.#pump();
    if (this.#onDrained.length > 0 && this.idle) this.#tellDrained();
    if (this.#queue.length === 0) this.#onFree();
  }

  #tellDrained(): void {
    for (const drained of this.#onDrained.splice(0)) drained();
  }

  #refusal(cause: FtpError): FtpError {
    return new FtpConnectionError(`Not started, since the session has ended: ${cause.message}`, {
      channel: 'control',
      phase: 'queued',
      outcome: 'none',
      cause,
    });
  }
}
