/** Defines the options of `close$`. */
import { FtpUsageError } from '../errors.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { CLOSE_ALIASES } from './option-aliases.js';

export interface CloseOptions {
  /**
   * Let earlier operations finish: running ones, and those that wait for their turn, for a login or for another try. A later operation is
   * an FtpUsageError at once, also one that a recipe would subscribe next. So wait for the recipe's end first. A recipe that ends so, or
   * that you have unsubscribed, still removes its temporary files. Default `false`: all of them end with an error.
   */
  readonly drain?: boolean | undefined;
}

const NAMES: Readonly<Record<keyof CloseOptions, true>> = { drain: true };

/** Whether to drain. Throws FtpUsageError for anything but these options, since JavaScript may give anything. */
export function requireCloseOptions(options: unknown): boolean {
  if (options === undefined) return false;
  requireKnownOptions(options, NAMES, CLOSE_ALIASES);
  const { drain = false } = options as { readonly drain?: unknown };
  if (typeof drain !== 'boolean')
    throw new FtpUsageError('The option drain must be a boolean, and nothing was closed.');
  return drain;
}
