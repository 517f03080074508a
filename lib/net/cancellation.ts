/**
 * Tells work to stop, with the members of an AbortSignal that this library uses. A real one is an EventTarget that the garbage collector
 * follows. Two of them cost a small transfer more time than its commands do. The library makes one for code of others that needs it.
 */

/** Every `AbortSignal` is one. */
export interface Cancellation {
  readonly aborted: boolean;
  /** Why it was aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** As `AbortController`, but that it is its own signal. */
export class Canceller implements Cancellation {
  aborted = false;
  reason: unknown;
  #listeners: (() => void)[] = [];

  /** Aborts once; listeners are called in this turn, in the order they came. */
  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }
}

/** An `AbortSignal` that aborts when `cancellation` does. */
export function abortSignalOf(cancellation: Cancellation): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation;
  const controller = new AbortController();
  const abort = (): void => controller.abort(cancellation.reason);
  if (cancellation.aborted) abort();
  else cancellation.addEventListener('abort', abort);
  return controller.signal;
}
