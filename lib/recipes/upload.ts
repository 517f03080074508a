/** A local file to a remote one, the fast way. */
import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import { defer, map, type Observable, switchMap } from 'rxjs';
import type { FtpOperations } from '../client/ftp-operations.js';
import type { StorOptions } from '../client/operations/transfer-options.js';
import { typeCode } from '../client/operations/transfer-type.js';
import { FtpUsageError } from '../errors.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import { FileSource } from './file-source.js';

/**
 * Uploads the local file `local` to `remote`, by STOR.
 *
 * Emits progress with the file's size as `total`, and a last value with `done: true`. Errors as `stor$` does, or with Node's
 * error when the file cannot be read: one that cannot be opened leaves the remote file alone, later trouble aborts the
 * upload. Unsubscribing aborts the transfer on the server.
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
  return defer(() => requireReadable(local)).pipe(
    switchMap(() => {
      const source = new FileSource((): Promise<FileHandle> => open(local, 'r'));
      return ftp.stor$(remote, source, options).pipe(map((progress) => withTotal(progress, source, options)));
    }),
  );
}

/** STOR empties the remote file before anything is read: what cannot be sent must not get that far. */
async function requireReadable(path: string): Promise<void> {
  await access(path, constants.R_OK);
  if ((await stat(path)).isDirectory()) throw new FtpUsageError(`Cannot upload ${path}: it is a directory.`);
}

/** In the type ascii the line ends that are sent are not the file's. */
function withTotal(progress: TransferProgress, { size }: FileSource, { type }: StorOptions): TransferProgress {
  return size === undefined || typeCode(type) === 'A' ? progress : { ...progress, total: size };
}
