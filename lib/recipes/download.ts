/** Downloads a remote file to a local one by large buffers. No file has the final name before it is complete. */
import { catchError, defer, map, Observable, of, switchMap } from 'rxjs';
import { untilAborted } from '../streams/abort-signal.js';
import { isRestRefused } from './ask.js';
import { checkDownloadOptions, type DownloadOptions } from './download-options.js';
import { type FileProgress, skippedProgress } from './file-progress.js';
import { type DownloadFtp, type LocalPlan, planDownload } from './local-plan.js';
import { isForOneStream } from './segments/segment-errors.js';
import { SegmentedDownload, type SegmentedPlan } from './segments/segmented-download.js';
import { type DownloadSource, StreamDownload } from './stream-download.js';
import { withSignal } from './with-signal.js';

/**
 * Downloads `remote` to the local file `local`, which is replaced when everything has arrived: until then the bytes are in a
 * file beside it, whose name ends in `.part`. A file that is replaced leaves its permissions to the new one; a
 * symbolic link to a file is replaced itself, and not what it leads to, unlike by curl and wget. A directory, FIFO or device, or
 * a link to one, is an `FtpUsageError` before anything is sent: into what is to be written to as it is, a link too, goes
 * `pipeline(retr$(remote), createWriteStream(local))`.
 *
 * It begins at the beginning of the remote file: a `start` is an `FtpUsageError`, with nothing sent. With `end` the local file is
 * replaced all the same, by the bytes before `end` alone. With `exists: 'resume'` it goes on with the partial file of an earlier
 * run, also of one that was killed.
 *
 * With `segments` several transfers move parts of the file at once; see `DownloadOptions`.
 *
 * Emits progress, with the bytes up to `end` as `total` where the option `size`, SIZE (`verify: 'size'`, `exists: 'resume'`) or the reply that
 * opens the download names them and the type is not ascii; and a last value with `done: true` when the file has its final
 * name, `file`. Where `exists` leaves a file alone, that is the only value, and has `skipped: true`. `verified` says whether the bytes were
 * checked against a size that the server named, or its checksum. What an earlier run has stored is among
 * `bytes` and `total`, and `resumedFrom` is where this one goes on.
 *
 * Errors as `retr$` does, or with Node's error when the local file cannot be written, or is there already (`exists: 'fail'`, code `EEXIST`);
 * the partial file is removed, but with `exists: 'resume'`. Unsubscribing aborts the transfer on the server and does the same.
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
        return downloadInto$(source, plan).pipe(map((progress) => asOneStream(options, progress)));
      return segmented$(source, plan, local);
    }),
  );
}

/** On a server that sends no part of a file from within, it begins anew as one stream. */
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

/** What was asked for in segments says that it is none. */
function asOneStream({ segments = 1 }: DownloadOptions, progress: FileProgress): FileProgress {
  return segments === 1 || progress.skipped === true ? progress : { ...progress, segments: 1 };
}

/** Downloads by a plan that is made. On a server that refuses REST it begins anew. */
export function downloadInto$(source: DownloadSource, plan: LocalPlan): Observable<FileProgress> {
  const download$ = new Observable<FileProgress>((subscriber) => new StreamDownload(source, plan, subscriber).start());
  if (plan.tail === undefined) return download$;
  return download$.pipe(
    catchError((error: unknown) => {
      if (!isRestRefused(error)) throw error;
      return downloadInto$(source, { ...plan, file: plan.file.emptied(), tail: undefined });
    }),
  );
}
