/** Reports the progress of the transfer of a whole local file. */
import type { TransferProgress } from '../streams/progress-meter.js';

export interface FileProgress extends TransferProgress {
  /** Of the last value: the file existed, and the option `exists` has left it unchanged. Nothing was transferred. */
  readonly skipped?: true;
  /**
   * With the option `segments` of `download$`: the greatest number of transfers that have moved bytes at once, so far. It is 1 if the file
   * comes as one stream.
   */
  readonly segments?: number;
  /** Of the last value of `download$`: the name of the local file. */
  readonly file?: string;
}

/** The one value of a transfer that was not needed. */
export function skippedProgress(path: string, file?: string): FileProgress {
  return {
    path,
    bytes: 0,
    attempt: 1,
    elapsedMs: 0,
    bytesPerSecond: 0,
    etaMs: 0,
    done: true,
    verified: false,
    skipped: true,
    ...(file === undefined ? {} : { file }),
  };
}
