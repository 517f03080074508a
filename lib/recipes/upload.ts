/** Uploads a local file to a remote one by large buffers. */
import { catchError, defer, EMPTY, lastValueFrom, map, Observable, of, switchMap } from 'rxjs';
import { undoing } from '../client/parts.js';
import { FtpConnectionError, FtpTimeoutError, FtpUsageError } from '../errors.js';
import { type FileReading, FileSource } from '../sinks/file-source.js';
import { untilAborted } from '../streams/abort-signal.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import type { ByteSource } from '../streams/source.js';
import { isRestRefused } from './ask.js';
import { type FileProgress, skippedProgress } from './file-progress.js';
import { namedFile } from './readable-file.js';
import { type LocalFile, planUpload, type RemotePlan, type UploadFtp } from './remote-plan.js';
import { publish, requireRenaming } from './remote-publish.js';
import { verifyStoredSize } from './stored-size.js';
import { checkUploadOptions, storOptionsOf, type UploadOptions } from './upload-options.js';
import { wholeWork, wholeWork$ } from './whole-work.js';
import { type Leave, withLeave } from './with-leave.js';
import { withSignal } from './with-signal.js';

/**
 * Uploads the local file `local` to `remote`, by STOR.
 *
 * Emits progress, and a last value with `done: true`. `total` is the file's size, except in the type ascii, which converts line ends.
 * Errors as `stor$` does, or with Node's error if it cannot read the file. If the file cannot be opened, the remote file stays unchanged; a
 * later error aborts the upload. A file whose length has changed since its opening also errors, with an `Error`. For a growing file use
 * `stor$` and `createReadStream`. Unsubscribing aborts the transfer on the server.
 *
 * With `start` it continues a partial file. It reads the local file from that offset, and writes the remote one from there. `bytes` and
 * `total` count the sent bytes; `verify` compares SIZE with the whole file. A `start` beyond the end of the local file, or of a FIFO or
 * device, is an `FtpUsageError` with nothing sent. At its very end there is nothing to send.
 *
 * A FIFO or a device is read to its end, as `cat` does. A regular file that has become one when it is opened is an `FtpUsageError`.
 *
 * With `resume` each try reads the local file anew. If the file has changed since the first try (its size, time or inode), the upload ends
 * with an `Error`. A FIFO or device is an `FtpUsageError` with nothing sent.
 *
 * With `exists` an existing remote file may stay unchanged, or be completed. With `atomic` no partial file has the final name; see
 * `UploadOptions`. The last value comes when the file has its final name and time. If `exists` leaves a file alone, that is the only value,
 * and has `skipped: true`. With `exists: 'resume'`, `bytes` and `total` count from the file's beginning, and `resumedFrom` is the offset
 * where this upload continues. An existing file with `exists: 'fail'` is an error with the code `EEXIST`.
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
  return uploadFile$({ ftp, remote, options, look: () => namedFile(local, options) });
}

/** What `upload$` uploads, and how. */
export interface UploadWork {
  readonly ftp: UploadFtp;
  readonly remote: string;
  readonly options: UploadOptions;
  /** Gets the local file, or rejects if it cannot be read. */
  readonly look: () => Promise<LocalFile>;
}

export function uploadFile$({ ftp, remote, options, look }: UploadWork): Observable<FileProgress> {
  return defer(() => {
    checkUploadOptions(options);
    if (options.atomic === true) requireRenaming(ftp, remote);
    if (options.keepTime === true && ftp.mfmt$ === undefined) {
      throw new FtpUsageError('The option keepTime needs an ftp that has mfmt$.');
    }
    const planned$ = withSignal(async (signal) => {
      const file = await look();
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

/** An upload whose plan is made. */
export interface Upload {
  readonly ftp: UploadFtp;
  readonly options: UploadOptions;
  readonly file: Pick<LocalFile, 'modified'> & Partial<LocalFile>;
  readonly plan: RemotePlan;
  /** The bytes in place of a local file. `reading` tells when all of them were read. */
  readonly given?: { readonly source: ByteSource; readonly reading: FileReading } | undefined;
  /** With `atomic`: SIZE verifies the file before the rename, and leaves together with the file's time. Transfers need not wait for it. */
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
  const asked = storOptionsOf(options);
  const deletePartial = asked.deletePartial ?? (atomic && exists !== 'resume');
  const verify = asked.verify ?? (atomic && upload.verifiesBesideTime !== true ? 'size' : false);
  // The stored bytes were compared with this state of the file.
  const reading: FileReading = given?.reading ?? (exists === 'resume' ? { found: file.found } : {});
  const source = given?.source ?? new FileSource(file.path ?? '', plan.start, file.open, reading);
  const stor$ = ftp.stor$(plan.stored, source, { ...asked, start: plan.start, deletePartial, verify });
  const sent$ = atomic && deletePartial ? deletingStored$(stor$, upload, reading) : stor$;
  if (!atomic && !keepTime) return sent$.pipe(map((progress) => shown(upload, progress)));
  const finished$ = finishing$(sent$, upload);
  return atomic ? wholeWork$(ftp, finished$) : finished$;
}

/** stor$ deletes a partial file. It leaves a whole file that cannot be verified. */
function deletingStored$(
  stor$: Observable<TransferProgress>,
  { ftp, plan }: Upload,
  reading: FileReading,
): Observable<TransferProgress> {
  return new Observable((subscriber) => {
    let isStored = false;
    let isOver = false;
    const storing = stor$.subscribe({
      next(progress) {
        isStored = progress.done;
        subscriber.next(progress);
      },
      error(error: unknown) {
        isOver = true;
        const isLost = error instanceof FtpConnectionError || error instanceof FtpTimeoutError;
        if (reading.isRead !== true || isLost) subscriber.error(error);
        else void removeTemporary(ftp, plan.stored).then(() => subscriber.error(error));
      },
      complete() {
        // From here on `finish` removes it.
        isOver = isStored;
        subscriber.complete();
      },
    });
    return () => {
      storing.unsubscribe();
      if (!isOver && reading.isRead === true) void removeTemporary(ftp, plan.stored);
    };
  });
}

/** Finishes the file when it is stored, before the last value. */
function finishing$(sent$: Observable<TransferProgress>, upload: Upload): Observable<FileProgress> {
  return new Observable((subscriber) => {
    let stored: TransferProgress | undefined;
    const sending = sent$.subscribe({
      next(progress) {
        if (progress.done) stored = progress;
        else subscriber.next(shown(upload, progress));
      },
      error: (error: unknown) => subscriber.error(error),
      complete() {
        const last = stored;
        if (last === undefined) subscriber.complete();
        else
          withLeave(async (leave) =>
            shown(upload, proven(last, await finishWhole(upload, last.bytes, leave))),
          ).subscribe(subscriber);
      },
    });
    return () => sending.unsubscribe();
  });
}

function proven(progress: TransferProgress, verifiedBy: 'size' | undefined): TransferProgress {
  return verifiedBy === undefined ? progress : { ...progress, verified: true, verifiedBy };
}

/** If its subscriber leaves, it may have to remove the file. */
function finishWhole(upload: Upload, bytes: number, leave: Leave): Promise<'size' | undefined> {
  return wholeWork(upload.ftp, () => finish(upload, bytes, leave));
}

/** The time comes before the name, since a file with the final name is finished. */
async function finish(upload: Upload, bytes: number, leave: Leave): Promise<'size' | undefined> {
  const { ftp, options, plan, verifiesBesideTime = false } = upload;
  try {
    const [verifiedBy] = await Promise.all([
      verifiesBesideTime ? verifyStoredSize({ ftp, path: plan.stored, bytes, leave }) : undefined,
      timeSet(upload, leave),
    ]);
    if (options.atomic === true) await publish({ ...plan, ftp, signal: leave });
    return verifiedBy;
  } catch (error) {
    if (options.atomic === true && options.exists !== 'resume') await removeTemporary(ftp, plan.stored);
    throw error;
  }
}

/** Undefined if the file keeps no time. */
function timeSet({ ftp, options, file, plan }: Upload, leave: Leave): Promise<unknown> | undefined {
  return options.keepTime === true ? leave.last(ftp.mfmt$?.(plan.stored, file.modified) ?? EMPTY) : undefined;
}

/** A failed removal matters less than the reason for it. */
async function removeTemporary(ftp: UploadFtp, path: string): Promise<void> {
  await lastValueFrom(undoing(ftp).dele$?.(path) ?? EMPTY, { defaultValue: undefined }).catch(() => undefined);
}

/** Under its final name; in bytes of the file if an earlier run has stored some. */
function shown({ plan, options }: Upload, progress: TransferProgress): FileProgress {
  const { bytes, total } = progress;
  const named = progress.path === plan.stored ? { ...progress, path: plan.final } : progress;
  if (options.exists !== 'resume' || plan.start === 0) return named;
  const all = total === undefined ? {} : { total: total + plan.start };
  return { ...named, ...all, bytes: bytes + plan.start, resumedFrom: progress.resumedFrom ?? plan.start };
}
