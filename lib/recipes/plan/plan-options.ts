/** Checks the options of `plan$` before it reads anything. */
import { FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { checkFlag } from '../exists.js';
import { isTreePath } from './check-plan.js';
import type { CompareChoice } from './compare-files.js';

export interface PlanOptions {
  /**
   * How two files of one path are found to differ:
   *
   * - `'size+time'` (default): by size, or since the source's time is later, at the coarser precision of both. A target that is newer counts as equal.
   *   Where the zone of a time is not known, times that differ by quarters of an hour, up to 14 hours, count as one time; a source
   *   that may be newer is copied.
   * - `'size'`: by size alone.
   * - `'hash'`: by size, and by the checksum that the server computes (`hash$`). A server without one: `FtpUnsupportedError`.
   * - `'manifest'`: by `.rxftp-manifest.json` in the target, which `apply$` writes. A file is equal if its SHA-256 is that in the manifest,
   *   and if the target's file still has the size and time from there. It is for sources whose times mean nothing, such as a fresh checkout.
   */
  readonly compare?: CompareChoice | undefined;
  /** The target's files get the time of the source's, where that can be set. Default `true`. */
  readonly keepTime?: boolean | undefined;
  /** They get its permissions too, where both sides tell them. Default `false`. */
  readonly keepMode?: boolean | undefined;
  /** Remove what the source does not have. Without it, nothing is removed but temporary files of earlier runs. Default `false`. */
  readonly delete?: boolean | undefined;
  /**
   * `'skip'` (default): a link of the source is a step `skip`, and the target keeps what it has there. `'follow'`: it is what it leads to. A
   * directory that leads back to one that it is in is a step `skip`.
   */
  readonly links?: 'skip' | 'follow' | undefined;
  /**
   * Patterns of picomatch, of paths below the root; one without a slash fits a name in any directory. Only what fits one takes
   * part, with the directories above it; what does not is not removed either. A pattern that fits a directory fits all that is in it.
   */
  readonly include?: readonly string[] | undefined;
  /** Patterns of what takes no part, even if `include` names it. It is neither copied nor removed. */
  readonly exclude?: readonly string[] | undefined;
  /** A file of the source with the rules of a `.gitignore`, for all the tree: what it ignores is excluded. It must be there. */
  readonly ignoreFile?: string | undefined;
  /** `FtpUsageError` where more files and directories would be removed than this. Default: no limit. */
  readonly maxDelete?: number | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export const PLAN_OPTION_NAMES: Readonly<Record<keyof PlanOptions, true>> = {
  compare: true,
  keepTime: true,
  keepMode: true,
  delete: true,
  links: true,
  include: true,
  exclude: true,
  ignoreFile: true,
  maxDelete: true,
  signal: true,
};

const COMPARES: Readonly<Record<CompareChoice, true>> = { 'size+time': true, size: true, hash: true, manifest: true };

/** Throws FtpUsageError. The patterns are checked where they are used. */
export function checkPlanOptions(options: PlanOptions): void {
  requireKnownOptions(options, PLAN_OPTION_NAMES);
  const { compare = 'size+time', keepTime, keepMode, links = 'skip', ignoreFile, maxDelete } = options;
  if (!Object.hasOwn(COMPARES, compare)) {
    const names = Object.keys(COMPARES).map((name) => `'${name}'`);
    throw new FtpUsageError(`The option compare must be one of ${names.join(', ')}, not ${JSON.stringify(compare)}.`);
  }
  if (links !== 'skip' && links !== 'follow') throw new FtpUsageError("The option links must be 'skip' or 'follow'.");
  checkFlag('keepTime', keepTime);
  checkFlag('keepMode', keepMode);
  checkFlag('delete', options.delete);
  if (maxDelete !== undefined) requireCount('The option maxDelete', maxDelete);
  if (ignoreFile !== undefined && !(typeof ignoreFile === 'string' && isTreePath(ignoreFile))) {
    throw new FtpUsageError('The option ignoreFile must be the path of a file below the root of the source.');
  }
}
