/** Runs one script: tells it when a wait is over, and has its effects done. It has no timer, no promise and no socket. */
import type { Effect, Outcome, Script, Wait } from './script.js';

/** How a script has ended: by itself, or with the connection that it needs, or by an effect that failed. */
export type Ending = { readonly outcome: Outcome } | { readonly cause: unknown };

export class Runner {
  readonly #script: Script<Outcome>;
  readonly #perform: (effect: Effect) => boolean;
  #wait: Wait | undefined;
  #lost: { readonly cause: unknown } | undefined;
  #runs = false;
  #ending: Ending | undefined;

  /** `perform` does an effect at once; its answer goes to the script. */
  constructor(script: Script<Outcome>, perform: (effect: Effect) => boolean) {
    this.#script = script;
    this.#perform = perform;
  }

  /** What the script waits for; undefined before it has started, while it runs, and at its end. */
  get wait(): Wait | undefined {
    return this.#wait;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Whether the wait is over. What is known does not become unknown, so it stays so. */
  get isReady(): boolean {
    return this.#wait !== undefined && (this.#lost !== undefined || this.#wait.holds());
  }

  start(): void {
    this.#go(() => this.#script.next(true));
  }

  /** The wait is over, as it was ready before. */
  resume(): void {
    if (this.#wait !== undefined) this.#leaveWait(true);
  }

  /** The time of the wait has passed. */
  expire(): void {
    if (this.#wait !== undefined) this.#leaveWait(false);
  }

  /** The connection is lost: the next wait, or the one that lasts, is the last. Only an abort goes on without it. */
  lose(cause: unknown): void {
    this.#lost ??= { cause };
  }

  #leaveWait(held: boolean): void {
    this.#wait = undefined;
    const lost = this.#lost;
    this.#go(() => (lost === undefined ? this.#script.next(held) : this.#script.throw(lost.cause)));
  }

  /** Runs up to the next wait, or the end. */
  #go(first: () => IteratorResult<Effect | Wait, Outcome>): void {
    if (this.#runs || this.#ending !== undefined) return;
    this.#runs = true;
    try {
      let step = first();
      while (step.done !== true && this.#wait === undefined) step = this.#next(step.value);
      if (step.done === true) this.#ending = { outcome: step.value };
    } catch (cause) {
      this.#ending = { cause };
    } finally {
      this.#runs = false;
    }
  }

  #next(step: Effect | Wait): IteratorResult<Effect | Wait, Outcome> {
    if ('do' in step) return this.#do(step);
    if (this.#lost !== undefined) return this.#script.throw(this.#lost.cause);
    if (step.holds()) return this.#script.next(true);
    this.#wait = step;
    return { done: false, value: step };
  }

  #do(effect: Effect): IteratorResult<Effect | Wait, Outcome> {
    let answer: boolean;
    try {
      answer = this.#perform(effect);
    } catch (error) {
      return this.#script.throw(error);
    }
    return this.#script.next(answer);
  }
}
