/** Transfers that are left under way, and one that `abor$` breaks off. */
import {
  catchError,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  reduce,
  share,
  switchMap,
  take,
  takeUntil,
  tap,
  toArray,
} from 'rxjs';
import type { FtpOperations } from '../../../../lib/index.js';
import { type AbortStyle, everyAbortStyle } from '../../../support/scripted-server.js';
import { type Context, type Operation, reading, unending, writing } from '../operation.js';

const silent = new Set<AbortStyle>(['421', 'silence']);
const styles = everyAbortStyle.filter((style) => !silent.has(style));

export const aborts: readonly Operation[] = [
  ...styles.map((abort): Operation => ({ ...reading('abort', `retr$ left, ${abort}`, left), abort })),
  ...styles.slice(0, 2).map((abort): Operation => ({ ...writing('abort', `stor$ left, ${abort}`, leftUpload), abort })),
  {
    ...reading('abort', 'mlsd$ left', (ftp) =>
      ftp.mlsd$('/dir').pipe(
        take(1),
        map(() => 'left'),
      ),
    ),
    abort: '426+225',
  },
  { ...reading('abort', 'retr$ broken off by abor$', brokenOff), abort: '426+225', interrupts: true },
];

/** Its server sends the first piece, and then waits for the client to leave. */
function left(ftp: FtpOperations): Observable<unknown> {
  return ftp.retr$('/a').pipe(
    take(1),
    map(() => 'left'),
  );
}

function leftUpload(ftp: FtpOperations, { taken$ }: Context): Observable<unknown> {
  return ftp.stor$('/up', unending()).pipe(
    takeUntil(taken$),
    reduce(() => 0, 0),
  );
}

/** The value of `abor$`, and the class of the error that ends the download. */
function brokenOff(ftp: FtpOperations): Observable<unknown> {
  const abor$ = ftp.abor$().pipe(map(({ text }) => text));
  let hasBegun = false;
  const download$ = ftp.retr$('/a').pipe(share());
  return merge(
    download$.pipe(
      ignoreElements(),
      catchError((error: Error) => {
        if (!hasBegun) throw error;
        return of(error.name);
      }),
    ),
    download$.pipe(
      take(1),
      tap(() => {
        hasBegun = true;
      }),
      switchMap(() => abor$),
    ),
  ).pipe(
    toArray(),
    map((both) => both.sort()),
  );
}
