/** Defines the values that `publish$` emits. */
import type { TransferProgress } from '../../streams/progress-meter.js';

export interface PublishStep {
  /**
   * - `mkdir` and `copy`: of the new tree.
   * - `skip`: a local file that `publish$` does not upload.
   * - `verify`: the new tree is whole.
   * - `rename`: `path` to `to`.
   * - `remove`: an old tree, or the remains of an earlier run.
   */
  readonly do: 'mkdir' | 'copy' | 'skip' | 'verify' | 'rename' | 'remove';
  /** Of `mkdir`, `copy` and `skip`: below the target, with `/`. Of the others: the whole path on the server. */
  readonly path: string;
  /** The new path of `rename`. */
  readonly to?: string | undefined;
  /** Of `copy`: the file's size. */
  readonly bytes?: number | undefined;
  /** The reason, for people. */
  readonly because: string;
}

export type PublishEvent =
  /** A step that is over. A failed step is no failure of the whole: an old tree, say, that could not be removed. */
  | {
      readonly type: 'step';
      readonly step: PublishStep;
      readonly result: 'done' | 'skipped' | 'failed';
      readonly error?: Error;
    }
  /** Of the upload of one file; `path` is below the target. */
  | ({ readonly type: 'progress' } & TransferProgress);

export type Emit = (event: PublishEvent) => void;
