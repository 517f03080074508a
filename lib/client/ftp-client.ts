/** Runs operations on sessions that it opens, reuses and replaces as needed: the client that most programs use. */
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
import { takeParts } from './parts.js';
import { resolveOptions } from './resolve-options.js';
import { retrying } from './retrying.js';
import { SessionPool } from './session-pool.js';

/**
 * An FTP client. Connects at the first subscription, and runs operations in order on up to `maxSessions` sessions. It opens a new session
 * for the next operation if one was lost.
 *
 * Directory, type, protection and OPTS belong to the client: every session takes them over before it works. Idle sessions do not keep the
 * process alive; `close$` sends QUIT on all of them.
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

  /** The constructor opens nothing. It throws FtpUsageError for bad options. */
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
    takeParts(this, {
      subscribe: (subscribe) => pool.asParts(subscribe),
      maxSessions: resolved.maxSessions,
      hold: () => operations.hold(),
      undo: (subscribe) => operations.undo(subscribe),
    });
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
   * Closes the client: ends running operations, then sends QUIT on every session. Queued and running operations error with
   * FtpConnectionError, later ones with FtpUsageError. The option `signal` does the same, and its reason is then the error of them all.
   *
   * Emits one `undefined` and completes when every connection is closed, so that `await lastValueFrom(ftp.close$())` works.
   * With `drain: true` earlier operations finish. These are running ones, and those that wait for their turn, a login or another try. Then
   * the client sends QUIT on every session. A transfer that its user holds meanwhile errors with FtpTimeoutError after `stallTimeoutMs`. To
   * end remaining operations at once, subscribe `close$` without `drain`, or abort the option `signal`.
   *
   * An unknown option, or a bad value, is an FtpUsageError, and closes nothing. Otherwise it never errors. Unsubscribing changes nothing.
   */
  close$(options?: CloseOptions): Observable<void> {
    return defer(() => (requireCloseOptions(options) ? this.#drain() : this.#close()));
  }

  /** Closes the client at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
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

  /** Emits the values of all present and later sessions. Without a subscriber, no session reports. */
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
