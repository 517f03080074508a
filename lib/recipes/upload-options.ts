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
   * The treatment of an existing remote file: see `ExistsChoice`. Default `'overwrite'`, which sends no question. The others send
   * `lookup$`, and `'newer'` sends MDTM too.
   *
   * `'resume'` sends SIZE, and continues at the end of a shorter remote file. Its last 4096 bytes must equal the local ones. The client
   * downloads them for the comparison. Otherwise it begins anew, also if a server refuses REST or that download. With `atomic` it continues
   * the temporary file of an earlier run, also of a killed process. Not with `start`, nor in the type `ascii`.
   */
  readonly exists?: ExistsChoice | undefined;
  /**
   * Upload under a temporary name in the same directory, verify it (`verify` is `'size'` by default), and rename it (RNFR, RNTO). No
   * partial file has the final name. If the server does not rename over a file, the client renames the old one first, and removes it at the
   * end. The old file gets its name back if the upload fails. The client deletes the temporary file of an upload that fails or is
   * unsubscribed, except with `exists: 'resume'`. Not with `start`. Default `false`.
   */
  readonly atomic?: boolean | undefined;
  /** Give the remote file the time of the local one, by `mfmt$`, when it is stored. A refusal is an error. Default `false`. */
  readonly keepTime?: boolean | undefined;
}

/** The options that `upload$` does not pass to `stor$`. */
const OWN = { exists: true, atomic: true, keepTime: true } as const;

/** Throws FtpUsageError for options that `upload$` cannot have. */
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

/** Picks the options that `stor$` takes. */
export function storOptionsOf(options: UploadOptions): StorOptions {
  const { exists: _exists, atomic: _atomic, keepTime: _time, ...others } = options;
  return others;
}
