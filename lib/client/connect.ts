/** Opens one session for as long as its Observable has a subscriber. */
import { Observable } from 'rxjs';
import type { ControlSession } from '../control/control-session.js';
import { openSession } from '../control/open-session.js';
import { WantedState } from '../control/user-state.js';
import type { FtpError } from '../errors.js';
import { untilAborted } from '../streams/abort-signal.js';
import { FtpSession } from './ftp-session.js';
import type { FtpSessionOptions } from './options.js';
import { resolveOptions } from './resolve-options.js';

/**
 * Connects and logs in; the session lives while you are subscribed.
 *
 * Emits one `FtpSession` when greeting, TLS, login and FEAT are done, and completes when the session's `close$` has closed it. Errors with
 * the cause: a wrong host, a refused port, a bad password, a failed TLS check, and later a lost control connection. Options that have an
 * effect in an `FtpClient` alone are an FtpUsageError. Unsubscribing ends running operations, sends QUIT (RFC 959 section 4.1.1) and closes
 * the session.
 *
 * `firstValueFrom(connect$(...))` closes the session at once, since it unsubscribes: use `FtpClient` to await single
 * operations.
 *
 * @example
 * ```ts
 * const session = connect$('ftp://user@ftp.example.com').subscribe((ftp) => {
 *   ftp.list$('/pub').subscribe({ next: console.log, complete: () => session.unsubscribe() });
 * });
 * ```
 */
export function connect$(options: FtpSessionOptions | string | URL): Observable<FtpSession> {
  return new Observable<FtpSession>((subscriber) => {
    const { settings, type, signal } = resolveOptions(options, true);
    const opened = open(settings, type, signal);
    return untilAborted(opened, signal).subscribe(subscriber);
  });
}

function open(
  settings: ControlSession['settings'],
  type: string,
  signal: AbortSignal | undefined,
): Observable<FtpSession> {
  return new Observable((subscriber) => {
    const attempt = new AbortController();
    let session: ControlSession | undefined;
    const fail = (error: unknown): void => {
      if (!subscriber.closed) subscriber.error(error);
    };
    const end = (cause: FtpError): void => {
      if (session?.quits !== true) fail(cause);
      else if (!subscriber.closed) subscriber.complete();
    };
    openSession({ settings, wanted: new WantedState(false, undefined, type) }, attempt.signal).then((ready) => {
      if (subscriber.closed) return ready.quit();
      session = ready;
      ready.channel.closed$.subscribe((cause) => {
        ready.events.complete();
        end(cause);
      });
      subscriber.next(new FtpSession(ready, signal));
      return undefined;
    }, fail);
    return () => {
      attempt.abort();
      // The client does not await QUIT: its wait is bounded, and it never rejects.
      void session?.quit();
    };
  });
}
