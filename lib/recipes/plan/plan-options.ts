/** Checks the options of `plan$` before it reads anything. */
import { FtpUsageError } from '../../errors.js';
import { requireCount } from '../../protocol/check-number.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { checkFlag } from '../exists.js';
import { isTreePath } from './check-plan.js';
import type { CompareChoice } from './compare-files.js';

export interface PlanOptions {
  /**
   * The comparison of two files of one path:
   *
   * - `'size+time'` (default): they differ by size, or if the source's time is later, at the coarser precision of both. A newer target
   * counts as equal. If the zone of a time is unknown, times count as one if they differ by quarters of an hour, up to 14 hours. A source
   * that may be newer is copied.
   * - `'size'`: by size alone.
   * - `'hash'`: by size, and by the checksum that the server computes (`hash$`). A server without one: `FtpUnsupportedError`.
   * - `'manifest'`: by `.rxftp-manifest.json` in the target, which `apply$` writes. A file is equal if the manifest has its SHA-256, and
   *   the target's file still has the manifest's size and time. It is for sources whose times mean nothing, such as a fresh checkout.
   */
  readonly compare?: CompareChoice | undefined;
  /** The target's files get the time of the source's, if it can be set. Default `true`. */
  readonly keepTime?: boolean | undefined;
  /** They get its permissions too, if both sides tell them. Default `false`. */
  readonly keepMode?: boolean | undefined;
  /** Remove entries that the source lacks. Without it, only temporary files of earlier runs are removed. Default `false`. */
  readonly delete?: boolean | undefined;
  /**
   * `'skip'` (default): a link of the source is a step `skip`, and the target keeps its entry of that path. `'follow'`: the link's target
   * is copied. A link to a directory above itself is a step `skip`.
   */
  readonly links?: 'skip' | 'follow' | undefined;
  /**
   * Patterns of picomatch for paths below the root; one without a slash fits a name in any directory. Only paths that fit one take part,
   * with the directories above them; other paths are not removed either. A pattern that fits a directory fits its whole content.
   */
  readonly include?: readonly string[] | undefined;
  /** Patterns of paths that take no part, even if `include` names them. A mirror neither copies nor removes them. */
  readonly exclude?: readonly string[] | undefined;
  /**
   * A file of the source with the rules of a `.gitignore`, for the whole tree. The paths that it ignores are excluded. It must exist.
   */
  readonly ignoreFile?: string | undefined;
  /** `FtpUsageError` if the plan would remove more files and directories than this. Default: no limit. */
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

/** Throws FtpUsageError. The code that uses the patterns checks them. */
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
