/** Runs one script: resumes it when a wait is over, and goes on to the part that follows. It has no timer, no promise and no socket. */
import type { Next, Outcome, Part, Wait } from './script.js';

/** How a script has ended: by itself, or with the connection that it needs, or by an effect that failed. */
export type Ending = { readonly outcome: Outcome } | { readonly cause: unknown };

/** A part has come to a wait, or to its end. */
type Step = IteratorResult<Wait, Next>;

export class Runner {
  readonly #begin: () => Next;
  /** The part that runs or waits. */
  #part: Part | undefined;
  /** The wait of the script; undefined before it has started, while it runs, and at its end. Written here alone, as `ending` is. */
  wait: Wait | undefined;
  ending: Ending | undefined;
  #lost: { readonly error: unknown } | undefined;
  #hasBegun = false;

  /** `begin` does what comes before the first wait. */
  constructor(begin: () => Next) {
    this.#begin = begin;
  }

  /** Whether the wait is over. Facts do not change back, so it stays over. */
  get isReady(): boolean {
    return this.wait !== undefined && (this.#lost !== undefined || this.wait.holds());
  }

  start(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#run(true);
  }

  /** The wait is over, as it was ready before. */
  resume(): void {
    if (this.wait !== undefined) this.#run(true);
  }

  /** The time of the wait has passed. */
  expire(): void {
    if (this.wait !== undefined) this.#run(false);
  }

  /** The connection is lost: the next wait, or the one that lasts, is the last. Only an abort goes on without it. */
  lose(cause: unknown): void {
    this.#lost ??= { error: cause };
  }

  /** Runs up to the next wait that is not over yet, or the end. `isOver` tells the script whether its wait was fulfilled. */
  #run(isOver: boolean): void {
    this.wait = undefined;
    try {
      this.#follow(this.#goOn(isOver));
    } catch (cause) {
      this.ending = { cause };
    }
  }

  /** Begins, or goes on behind a wait. The loss of the connection is thrown there. */
  #goOn(isOver: boolean): Step {
    if (this.#part === undefined) return { done: true, value: this.#begin() };
    return this.#lost === undefined ? this.#part.next(isOver) : this.#part.throw(this.#lost.error);
  }

  #follow({ done, value }: Step): void {
    if (done === true) this.#end(value);
    else this.#await(value);
  }

  #await(wait: Wait): void {
    if (this.#lost === undefined && !wait.holds()) this.wait = wait;
    else this.#follow(this.#goOn(true));
  }

  /** Goes on with the part that follows, or ends. */
  #end(next: Next): void {
    if (typeof next === 'object' && 'next' in next) {
      this.#part = next;
      this.#follow(next.next(true));
    } else {
      this.ending = { outcome: next };
    }
  }
}
