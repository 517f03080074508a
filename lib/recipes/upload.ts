/** Uploads a local file to a remote one by large buffers. */
import { access, constants, stat } from 'node:fs/promises';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  finalize,
  lastValueFrom,
  map,
  type Observable,
  of,
  switchMap,
  tap,
} from 'rxjs';
import type { StorOptions } from '../client/operations/transfer-options.js';
import { FtpConnectionError, FtpTimeoutError, FtpUsageError } from '../errors.js';
import { type FileReading, FileSource, requireLocalStart } from '../sinks/file-source.js';
import { untilAborted } from '../streams/abort-signal.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import type { ByteSource } from '../streams/source.js';
import { isRestRefused } from './ask.js';
import { type FileProgress, skippedProgress } from './file-progress.js';
import { type LocalFile, planUpload, type RemotePlan, type UploadFtp } from './remote-plan.js';
import { publish, requireRenaming } from './remote-publish.js';
import { verifyStoredSize } from './stored-size.js';
import { checkUploadOptions, storOptionsOf, type UploadOptions } from './upload-options.js';
import { withSignal } from './with-signal.js';

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
 * With `exists` a remote file that is there may be left alone, or completed; with `atomic` nothing half-written has the final name; see
 * `UploadOptions`. The last value comes when the file has its final name and time. Where `exists` leaves a file alone, that is the only
 * value, and has `skipped: true`. With `exists: 'resume'`, `bytes` and `total` count from the file's beginning, and `resumedFrom` is
 * where this upload goes on. A file that must not be there and is (`exists: 'fail'`) is an error with the code `EEXIST`.
 *
 * @example
 * ```ts
 * upload$(ftp, 'site.zip', '/site.zip', { atomic: true, keepTime: true }).subscribe(({ bytes, total }) => console.log(bytes, total));
 * ```
 */
export function upload$(
  ftp: UploadFtp,
  local: string,
  remote: string,
  options: UploadOptions = {},
): Observable<FileProgress> {
  return defer(() => {
    checkUploadOptions(options);
    if (options.atomic === true) requireRenaming(ftp, remote);
    if (options.keepTime === true && ftp.mfmt$ === undefined) {
      throw new FtpUsageError('The option keepTime needs an ftp that has mfmt$.');
    }
    const planned$ = withSignal(async (signal) => {
      const file = await readableFile(local, options);
      return { file, plan: await planUpload({ ftp, local: file, remote, options, signal }) };
    });
    const upload$ = planned$.pipe(
      switchMap(({ file, plan }) =>
        plan === undefined ? of(skippedProgress(remote)) : run$({ ftp, options, file, plan }),
      ),
    );
    return untilAborted(upload$, options.signal);
  });
}

/** An upload whose way is decided. */
export interface Upload {
  readonly ftp: UploadFtp;
  readonly options: UploadOptions;
  readonly file: Pick<LocalFile, 'modified'> & Partial<LocalFile>;
  readonly plan: RemotePlan;
  /** What is sent in place of a local file. `reading` tells when all of it was read. */
  readonly given?: { readonly source: ByteSource; readonly reading: FileReading } | undefined;
  /** With `atomic`: the size is verified before the rename, by a question that goes out with the file's time. Transfers need not wait for it. */
  readonly verifiesBesideTime?: boolean | undefined;
}

/** On a server that refuses REST it begins anew. */
function run$(upload: Upload): Observable<FileProgress> {
  const { options, plan } = upload;
  if (options.exists !== 'resume' || plan.start === 0) return stored$(upload);
  return stored$(upload).pipe(
    catchError((error: unknown) => {
      if (!isRestRefused(error)) throw error;
      return stored$({ ...upload, plan: { ...plan, start: 0 } });
    }),
  );
}

/** Stores the file; its last value comes when it has its final name and time. */
export function stored$(upload: Upload): Observable<FileProgress> {
  const { ftp, options, file, plan, given } = upload;
  const { atomic = false, exists, keepTime = false } = options;
  const {
    deletePartial = atomic && exists !== 'resume',
    verify = atomic && upload.verifiesBesideTime !== true ? 'size' : false,
    ...others
  } = storOptionsOf(options);
  // What is stored was compared with this state of the file.
  const reading: FileReading = given?.reading ?? (exists === 'resume' ? { found: file.found } : {});
  const source = given?.source ?? new FileSource(file.path ?? '', plan.start, undefined, reading);
  const stor$ = ftp.stor$(plan.stored, source, { ...others, start: plan.start, deletePartial, verify });
  const sent$ = atomic && deletePartial ? deletingStored$(stor$, upload, reading) : stor$;
  const show = (progress: TransferProgress): FileProgress => shown(upload, progress);
  if (!atomic && !keepTime) return sent$.pipe(map(show));
  return sent$.pipe(
    concatMap((progress) => {
      if (!progress.done) return of(show(progress));
      return withSignal((signal) => finish(upload, progress.bytes, signal)).pipe(
        map((verifiedBy) => show(verifiedBy === undefined ? progress : { ...progress, verified: true, verifiedBy })),
      );
    }),
  );
}

/** stor$ deletes what is stored in part. What is stored whole and cannot be verified it leaves. */
function deletingStored$(
  stor$: Observable<TransferProgress>,
  { ftp, plan }: Upload,
  reading: FileReading,
): Observable<TransferProgress> {
  let isOver = false;
  return stor$.pipe(
    tap({ next: ({ done }) => (isOver = done), error: () => (isOver = true) }),
    catchError(async (error: unknown) => {
      const isLost = error instanceof FtpConnectionError || error instanceof FtpTimeoutError;
      if (reading.isRead === true && !isLost) await removeTemporary(ftp, plan.stored);
      throw error;
    }),
    finalize(() => {
      if (!isOver && reading.isRead === true) void removeTemporary(ftp, plan.stored);
    }),
  );
}

/** The time before the name: what has the final name is done. */
async function finish(upload: Upload, bytes: number, signal: AbortSignal): Promise<'size' | undefined> {
  const { ftp, options, plan, verifiesBesideTime = false } = upload;
  try {
    const [verifiedBy] = await Promise.all([
      verifiesBesideTime ? verifyStoredSize({ ftp, path: plan.stored, bytes, signal }) : undefined,
      setTime(upload, signal),
    ]);
    if (options.atomic === true) await publish({ ...plan, ftp, signal });
    return verifiedBy;
  } catch (error) {
    if (options.atomic === true && options.exists !== 'resume') await removeTemporary(ftp, plan.stored);
    throw error;
  }
}

async function setTime({ ftp, options, file, plan }: Upload, signal: AbortSignal): Promise<void> {
  if (options.keepTime === true) await lastValueFrom(ftp.mfmt$?.(plan.stored, file.modified, { signal }) ?? EMPTY);
}

/** That it cannot be removed is less than the reason it is removed for. */
async function removeTemporary(ftp: UploadFtp, path: string): Promise<void> {
  await lastValueFrom(ftp.dele$?.(path) ?? EMPTY, { defaultValue: undefined }).catch(() => undefined);
}

/** Under its final name; in bytes of the file where an earlier run has stored some. */
function shown({ plan, options }: Upload, progress: TransferProgress): FileProgress {
  const { bytes, total } = progress;
  const named = progress.path === plan.stored ? { ...progress, path: plan.final } : progress;
  if (options.exists !== 'resume' || plan.start === 0) return named;
  const all = total === undefined ? {} : { total: total + plan.start };
  return { ...named, ...all, bytes: bytes + plan.start, resumedFrom: progress.resumedFrom ?? plan.start };
}

/** STOR empties the remote file before anything is read: what cannot be sent must not get that far. */
export async function readableFile(path: string, { start = 0, resume }: StorOptions): Promise<LocalFile> {
  await access(path, constants.R_OK);
  const found = await stat(path);
  if (found.isDirectory()) throw new FtpUsageError(`Cannot upload ${path}: it is a directory.`);
  requireLocalStart(path, found, start);
  if (resume === true && !found.isFile()) {
    throw new FtpUsageError(`Cannot upload ${path} with the option resume: it is no regular file, and is read once.`);
  }
  return { path, size: found.isFile() ? found.size : undefined, modified: found.mtime, found };
}
