/**
 * Other code may read a Readable too: a listener for `data` that shows progress, a `pipe` into a hash. The Readable gives its
 * chunks to those who listen then. The upload reads it only when the server has asked for it, and would miss what came before.
 *
 * So a hold listens from the subscription on, as soon as other code does. Without other code that reads it, a Readable is left alone.
 */
import type { Readable } from 'node:stream';
import type { Pull } from './pull.js';
import { ReadablePull } from './pull-readable.js';
import { isReadable } from './source-use.js';

export class EarlyHold {
  readonly #readable: Readable;
  readonly #wasPaused: boolean;
  #pull: ReadablePull | undefined;

  /** Watches `source`, if it is a Readable that is open. */
  static of(source: unknown): EarlyHold | undefined {
    const isOpen = typeof source === 'object' && source !== null && isReadable(source) && !hasEnded(source);
    return isOpen ? new EarlyHold(source) : undefined;
  }

  private constructor(readable: Readable) {
    this.#readable = readable;
    this.#wasPaused = isPaused(readable);
    if (readable.readableFlowing === true || readable.listenerCount('data') > 0) this.#begin();
    else readable.on('newListener', this.#onListener);
  }

  /** Other code reads it as well, and all that it has given is kept. */
  get isHolding(): boolean {
    return this.#pull !== undefined;
  }

  /** What was kept, and all that comes. Undefined where no other code reads. */
  take(): Pull | undefined {
    const pull = this.#pull;
    this.#leave();
    return pull;
  }

  /** The upload does not read it: the others go on. */
  release(): void {
    const pull = this.#pull;
    this.#leave();
    pull?.leave();
    if (pull !== undefined && !this.#wasPaused && !hasEnded(this.#readable)) this.#readable.resume();
  }

  #leave(): void {
    this.#readable.off('newListener', this.#onListener);
    this.#pull = undefined;
  }

  readonly #onListener = (name: string | symbol): void => {
    if (name === 'data') this.#begin();
  };

  /** Paused from now on, so that the listener which comes now does not let it flow. */
  #begin(): void {
    this.#readable.off('newListener', this.#onListener);
    this.#pull = new ReadablePull(this.#readable);
    this.#readable.pause();
  }
}

/** A stream of the first kind, from before Node 0.10, does not tell. */
function isPaused(readable: Readable): boolean {
  const { isPaused: tells } = readable as Partial<Readable>;
  return tells?.call(readable) === true;
}

function hasEnded({ destroyed, readableEnded }: Readable): boolean {
  return destroyed || readableEnded;
}
