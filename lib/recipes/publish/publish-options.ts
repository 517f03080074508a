/** Checks the options of `publish$` before it reads or sends anything. */
import { FtpUsageError } from '../../errors.js';
import { requireCount, requireLimit } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import type { TreeEntry } from '../tree/tree-entry.js';

export interface PublishOptions {
  /** The number of old trees to keep beside the target, the newest ones. Their names end with `.rxftp-old-` and the time. Default 1. */
  readonly keep?: number | undefined;
  /**
   * The number of files that are uploaded at a time, and of directories that are listed. A client does as many as it has sessions. Default
   * 4.
   */
  readonly concurrency?: number | undefined;
  /**
   * The proof of the new tree before it gets its name. `'size'`: the server's listings have each file, with its size. `'hash'`: also by the
   * checksum of each file, which the server must tell. Default `'size'`.
   */
  readonly verify?: 'size' | 'hash' | undefined;
  /** Local files and directories for which it returns false are left out. */
  readonly filter?: ((entry: TreeEntry) => boolean) | undefined;
  /** `'skip'` (default): local links are left out, and reported. `'follow'`: their targets are uploaded. */
  readonly links?: 'skip' | 'follow' | undefined;
  /** Ends the work as unsubscribing does. When what was uploaded is removed, it errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: Readonly<Record<keyof PublishOptions, true>> = {
  keep: true,
  concurrency: true,
  verify: true,
  filter: true,
  links: true,
  signal: true,
};

/** Throws FtpUsageError for options that `publish$` cannot have. */
export function checkPublishOptions(options: PublishOptions): void {
  requireKnownOptions(options, NAMES);
  const { keep, concurrency, verify, filter, links } = options;
  if (keep !== undefined) requireCount('The option keep', keep);
  if (concurrency !== undefined) requireLimit('The option concurrency', concurrency);
  if (verify !== undefined && verify !== 'size' && verify !== 'hash') {
    throw new FtpUsageError("The option verify must be 'size' or 'hash'.");
  }
  if (filter !== undefined && typeof filter !== 'function') {
    throw new FtpUsageError('The option filter must be a function of an entry.');
  }
  if (links !== undefined && links !== 'skip' && links !== 'follow') {
    throw new FtpUsageError("The option links must be 'skip' or 'follow'.");
  }
}
