/** Checks the options of `upload$` before it sends anything. */
import { checkStorOptions } from '../client/operations/check-transfer-options.js';
import { optionNamesOf } from '../client/operations/transfer-option-names.js';
import type { StorOptions } from '../client/operations/transfer-options.js';
import { TRANSFER_ALIASES } from '../client/option-aliases.js';
import { FtpUsageError } from '../errors.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { checkExists, checkFlag, type ExistsChoice } from './exists.js';

export interface UploadOptions extends StorOptions {
  /**
   * What is done where the remote file is there already: see `ExistsChoice`. Default `'overwrite'`, for which nothing is asked. The
   * others ask by `lookup$`, and `'newer'` by MDTM too.
   *
   * `'resume'` asks SIZE, and goes on where a shorter remote file ends, if its last 4096 bytes are those of the local one; they are
   * downloaded to be compared. Else it begins anew, also on a server that refuses REST or that download. With `atomic` that is the temporary file of an earlier run, also of a process that
   * was killed. Not with `start`, nor in the type `ascii`.
   */
  readonly exists?: ExistsChoice | undefined;
  /**
   * Upload under a temporary name in the same directory, verify it (`verify` is `'size'` unless it is given), and rename it (RNFR, RNTO): nothing
   * half-written has the final name. Where the server does not rename over a file, the old one is renamed first, and removed
   * at the end; it gets its name back if the upload cannot. The temporary file of an upload that fails or is left is deleted,
   * but with `exists: 'resume'`. Not with `start`. Default `false`.
   */
  readonly atomic?: boolean | undefined;
  /** Give the remote file the time of the local one, by `mfmt$`, when it is stored. A refusal is an error. Default `false`. */
  readonly keepTime?: boolean | undefined;
}

/** The options that `stor$` is not given. */
const OWN = { exists: true, atomic: true, keepTime: true } as const;

/** Throws FtpUsageError for what `upload$` cannot be asked for. */
export function checkUploadOptions(options: UploadOptions): void {
  const names: Readonly<Record<keyof UploadOptions, true>> = { ...optionNamesOf('stor$'), ...OWN };
  requireKnownOptions(options, names, TRANSFER_ALIASES);
  const { exists, atomic, keepTime, start, type } = options;
  checkStorOptions(storOptionsOf(options));
  checkExists(exists);
  checkFlag('atomic', atomic);
  checkFlag('keepTime', keepTime);
  if (exists === 'resume' && (type === 'ascii' || type === 'A')) {
    throw new FtpUsageError("The option exists: 'resume' is not for the type ascii, whose offsets count other bytes.");
  }
  if (start === undefined || start === 0) return;
  if (atomic === true) throw new FtpUsageError('The option start goes on with a file in place: leave out atomic.');
  if (exists !== undefined && exists !== 'overwrite') {
    throw new FtpUsageError('The option start goes on with a file that is there: leave out exists.');
  }
}

/** Those of the options that `stor$` takes. */
export function storOptionsOf(options: UploadOptions): StorOptions {
  const { exists: _exists, atomic: _atomic, keepTime: _time, ...others } = options;
  return others;
}
