/**
 * Stores what comes by stdin: under a temporary name beside the final one, which it gets when all of it is stored.
 *
 * Nothing tells beforehand how much that is. What is left of an upload that fails or is cancelled is deleted.
 */
import { randomBytes } from 'node:crypto';
import { catchError, concatMap, finalize, map, type Observable, of, throwError } from 'rxjs';
import type { FileProgress } from '../../recipes/index.js';
import type { Place } from '../session/context.js';
import { slowed } from './slow-uploads.js';

export interface StdinOptions {
  /** Under the final name from the beginning, for a server that lets nobody rename. */
  readonly inPlace: boolean;
  readonly rate: number | undefined;
}

export function putStdin$({ ftp, path }: Place, { inPlace, rate }: StdinOptions): Observable<FileProgress> {
  const stored = inPlace ? path : temporaryName(path);
  const source = rate === undefined ? process.stdin : slowed(process.stdin, rate);
  const sent$: Observable<FileProgress> = ftp
    .stor$(stored, source, { deletePartial: true, verify: 'size' })
    .pipe(finalize(() => process.stdin.destroy()));
  if (inPlace) return sent$;
  return sent$.pipe(
    concatMap((progress) => {
      if (!progress.done) return of(progress);
      return ftp.rename$(stored, path).pipe(
        map(() => ({ ...progress, path })),
        catchError((error: unknown) => deleted$({ ftp, path: stored }, error)),
      );
    }),
  );
}

/** The refused rename is the error, whatever becomes of the temporary file. */
function deleted$({ ftp, path }: Place, error: unknown): Observable<never> {
  return ftp.dele$(path).pipe(
    catchError(() => of(undefined)),
    concatMap(() => throwError(() => error)),
  );
}

/** In the same directory, so that the rename moves no bytes. */
function temporaryName(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}.${randomBytes(6).toString('hex')}.part`;
}
