/** Checks the limits of transfers, `deadlineMs` and `minRate`, those of a client and those of one transfer alike. */
import type { MinRate } from '../control/min-rate.js';
import { FtpUsageError } from '../errors.js';
import { requireKnownParts } from '../protocol/option-names.js';
import { RATE_ALIASES } from './option-aliases.js';

/** The longest delay of a timer; Node takes a longer one for 1 ms. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Completes the sentence "The option minRate must be ...". */
export const MIN_RATE =
  'false, or an object of bytesPerSecond (a number above 0) and overMs (a number of milliseconds above 0)';

/** The values that the parts of `minRate` may have. */
const RATE_RULES: Readonly<Record<keyof MinRate, (value: unknown) => boolean>> = {
  bytesPerSecond: (value) => Number.isFinite(value) && Number(value) > 0,
  overMs: (value) => isDelay(value) && Number(value) > 0,
};

/** A time from 0 that a timer of Node's can wait for. */
export function isDelay(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= MAX_DELAY_MS;
}

export function isMinRate(value: unknown): boolean {
  if (value === false) return true;
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Readonly<Record<string, unknown>>;
  return Object.entries(RATE_RULES).every(([name, admits]) => admits(parts[name]));
}

/** Throws FtpUsageError for a part of `minRate` that there is none of. */
export function requireRateParts(value: unknown): void {
  requireKnownParts('minRate', value, RATE_RULES, RATE_ALIASES);
}

/** Throws FtpUsageError for a `deadlineMs` or `minRate` of one transfer that is not what it may be. */
export function checkLimits(options: { readonly deadlineMs?: unknown; readonly minRate?: unknown }): void {
  const { deadlineMs, minRate } = options;
  if (deadlineMs !== undefined && !isDelay(deadlineMs)) {
    throw new FtpUsageError(`The option deadlineMs must be a number of milliseconds from 0 to ${MAX_DELAY_MS}.`);
  }
  requireRateParts(minRate);
  if (minRate !== undefined && !isMinRate(minRate)) throw new FtpUsageError(`The option minRate must be ${MIN_RATE}.`);
}
