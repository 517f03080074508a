/** Runs one script: resumes it when a wait is over, and does its effects. It has no timer, no promise and no socket. */
import type { Effect, Outcome, Script, Wait } from './script.js';

/** How a script has ended: by itself, or with the connection that it needs, or by an effect that failed. */
export type Ending = { readonly outcome: Outcome } | { readonly cause: unknown };

/** Does an effect of a script for `subject`, at once; the answer goes to the script. */
export type Perform<S> = (subject: S, effect: Effect) => boolean;

/** The script is resumed with this: an answer, or an error that is thrown at its wait. */
type Told = { readonly answer: boolean } | { readonly error: unknown };

const YES: Told = { answer: true };
const NO: Told = { answer: false };

export class Runner<S> {
  readonly #script: Script<Outcome>;
  readonly #perform: Perform<S>;
  readonly #subject: S;
  /** The wait of the script; undefined before it has started, while it runs, and at its end. Written here alone, as `ending` is. */
  wait: Wait | undefined;
  ending: Ending | undefined;
  #lost: { readonly error: unknown } | undefined;
  #runs = false;

  constructor(script: Script<Outcome>, perform: Perform<S>, subject: S) {
    this.#script = script;
    this.#perform = perform;
    this.#subject = subject;
  }

  /** Whether the wait is over. Facts do not change back, so it stays over. */
  get isReady(): boolean {
    return this.wait !== undefined && (this.#lost !== undefined || this.wait.holds());
  }

  start(): void {
    if (!this.#runs && this.ending === undefined) this.#run(YES);
  }

  /** The wait is over, as it was ready before. */
  resume(): void {
    if (this.wait !== undefined) this.#run(this.#lost ?? YES);
  }

  /** The time of the wait has passed. */
  expire(): void {
    if (this.wait !== undefined) this.#run(this.#lost ?? NO);
  }

  /** The connection is lost: the next wait, or the one that lasts, is the last. Only an abort goes on without it. */
  lose(cause: unknown): void {
    this.#lost ??= { error: cause };
  }

  /** Runs up to the next wait that is not over yet, or the end. */
  #run(first: Told): void {
    this.wait = undefined;
    this.#runs = true;
    try {
      for (let told = first; ; ) {
        const { done, value } = 'error' in told ? this.#script.throw(told.error) : this.#script.next(told.answer);
        if (done === true) {
          this.ending = { outcome: value };
          return;
        }
        if ('do' in value) {
          try {
            told = this.#perform(this.#subject, value) ? YES : NO;
          } catch (error) {
            told = { error };
          }
        } else if (this.#lost !== undefined) told = this.#lost;
        else if (value.holds()) told = YES;
        else {
          this.wait = value;
          return;
        }
      }
    } catch (cause) {
      this.ending = { cause };
    } finally {
      this.#runs = false;
    }
  }
}
