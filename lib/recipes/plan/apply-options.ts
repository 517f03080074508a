/** Checks the options of `apply$` before it does anything. */
import { FtpUsageError } from '../../errors.js';
import { requireLimit, unfit } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { checkFlag } from '../exists.js';

export interface ApplyOptions {
  /**
   * The number of files that move at a time. A client moves as many as it has sessions (`maxSessions`). Up to four times as many steps are
   * under way: the others wait, and their short commands leave together. With 1 the steps run one after the other. From a client to itself
   * it is 1. Default 4.
   */
  readonly concurrency?: number | undefined;
  /**
   * `'stop'` (default): the first failed step ends the work, and aborts the running steps. `'continue'`: the other steps run, and then
   * comes the error.
   */
  readonly onError?: 'stop' | 'continue' | undefined;
  /** With `onError: 'continue'`: this many failed steps end the work. Default: no limit. */
  readonly maxErrors?: number | undefined;
  /** The limit of all files together. Default: no limit. */
  readonly bytesPerSecond?: number | undefined;
  /**
   * The client stores files on a server under a temporary name, verifies their size, and renames them. `false`: STOR writes in place, for
   * servers that allow no rename. Local files have a temporary name in either case. Default `true`.
   */
  readonly atomic?: boolean | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export const APPLY_OPTION_NAMES: Readonly<Record<keyof ApplyOptions, true>> = {
  concurrency: true,
  onError: true,
  maxErrors: true,
  bytesPerSecond: true,
  atomic: true,
  signal: true,
};

/** Throws FtpUsageError. */
export function checkApplyOptions(options: ApplyOptions): void {
  requireKnownOptions(options, APPLY_OPTION_NAMES);
  const { concurrency, onError = 'stop', maxErrors, bytesPerSecond, atomic } = options;
  if (concurrency !== undefined) requireLimit('The option concurrency', concurrency);
  if (maxErrors !== undefined) requireLimit('The option maxErrors', maxErrors);
  if (onError !== 'stop' && onError !== 'continue') {
    throw new FtpUsageError("The option onError must be 'stop' or 'continue'.");
  }
  if (bytesPerSecond !== undefined && !(Number.isFinite(bytesPerSecond) && bytesPerSecond > 0)) {
    throw unfit('The option bytesPerSecond', 'a number above 0', bytesPerSecond);
  }
  checkFlag('atomic', atomic);
}
