/** Downloads a remote file to a local one by large buffers. No file has the final name before it is complete. */
import { catchError, defer, map, Observable, of, switchMap } from 'rxjs';
import { untilAborted } from '../streams/abort-signal.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import { isRestRefused } from './ask.js';
import { checkDownloadOptions, type DownloadOptions } from './download-options.js';
import { type FileProgress, skippedProgress } from './file-progress.js';
import { type DownloadFtp, type LocalPlan, planDownload } from './local-plan.js';
import { isForOneStream } from './segments/segment-errors.js';
import { SegmentedDownload, type SegmentedPlan } from './segments/segmented-download.js';
import { type DownloadSource, StreamDownload } from './stream-download.js';
import { withSignal } from './with-signal.js';

/**
 * Downloads `remote` to the local file `local`, which it replaces when everything has arrived. Until then the bytes are in a file beside
 * it, whose name ends in `.part`. The new file gets the permissions of a replaced one. A symbolic link to a file is replaced itself, and
 * not its target, unlike by curl and wget. A directory, FIFO or device, or a link to one, is an `FtpUsageError` before the client sends
 * anything. To write into such a file, or through a link, use `pipeline(retr$(remote), createWriteStream(local))`.
 *
 * It begins at the beginning of the remote file: a `start` is an `FtpUsageError`, with nothing sent. With `end`, only the bytes before
 * `end` replace the local file. With `exists: 'resume'` it continues the partial file of an earlier run, also of a killed one.
 *
 * With `segments` several transfers move parts of the file at once; see `DownloadOptions`.
 *
 * Emits progress, and a last value with `done: true` when the file has its final name, `file`. `total` counts the bytes up to `end`, if the
 * type is not ascii and the size is known. The option `size`, SIZE (`verify: 'size'`, `exists: 'resume'`) or the reply before the download
 * names it. If `exists` leaves a file alone, that is the only value, and has `skipped: true`. `verified` says whether the client checked
 * the bytes against a size that the server named, or against its checksum. `bytes` and `total` include the bytes of an earlier run, and
 * `resumedFrom` is the offset where this one continues.
 *
 * Errors as `retr$` does, or with Node's error if the local file cannot be written, or exists (`exists: 'fail'`, code `EEXIST`). It then
 * removes the partial file, except with `exists: 'resume'`. Unsubscribing aborts the transfer on the server and does the same.
 *
 * @example
 * ```ts
 * download$(ftp, '/pub/big.iso', 'big.iso', { exists: 'resume', keepTime: true }).subscribe(({ bytes }) => console.log(bytes));
 * ```
 */
export function download$(
  ftp: DownloadFtp,
  remote: string,
  local: string,
  options: DownloadOptions = {},
): Observable<FileProgress> {
  return defer(() => {
    checkDownloadOptions(options);
    return downloadTo$({ ftp, remote, options }, local);
  });
}

function downloadTo$(source: DownloadSource, local: string): Observable<FileProgress> {
  const { ftp, remote, options } = source;
  const planned$ = withSignal((signal) => planDownload({ ftp, remote, local, options, signal }));
  return untilAborted(planned$, options.signal).pipe(
    switchMap((plan) => {
      if (plan === undefined) return of(skippedProgress(remote, local));
      if (!isSegmented(plan))
        return downloadInto$(source, plan).pipe(map((progress) => asOneStream(options, named(progress, plan))));
      return segmented$(source, plan, local);
    }),
  );
}

/** If a server sends no part of a file from within, it begins anew as one stream. */
function segmented$(source: DownloadSource, plan: SegmentedPlan, local: string): Observable<FileProgress> {
  return new Observable<FileProgress>((subscriber) => new SegmentedDownload(source, plan, subscriber).start()).pipe(
    catchError((error: unknown) => {
      if (!isForOneStream(error)) throw error;
      const asked = { ...source, options: { ...source.options, segments: 1 } };
      return downloadTo$(asked, local).pipe(map((progress) => asOneStream(source.options, progress)));
    }),
  );
}

function isSegmented(plan: LocalPlan): plan is SegmentedPlan {
  return plan.segments !== undefined;
}

/** The last value tells the name that the file has. */
function named(progress: TransferProgress, { file }: LocalPlan): FileProgress {
  return progress.done ? { ...progress, file: file.final } : progress;
}

/** Marks a download in segments that has become one stream. */
function asOneStream({ segments = 1 }: DownloadOptions, progress: FileProgress): FileProgress {
  return segments === 1 || progress.skipped === true ? progress : { ...progress, segments: 1 };
}

/** Downloads by a finished plan. On a server that refuses REST it begins anew. */
export function downloadInto$(source: DownloadSource, plan: LocalPlan): Observable<TransferProgress> {
  const download$ = new Observable<TransferProgress>((subscriber) =>
    new StreamDownload(source, plan, subscriber).start(),
  );
  if (plan.tail === undefined) return download$;
  return download$.pipe(
    catchError((error: unknown) => {
      if (!isRestRefused(error)) throw error;
      return downloadInto$(source, { ...plan, file: plan.file.emptied(), tail: undefined });
    }),
  );
}
