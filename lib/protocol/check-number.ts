/**
 * Checks the numbers that a user gives. The message names the number by `what`: `The option start`. It does not round, and does not replace
 * a value by a default. NaN is usually the result of a wrong calculation elsewhere.
 */
import { FtpUsageError } from '../errors.js';

/** Throws FtpUsageError for anything but a whole number from 0: an offset, or a size. */
export function requireCount(what: string, value: unknown): void {
  if (!(Number.isSafeInteger(value) && Number(value) >= 0)) throw unfit(what, 'a whole number from 0', value);
}

/** Throws FtpUsageError for anything but a whole number above 0: a limit. */
export function requireLimit(what: string, value: unknown): void {
  if (!(Number.isSafeInteger(value) && Number(value) > 0)) throw unfit(what, 'a whole number above 0', value);
}

/** Throws FtpUsageError for anything but a number from 0 that is not endless: a time between two reports. */
export function requireInterval(what: string, value: unknown): void {
  if (!(Number.isFinite(value) && Number(value) >= 0)) throw unfit(what, 'a number from 0', value);
}

/** The error for a number that is not `wanted`. */
export function unfit(what: string, wanted: string, value: unknown): FtpUsageError {
  return new FtpUsageError(`${what} must be ${wanted}, not ${typeof value === 'number' ? value : typeof value}.`);
}
