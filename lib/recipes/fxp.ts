/**
 * Copies a file from one server to another, not through this machine (RFC 959 section 2.3). The two servers make one data connection
 * between them. Each of them reserves one session for the copy.
 */
import {
  concat,
  defer,
  finalize,
  map,
  merge,
  type Observable,
  Subject,
  switchMap,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import type { CommandSequence } from '../client/command-sequence.js';
import { FtpTimeoutError } from '../errors.js';
import { SYSTEM_CLOCK } from '../net/clock.js';
import { command } from '../protocol/command.js';
import { printable } from '../protocol/printable.js';
import type { Reply } from '../protocol/reply.js';
import { untilAborted } from '../streams/abort-signal.js';
import { ProgressMeter, type TransferProgress } from '../streams/progress-meter.js';
import { checkFxpOptions, type FxpOptions } from './fxp-options.js';
import {
  agreeOnTls,
  connectTo,
  type ListeningPort,
  listen,
  type Party,
  prepare,
  requireSameProtection,
} from './fxp-ports.js';
import { type Copy, type FxpFtp, prove, sizeOfSource } from './fxp-proof.js';
import { transfers$ } from './fxp-transfers.js';
import { withSignal } from './with-signal.js';

const SESSION_TIMEOUT_MS = 60_000;

/**
 * Copies a file from one server to another, directly (FXP). One server listens (PASV), the other connects to it (PORT); the source gets
 * RETR, the target STOR. Both must allow data connections with hosts other than their client, which most do not.
 *
 * Emits progress when both transfers have begun. A last value with `done: true` follows when both servers have reported success and the
 * sizes fit, if both tell them. The client sees no byte: `bytes` is 0 until `done`, and then the size (0 if neither server tells it).
 *
 * Errors with `FtpUnsupportedError` if a server refuses such a transfer, or TLS between the servers, since neither has SSCN.
 * `FtpReplyError` means that it refuses the file; `FtpTransferError`, that a transfer is not whole, or the sizes differ; `FtpTimeoutError`,
 * that no session of the second client is free in time, or that `deadlineMs` is over. The target may keep a part of the file.
 *
 * Unsubscribing aborts at both servers (ABOR), and both sessions stay usable. A server that does not read ABOR goes on with the transfer,
 * and loses its session after `abortTimeoutMs`.
 *
 * @example
 * ```ts
 * const archive = new FtpClient('ftp://archive.example.com');
 * fxp$(ftp, '/a.iso', archive, '/isos/a.iso').subscribe(({ done, verified }) => console.log(done, verified));
 * ```
 */
export function fxp$(
  source: FxpFtp,
  from: string,
  target: FxpFtp,
  to: string,
  options: FxpOptions = {},
): Observable<TransferProgress> {
  return defer(() => {
    checkFxpOptions(options);
    // Throws FtpUsageError for paths that cannot be sent.
    command('RETR', from);
    command('STOR', to);
    return untilAborted(copied$({ source, from, target, to, options }), options.signal);
  });
}

function copied$(copy: Copy): Observable<TransferProgress> {
  return withSignal((signal) => sizeOfSource(copy, signal)).pipe(
    switchMap((size) => {
      const { now } = SYSTEM_CLOCK;
      const meter = new ProgressMeter({ path: copy.to, total: () => size, intervalMs: 0, now });
      const begun$ = between$(copy).pipe(map(() => meter.add(0) as TransferProgress));
      const done$ = withSignal((signal) => prove(copy, size, signal)).pipe(
        map(({ bytes = 0, verifiedBy }) => {
          meter.add(bytes);
          return meter.done(verifiedBy);
        }),
      );
      return concat(begun$, done$);
    }),
  );
}

/** Emits once, when both transfers have begun, and completes with both. */
function between$({ source, from, target, to, options }: Copy): Observable<Reply> {
  const { passive = 'target', sessionTimeoutMs = SESSION_TIMEOUT_MS } = options;
  const retr = (commands: CommandSequence): Party => ({ role: 'source', commands, line: `RETR ${from}` });
  const stor = (commands: CommandSequence): Party => ({ role: 'target', commands, line: `STOR ${to}` });
  const meet = (listening: Party, connecting: Party): Observable<Reply> =>
    withinDeadline$(
      defer(() => meeting(listening, connecting, options)).pipe(
        switchMap((port) => transfers$(listening, connecting, port)),
      ),
      options.deadlineMs,
      `STOR ${to}`,
    );
  if (passive === 'target') {
    return target.sequence$((at) =>
      inTime$('source', sessionTimeoutMs, (granted) =>
        source.sequence$((of) => {
          granted.next();
          return meet(stor(at), retr(of));
        }),
      ),
    );
  }
  return source.sequence$((of) =>
    inTime$('target', sessionTimeoutMs, (granted) =>
      target.sequence$((at) => {
        granted.next();
        return meet(retr(of), stor(at));
      }),
    ),
  );
}

/** Two copies that wait for each other's session must not wait for ever. */
function inTime$<T>(role: string, afterMs: number, make: (granted: Subject<void>) => Observable<T>): Observable<T> {
  const message = `No session of the ${role}'s client was free within ${afterMs} ms: give it more sessions (maxSessions), or copy one file after the other.`;
  const late = (): Error => new FtpTimeoutError(message, { phase: 'connect', afterMs, outcome: 'none' });
  return limited$(afterMs, late, make);
}

/** Errors when the time has passed before `copy$` is over, which leaves it: both servers are sent ABOR. */
function withinDeadline$<T>(copy$: Observable<T>, afterMs: number = 0, command: string): Observable<T> {
  if (afterMs === 0) return copy$;
  const message = `The copy (${printable(command)}) was not done within its deadlineMs of ${afterMs} ms. A part of the file may be at the target.`;
  const late = (): Error => new FtpTimeoutError(message, { phase: 'data', afterMs, command, outcome: 'unknown' });
  return limited$(afterMs, late, (over) => copy$.pipe(finalize(() => over.next())));
}

/** Errors with `late` if the time has passed before the work calls `over`. */
function limited$<T>(afterMs: number, late: () => Error, make: (over: Subject<void>) => Observable<T>): Observable<T> {
  return defer(() => {
    const over = new Subject<void>();
    const late$ = timer(afterMs).pipe(
      takeUntil(over),
      switchMap(() => throwError(late)),
    );
    return merge(late$, make(over));
  });
}

/** All up to the transfer commands. */
async function meeting(listening: Party, connecting: Party, options: FxpOptions): Promise<ListeningPort> {
  requireSameProtection(listening, connecting);
  await Promise.all([prepare(listening), prepare(connecting)]);
  await agreeOnTls(listening, connecting);
  const port = await listen(listening, options);
  await connectTo(connecting, port.at);
  return port;
}
