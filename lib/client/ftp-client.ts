/** The client that most programs use: operations on sessions that are opened, reused and replaced as needed. */
import { BehaviorSubject, defer, merge, mergeMap, type Observable, Subject } from 'rxjs';
import type { ControlChannel } from '../control/control-channel.js';
import type { FtpEvent } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import { FtpConnectionError } from '../errors.js';
import type { Reply } from '../protocol/reply.js';
import { onAbort } from '../streams/abort-signal.js';
import { abortableRunner } from './abortable-runner.js';
import { type CloseOptions, requireCloseOptions } from './close-options.js';
import { Draining } from './draining.js';
import { FtpCommands } from './ftp-commands.js';
import type { FtpOptions } from './options.js';
import { SUBSCRIBE_PART } from './parts.js';
import { resolveOptions } from './resolve-options.js';
import { retrying } from './retrying.js';
import { SessionPool } from './session-pool.js';

/**
 * An FTP client. Connects when the first operation is subscribed, runs operations in order on up to `maxSessions` sessions,
 * and opens a new session for the next operation when one was lost.
 *
 * Directory, type, protection and OPTS belong to the client: every session is brought there before it works. Idle
 * sessions do not keep the process alive; `close$` says QUIT on all of them.
 *
 * @example
 * ```ts
 * await using ftp = new FtpClient('ftp://user@ftp.example.com');
 * console.log(await lastValueFrom(ftp.size$('/a.iso')));
 * ```
 */
export class FtpClient extends FtpCommands implements AsyncDisposable {
  readonly #pool: SessionPool;
  readonly #operations: Draining;
  readonly #channels: Set<ControlChannel> = new Set<ControlChannel>();
  readonly #opened: Subject<ControlChannel> = new Subject<ControlChannel>();
  readonly #replies: Observable<Reply> = this.#fromAll((channel) => channel.reply$);
  readonly #commands: Observable<string> = this.#fromAll((channel) => channel.command$);
  readonly #state: BehaviorSubject<FtpState> = new BehaviorSubject<FtpState>({ status: 'idle' });
  readonly #signal: AbortSignal | undefined;
  readonly #stopListening: () => void;
  #closing: Promise<void> | undefined;

  /** Opens nothing. Throws FtpUsageError for bad options. */
  constructor(options: FtpOptions | string | URL) {
    const resolved = resolveOptions(options);
    const { settings, signal } = resolved;
    const pool = new SessionPool({
      ...resolved,
      onOpened: ({ channel }) => this.#follow(channel),
      onChange: () => this.#show(),
    });
    const runner = retrying(pool, { policy: resolved.retry, events: pool.events });
    const operations = new Draining(
      runner,
      'This client is closed, or closes after its last operations: make a new FtpClient.',
      () => pool.asksSource,
    );
    super({
      runner: abortableRunner(operations, signal),
      settings,
      shared: true,
      resuming: { ...resolved.resume, events: pool.events },
    });
    this.#operations = operations;
    this.#pool = pool;
    this.#signal = signal;
    this.#stopListening = onAbort(signal, () => void this.#close());
  }

  get reply$(): Observable<Reply> {
    return this.#replies;
  }

  get command$(): Observable<string> {
    return this.#commands;
  }

  get events$(): Observable<FtpEvent> {
    return this.#pool.events.events$;
  }

  get state$(): Observable<FtpState> {
    return this.#state;
  }

  /**
   * Closes the client: says QUIT on every session, after ending what runs; queued and running operations error with
   * FtpConnectionError, later ones with FtpUsageError. So does the option `signal`, whose reason is then the error of them all.
   *
   * Emits one `undefined` and completes when every connection is closed, so that `await lastValueFrom(ftp.close$())` works.
   * With `drain: true` what was asked for before is let finish: what runs, and what waits for its turn, for a login or for another
   * try. Then it says QUIT on every session. A transfer that its user holds meanwhile errors with FtpTimeoutError after
   * `stallTimeoutMs`. To end what still runs at once, subscribe `close$` without `drain`, or abort the option `signal`.
   *
   * Errors with FtpUsageError for an option that it does not have, or a bad value, and closes nothing. Otherwise it never errors.
   * Unsubscribing changes nothing.
   */
  close$(options?: CloseOptions): Observable<void> {
    return defer(() => (requireCloseOptions(options) ? this.#drain() : this.#close()));
  }

  /** Closes the client at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  /** @internal */
  [SUBSCRIBE_PART]<T>(subscribe: () => T): T {
    return this.#pool.asParts(subscribe);
  }

  #drain(): Promise<void> {
    this.#pool.expectQuit();
    return this.#operations.drain().then(() => this.#close());
  }

  #close(): Promise<void> {
    this.#stopListening?.();
    this.#operations.refuse();
    this.#closing ??= this.#pool.close().then(() => {
      this.#opened.complete();
      this.#pool.events.complete();
      this.#state.complete();
    });
    return this.#closing;
  }

  #follow(channel: ControlChannel): void {
    this.#channels.add(channel);
    channel.closed$.subscribe(() => this.#channels.delete(channel));
    this.#opened.next(channel);
  }

  /** The values that present and later sessions emit. Without a subscriber, no session has to tell. */
  #fromAll<T>(pick: (channel: ControlChannel) => Observable<T>): Observable<T> {
    return defer(() => merge([...this.#channels], this.#opened)).pipe(mergeMap(pick));
  }

  #show(): void {
    const { status } = this.#pool;
    if (status === this.#state.value.status) return;
    this.#state.next(status === 'closed' ? { status, cause: closed(this.#signal) } : { status });
  }
}

function closed(signal: AbortSignal | undefined): FtpConnectionError {
  const [why, cause] = signal?.aborted === true ? ['its signal aborted', signal.reason] : ['close$ was subscribed'];
  return new FtpConnectionError(`The client was closed: ${why}.`, { channel: 'control', phase: 'close', cause });
}
