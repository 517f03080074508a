/**
 * Keeps the early chunks of a Readable that other code reads too: a listener that shows progress, a `pipe` into a hash. The Readable emits
 * its chunks to the listeners of that moment. The upload reads it only after the server's reply, and would miss earlier chunks.
 *
 * So a hold listens from the subscription on, as soon as other code does. If no other code reads a Readable, the hold leaves it alone.
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

  /** The kept chunks, and all later ones. Undefined if no other code reads. */
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
