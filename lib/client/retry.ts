/** Decides by the option `retry` whether a failed connection or operation gets another try, and how often. */
import { FtpError } from '../errors.js';
import type { BackOffDelays } from './back-off.js';

/** The rules for further tries of logins and operations. Delays are milliseconds. */
export interface RetryOptions {
  /**
   * How often, the first try included. The count for logins begins anew once an operation has its answer. The count for an upload does
   * whenever more bytes have moved than in any try before. Default 5.
   */
  readonly attempts?: number | undefined;
  /** The wait before the second try is a random time up to this; each failure doubles the bound. Default 500. */
  readonly delayMs?: number | undefined;
  /** The greatest bound of a wait. Default 30 000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * Called with each error that allows another try, and the number of tries so far, from 1. Anything but `true` ends the
   * tries: it narrows what is repeated, and never widens it. An error that it throws is the error of the operations that wait.
   */
  readonly when?: ((error: FtpError, attempt: number) => boolean) | undefined;
}

/** `retry` with its defaults filled in. */
export interface RetryPolicy extends BackOffDelays {
  readonly attempts: number;
  readonly when: (error: FtpError, attempt: number) => boolean;
}

export function retryPolicy(retry: boolean | RetryOptions): RetryPolicy {
  const { attempts, delayMs = 500, maxDelayMs = 30_000, when } = typeof retry === 'object' ? retry : {};
  return Object.freeze({
    attempts: attempts ?? (retry === false ? 1 : 5),
    delayMs,
    maxDelayMs,
    when: when ?? (() => true),
  });
}

/** Whether the same login may succeed a little later. The server has not refused it for good, and nothing in it was wrong. */
export function isTemporary(error: unknown): error is FtpError {
  return error instanceof FtpError && error.transient;
}
