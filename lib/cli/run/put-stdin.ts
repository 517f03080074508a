/**
 * Stores stdin under a temporary name beside the final one, and renames the file when it is complete.
 *
 * The size of stdin is not known beforehand. The command deletes the remains of an upload that fails or is cancelled.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { catchError, concatMap, defer, finalize, map, type Observable, of, tap, throwError } from 'rxjs';
import type { FileProgress } from '../../recipes/index.js';
import type { Place } from '../session/context.js';
import { limitedSource } from './rate.js';

export interface StdinOptions {
  /** The upload has the final name from the beginning. Some servers refuse every rename. */
  readonly inPlace: boolean;
  readonly rate: number | undefined;
}

export function putStdin$({ ftp, path }: Place, { inPlace, rate }: StdinOptions): Observable<FileProgress> {
  const stored = inPlace ? path : temporaryName(path);
  const stdin = openStdin();
  const source = rate === undefined ? stdin : limitedSource(stdin, rate);
  const sent$: Observable<FileProgress> = ftp
    .stor$(stored, source, { deletePartial: true, verify: 'size' })
    .pipe(finalize(() => stdin.destroy()));
  if (inPlace) return sent$;
  const renamed$ = sent$.pipe(
    concatMap((progress) => {
      if (!progress.done) return of(progress);
      return ftp.rename$(stored, path).pipe(
        map(() => ({ ...progress, path })),
        catchError((error: unknown) => deleted$({ ftp, path: stored }, error)),
      );
    }),
  );
  return deletedWhenLeft$({ ftp, path: stored }, renamed$);
}

/**
 * Ctrl-C in a pipe ends stdin too. The upload may be complete by then, without its SIZE or its rename. `stor$` deletes nothing then. The
 * server refuses a file that it has deleted itself, which is no error.
 */
function deletedWhenLeft$({ ftp, path }: Place, work$: Observable<FileProgress>): Observable<FileProgress> {
  return defer(() => {
    let isStarted = false;
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    const started = ftp.events$.subscribe((event) => {
      if (event.type === 'transfer-started' && event.path === path) isStarted = true;
    });
    return work$.pipe(
      tap({ error: over, complete: over }),
      finalize(() => {
        started.unsubscribe();
        if (isStarted && !isOver) ftp.dele$(path).subscribe({ error: () => undefined });
      }),
    );
  });
}

/** The refused rename is the error, whatever becomes of the temporary file. */
function deleted$({ ftp, path }: Place, error: unknown): Observable<never> {
  return ftp.dele$(path).pipe(
    catchError(() => of(undefined)),
    concatMap(() => throwError(() => error)),
  );
}

/** Of a directory and of a block device, Node makes an empty stdin. An upload of nothing would then be a success. */
function openStdin(): Readable {
  const found = fstatSync(0);
  const isUnknown = found.isDirectory() || found.isBlockDevice();
  return isUnknown ? createReadStream('', { fd: 0, autoClose: false }) : process.stdin;
}

/** In the same directory, so that the rename moves no bytes. */
function temporaryName(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}.${randomBytes(6).toString('hex')}.part`;
}
