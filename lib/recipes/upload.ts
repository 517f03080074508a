/** A local file to a remote one, the fast way. */
import { access, constants, stat } from 'node:fs/promises';
import { defer, type Observable, switchMap } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import { checkStorOptions } from '../client/operations/check-transfer-options.js';
import type { StorOptions } from '../client/operations/transfer-options.js';
import { FtpUsageError } from '../errors.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import { FileSource, requireLocalStart } from './file-source.js';

/**
 * Uploads the local file `local` to `remote`, by STOR.
 *
 * Emits progress with the file's size as `total` (not in the type ascii, which converts line ends), and a last value with
 * `done: true`. Errors as `stor$` does, or with Node's error when the file cannot be read: one that cannot be opened leaves
 * the remote file alone, later trouble aborts the upload. So does, with an `Error`, a file that is not as long as it was when
 * it was opened; what is still being written to goes by `stor$` and `createReadStream`. Unsubscribing aborts the transfer on
 * the server.
 *
 * With `start` it goes on with a file that is stored in part: the local file is read from that offset, and the remote one is
 * written from there. `bytes` and `total` count what is sent; `verify` holds SIZE against all of the file. A `start` beyond the
 * end of the local file, or of a FIFO or device, is an `FtpUsageError` with nothing sent; at its very end nothing is left to send.
 *
 * With `resume` each try reads the local file anew. One that was changed since the first try (its size, time or inode) ends the upload
 * with an `Error`; a FIFO or device is an `FtpUsageError` with nothing sent.
 *
 * @example
 * ```ts
 * upload$(ftp, 'site.zip', '/site.zip', { verify: 'size' }).subscribe(({ bytes, total }) => console.log(bytes, total));
 * ```
 */
export function upload$(
  ftp: Pick<FtpOperations, 'stor$'>,
  local: string,
  remote: string,
  options: StorOptions = {},
): Observable<TransferProgress> {
  return defer(() => {
    checkStorOptions(options);
    return requireReadable(local, options);
  }).pipe(switchMap(() => ftp.stor$(remote, new FileSource(local, options.start), options)));
}

/** STOR empties the remote file before anything is read: what cannot be sent must not get that far. */
async function requireReadable(path: string, { start = 0, resume }: StorOptions): Promise<void> {
  await access(path, constants.R_OK);
  const found = await stat(path);
  if (found.isDirectory()) throw new FtpUsageError(`Cannot upload ${path}: it is a directory.`);
  requireLocalStart(path, found, start);
  if (resume === true && !found.isFile()) {
    throw new FtpUsageError(`Cannot upload ${path} with the option resume: it is no regular file, and is read once.`);
  }
}
