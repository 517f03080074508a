/** Runs one script: resumes it when a wait is over, and does its effects. It has no timer, no promise and no socket. */
import type { Effect, Outcome, Script, Wait } from './script.js';

/** How a script has ended: by itself, or with the connection that it needs, or by an effect that failed. */
export type Ending = { readonly outcome: Outcome } | { readonly cause: unknown };

/** Does an effect of a script for `subject`, at once; the answer goes to the script. */
export type Perform<S> = (subject: S, effect: Effect) => boolean;

/** The script is resumed with this: an answer, or an error that is thrown where it waits. */
type Told = { readonly answer: boolean } | { readonly error: unknown };

const YES: Told = { answer: true };
const NO: Told = { answer: false };

export class Runner<S> {
  readonly #script: Script<Outcome>;
  readonly #perform: Perform<S>;
  readonly #subject: S;
  #lost: { readonly error: unknown } | undefined;
  #wait: Wait | undefined;
  #runs = false;
  #ending: Ending | undefined;

  constructor(script: Script<Outcome>, perform: Perform<S>, subject: S) {
    this.#script = script;
    this.#perform = perform;
    this.#subject = subject;
  }

  /** The wait of the script; undefined before it has started, while it runs, and at its end. */
  get wait(): Wait | undefined {
    return this.#wait;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Whether the wait is over. Facts do not change back, so it stays over. */
  get isReady(): boolean {
    return this.#wait !== undefined && (this.#lost !== undefined || this.#wait.holds());
  }

  start(): void {
    if (!this.#runs && this.#ending === undefined) this.#run(YES);
  }

  /** The wait is over, as it was ready before. */
  resume(): void {
    if (this.#wait !== undefined) this.#run(this.#lost ?? YES);
  }

  /** The time of the wait has passed. */
  expire(): void {
    if (this.#wait !== undefined) this.#run(this.#lost ?? NO);
  }

  /** The connection is lost: the next wait, or the one that lasts, is the last. Only an abort goes on without it. */
  lose(cause: unknown): void {
    this.#lost ??= { error: cause };
  }

  /** Runs up to the next wait, or the end. */
  #run(first: Told): void {
    this.#wait = undefined;
    this.#runs = true;
    try {
      for (let told: Told | undefined = first; told !== undefined; ) {
        const step = 'error' in told ? this.#script.throw(told.error) : this.#script.next(told.answer);
        if (step.done === true) {
          this.#ending = { outcome: step.value };
          return;
        }
        told = this.#take(step.value);
      }
    } catch (cause) {
      this.#ending = { cause };
    } finally {
      this.#runs = false;
    }
  }

  /** Does an effect, or begins a wait; undefined where the wait is not over yet. */
  #take(step: Effect | Wait): Told | undefined {
    if ('do' in step) {
      try {
        return this.#perform(this.#subject, step) ? YES : NO;
      } catch (error) {
        return { error };
      }
    }
    if (this.#lost !== undefined) return this.#lost;
    if (step.holds()) return YES;
    this.#wait = step;
    return undefined;
  }
}
