/** Defines a plan: the steps that make one tree equal to another. It is a JSON value, which `plan$` makes and `apply$` applies. */
import type { FileKind, TimePrecision } from '../../protocol/listing/file-entry.js';

/** The version of the shape below. `apply$` refuses any other. */
export const PLAN_VERSION = 1;

/** The entry at the target when the plan was made. A step is refused if the target has another entry now. */
export interface PlannedTarget {
  readonly kind: FileKind;
  /** Its name, if the target spells it differently and takes both for one: in another case, say. */
  readonly name?: string | undefined;
  readonly size?: number | undefined;
  /** In ISO 8601, as in the listing. */
  readonly modified?: string | undefined;
  /** Default `second`. */
  readonly precision?: TimePrecision | undefined;
}

export interface PlanStep {
  /**
   * - `mkdir`: make a directory.
   * - `copy`: a file that the target does not have.
   * - `update`: replace a file.
   * - `time`: set the time of a file, or its permissions, and leave its bytes.
   * - `remove`: remove a file, a link or an empty directory; earlier steps remove the content of a directory.
   * - `skip`: do nothing; the reason may be of interest. With `failed`, it is an error.
   */
  readonly do: 'mkdir' | 'copy' | 'update' | 'remove' | 'time' | 'skip';
  /** Below the roots, with `/`. `''` is the root itself. */
  readonly path: string;
  /** The number of bytes to move, if the source names the size. */
  readonly bytes?: number | undefined;
  /** The reason, for people. */
  readonly because: string;
  /** Of `skip`: the step is necessary, and impossible. `apply$` reports it as failed, and ends with `FtpTreeError`. */
  readonly failed?: true | undefined;
  /** Of a failed step, unless the plan was read from JSON: the error of the listing, say. It is not enumerable. */
  readonly error?: Error | undefined;
  /** The time of the source's file, in ISO 8601, which the target's file gets. */
  readonly modified?: string | undefined;
  /** `modified` is not exact to the second, or its zone is unknown. The client sends MDTM for a better one, if the server has it. */
  readonly rough?: true | undefined;
  /** The permissions that the target's file gets. */
  readonly mode?: number | undefined;
  /** The entry at the target; without it, there must be none. */
  readonly was?: PlannedTarget | undefined;
}

/** The number of steps of each kind, and the bytes that they move. */
export interface PlanTotals {
  readonly mkdir: number;
  readonly copy: number;
  readonly update: number;
  readonly remove: number;
  readonly time: number;
  /** Counts the steps that have not failed. */
  readonly skip: number;
  readonly failed: number;
  /** Files that are equal, and have no step. */
  readonly equal: number;
  /** Bytes to move by `copy` and `update`, as far as sizes are known. */
  readonly bytes: number;
}

export interface Plan {
  readonly version: typeof PLAN_VERSION;
  /** Directories before their content, removals last. `apply$` begins them in this order, but makes directories first. */
  readonly steps: readonly PlanStep[];
  readonly totals: PlanTotals;
  /** The target's files get the time of the source's. */
  readonly keepTime: boolean;
  /** Links of the source were followed, so reads through them are allowed. */
  readonly links?: 'follow' | undefined;
  /** `apply$` keeps the manifest of the target. */
  readonly manifest?: true | undefined;
}
