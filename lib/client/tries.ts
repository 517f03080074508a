/** Counts the tries of one operation, as the option `retry` allows them, and tells the wait before the next one. */
import { FtpError } from '../errors.js';
import { BackOff } from './back-off.js';
import type { RetryPolicy } from './retry.js';

/** The next try of an operation. */
export interface NextTry {
  /** Its number, from 2: the first try is 1. */
  readonly attempt: number;
  /** The wait before the next try. */
  readonly delayMs: number;
  /** The error of the last try. */
  readonly error: FtpError;
}

export class Tries {
  readonly #policy: RetryPolicy;
  readonly #backOff: BackOff;
  /** The number of all tries. */
  #attempts = 0;
  /** The tries since bytes have moved. */
  #inVain = 0;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
    this.#backOff = new BackOff(policy);
  }

  /** The operation got further than ever before: the tries are counted anew. */
  moved(): void {
    this.#inVain = 0;
    this.#backOff.reset();
  }

  /**
   * Counts a try that has failed, and returns the next one; undefined if there is none. Throws what the user's `when`
   * throws. Whether the operation may be repeated at all is the caller's question.
   */
  after(error: unknown): NextTry | undefined {
    this.#attempts += 1;
    this.#inVain += 1;
    const { attempts, when } = this.#policy;
    if (!(error instanceof FtpError && error.transient) || this.#inVain >= attempts) return undefined;
    if (when(error, this.#inVain) !== true) return undefined;
    return { attempt: this.#attempts + 1, delayMs: this.#backOff.fail(), error };
  }
}
