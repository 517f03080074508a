/** Runs the two transfers of one copy between servers. Neither is whole without the other. */
import {
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  filter,
  from,
  ignoreElements,
  merge,
  type Observable,
  of,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { FtpTimeoutError, FtpTransferError } from '../errors.js';
import type { Reply } from '../protocol/reply.js';
import type { ListeningPort, Party } from './fxp-ports.js';
import { firstCause, neverAccepted, transferRefusal } from './fxp-refusals.js';

/** How long the other server may take to say how it has ended, when one has failed. */
const OTHER_END_MS = 2_000;

/**
 * The server that connects gets its command first, and the other one when the first has begun. Under TLS both get theirs at once: the first
 * may begin only after a handshake with the other. Emits once, when both have begun.
 */
export function transfers$(listening: Party, connecting: Party, port: ListeningPort): Observable<Reply> {
  const failures: unknown[] = [];
  const failed$ = new Subject<void>();
  const caught = (party: Party, transfer$: Observable<Reply>): Observable<Reply> =>
    transfer$.pipe(
      catchError((error: unknown) => {
        failures.push(transferRefusal(party, error));
        failed$.next();
        return EMPTY;
      }),
    );
  let isAccepted = false;
  const second$ = caught(listening, abandoning$(listening, port)).pipe(
    filter((_reply, index) => index === 0),
    tap(() => (isAccepted = true)),
  );
  const isSecure = listening.commands.protection === 'P';
  const both$ = caught(connecting, connecting.commands.transferElsewhere$(connecting.line)).pipe(
    connect((first$) => {
      const mayFollow$: Observable<unknown> = isSecure ? of(undefined) : first$.pipe(take(1));
      return merge(first$.pipe(ignoreElements()), mayFollow$.pipe(switchMap(() => second$)));
    }),
    takeUntil(failed$.pipe(switchMap(() => timer(OTHER_END_MS)))),
  );
  const cause = (): unknown =>
    isAccepted || failures.length > 1 || !isOfData(failures[0])
      ? firstCause(failures)
      : neverAccepted(listening, failures[0]);
  const end$ = defer(() => (failures.length > 0 ? throwError(cause) : EMPTY));
  return concat(both$, end$);
}

function isOfData(error: unknown): boolean {
  return error instanceof FtpTransferError || error instanceof FtpTimeoutError;
}

/** If the listening server refuses, the other one may wait for a connection that is never accepted. Closing the port ends that wait. */
function abandoning$({ commands, line }: Party, port: ListeningPort): Observable<Reply> {
  let hasBegun = false;
  return commands.transferElsewhere$(line).pipe(
    tap(() => {
      hasBegun = true;
      port.used();
    }),
    catchError((error: unknown) => {
      const closed$ = hasBegun ? EMPTY : from(port.abandon()).pipe(catchError(() => EMPTY));
      return concat(
        closed$.pipe(ignoreElements()),
        throwError(() => error),
      );
    }),
  );
}
