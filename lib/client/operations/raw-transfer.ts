/** Runs any transfer command of the user's, and moves its bytes. */

import { Observable } from 'rxjs';
import type { Session } from '../../control/session.js';
import type { LeasedWork, LeaseTask, WorkEnd } from '../../control/task-runner.js';
import { download } from '../../data/download.js';
import { withinDeadline } from '../../data/transfer-deadline.js';
import { type UploadPlan, upload } from '../../data/upload.js';
import { FtpTimeoutError, FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import { EXCHANGES } from '../../protocol/exchange.js';
import { requireKnownOptions } from '../../protocol/option-names.js';
import type { Reply } from '../../protocol/reply.js';
import { isAscii } from '../../protocol/representation-type.js';
import { parseTransferSize } from '../../protocol/size.js';
import { onAbort } from '../../streams/abort-signal.js';
import type { ByteStream } from '../../streams/byte-stream.js';
import type { ByteSource } from '../../streams/source.js';
import { checkLimits } from '../check-limits.js';
import { TRANSFER_ALIASES } from '../option-aliases.js';
import { checkCount } from './check-transfer-options.js';
import { DeferredBytes } from './deferred-bytes.js';
import { checkedLine, type OperationContext, repeatable } from './operation.js';
import type { TransferLimits } from './transfer-options.js';
import { byteContent, type UploadContent } from './upload-content.js';

export interface TransferOptions extends TransferLimits {
  /** Offset to restart at, by REST. Default 0. */
  readonly start?: number | undefined;
  /** The source to send. STOR, STOU and APPE need it, RETR and listings take none, and any other command receives without it. */
  readonly source?: ByteSource | undefined;
  /** Aborts the transfer, also when only its `bytes` are subscribed; both error with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const TRANSFER_NAMES: Readonly<Record<keyof TransferOptions, true>> = {
  start: true,
  source: true,
  signal: true,
  deadlineMs: true,
  minRate: true,
};

/** A transfer under way. */
export interface RawTransfer {
  /** The bytes of this one exchange; can be subscribed once. Of an upload, none: it completes with the upload. */
  readonly bytes: ByteStream;
  /** The size that the preliminary reply names, if it does. */
  readonly expectedSize?: number;
}

/** The transfer verbs that send data; all others receive. */
const STORING: ReadonlySet<string> = new Set(['STOR', 'STOU', 'APPE']);

/** Whether it opens a data connection. */
export function isTransferVerb(verb: string): boolean {
  return (
    Object.hasOwn(EXCHANGES, verb) &&
    verb !== 'REIN' &&
    verb !== 'GREETING' &&
    EXCHANGES[verb]?.preliminary.length !== 0
  );
}

/** An unknown command may be a transfer, of either direction. Of a known command the library knows whether it is one. */
function transferCommand(context: OperationContext, line: string, sends: boolean): Command {
  const sent = checkedLine(context, line);
  const { verb } = sent;
  if (!Object.hasOwn(EXCHANGES, verb)) return sent;
  if (!isTransferVerb(verb))
    throw new FtpUsageError(`${verb} transfers nothing: use send$ or exchange$.`, { command: verb });
  if (STORING.has(verb) === sends) return sent;
  const why = sends ? 'receives data: it takes no source' : 'sends data: give it a source';
  throw new FtpUsageError(`${verb} ${why}.`, { command: verb });
}

/** The message of `bytes` after a late subscription, as after `firstValueFrom`. */
function abandoned({ verb, masked }: Command): FtpUsageError {
  return new FtpUsageError(
    `${masked} was aborted when it was unsubscribed: subscribe its bytes before that, as switchMap does.`,
    { command: verb, outcome: 'unknown' },
  );
}

/**
 * Calls `onLate` if `bytes` has had no subscriber for `stallTimeoutMs`. A transfer that is awaited as a promise would wait for one without
 * end. The returned function ends the wait.
 */
function awaitSubscriber(
  { channel: { timers }, settings }: Session,
  deferred: DeferredBytes,
  onLate: (afterMs: number) => void,
): () => void {
  const { stallTimeoutMs } = settings;
  const limit = timers.start(stallTimeoutMs, () => {
    // They hold their gate until the first subscriber. One that has left again holds nothing.
    if (!deferred.subscribed && deferred.gate.held) onLate(stallTimeoutMs);
  });
  return () => timers.stop(limit);
}

function neverSubscribed({ masked }: Command, afterMs: number): FtpTimeoutError {
  return new FtpTimeoutError(
    `The bytes of ${masked} were not subscribed within ${afterMs} ms of its beginning, and it was aborted: subscribe them while it runs, as switchMap(({ bytes }) => bytes) does. To await transfer$ alone is to wait for that.`,
    { phase: 'data', afterMs, command: masked, bytes: 0, transient: false },
  );
}

/** Any transfer command, in the type that `type$` has set, else TYPE I. It lives as long as it or its `bytes` is subscribed. */
export function transfer$(context: OperationContext, line: string, options: TransferOptions): Observable<RawTransfer> {
  // JavaScript may give null, which is refused at subscription.
  const source = options?.source;
  const content = source === undefined ? undefined : byteContent(source);
  const transfer$ = rawTransfer$(context, line, options, content);
  return content === undefined ? transfer$ : content.guard(transfer$);
}

function rawTransfer$(
  context: OperationContext,
  line: string,
  options: TransferOptions,
  content: UploadContent | undefined,
): Observable<RawTransfer> {
  return new Observable((subscriber) => {
    content?.check();
    const sent = transferCommand(context, line, content !== undefined);
    requireKnownOptions(options, TRANSFER_NAMES, TRANSFER_ALIASES);
    const { start = 0, minRate } = options;
    checkCount('start', start);
    checkLimits(options);
    content?.requireUsable();
    let hasBegun = false;
    let stopListening = (): void => {};
    let stopWaiting = (): void => {};
    let cancel = (): void => {};
    const leave = (): void => {
      stopListening();
      stopWaiting();
      cancel();
    };
    const deferred = new DeferredBytes(() => {
      if (subscriber.closed) leave();
    });
    const fail = (reason: unknown): void => {
      leave();
      end({ error: reason });
    };
    const begin = (session: Session, preliminary: Reply | undefined): void => {
      hasBegun = true;
      const expectedSize = preliminary && parseTransferSize(preliminary.text);
      subscriber.next({ bytes: deferred.bytes, ...(expectedSize === undefined ? {} : { expectedSize }) });
      // An upload's bytes are none, and it runs without a subscriber of theirs.
      if (content !== undefined || deferred.subscribed || subscriber.closed) return;
      stopWaiting = awaitSubscriber(session, deferred, (ms) => fail(neverSubscribed(sent, ms)));
    };
    const work: LeasedWork = async (session, signal) => {
      // Not the type that a listing has left behind: TYPE A would corrupt a binary file.
      const onBegun = (preliminary: Reply | undefined): void => begin(session, preliminary);
      const { type } = session.user.applied;
      // A file that is shorter than its preliminary reply says is not whole, even if the final reply reports success.
      const checkAnnounced = sent.verb === 'RETR' && !isAscii(type);
      const plan = { command: sent, type, start, minRate, onBegun, checkAnnounced, anyMode: true };
      const { deadlineMs = session.settings.deadlineMs } = options;
      const run = (limited: Cancellation): Promise<unknown> =>
        content === undefined
          ? download(session, plan, deferred.sink, deferred.gate, limited)
          : upload(session, { ...plan, ...planOf(content) }, content.read(), () => {}, limited);
      await withinDeadline({ session, deadlineMs, command: sent.masked, run }, signal);
    };
    const end = (how: WorkEnd): void => {
      stopListening();
      stopWaiting();
      deferred.end(how);
      if (subscriber.closed) return;
      if (how === undefined) subscriber.complete();
      else subscriber.error(how.error);
    };
    const mustNotRepeat = (): boolean => hasBegun || content?.isUsedUp() === true;
    const task: LeaseTask = { kind: 'transfer', ...repeatable(sent), mustNotRepeat, work };
    // `bytes` may be all that is subscribed.
    stopListening = onAbort(options.signal, fail);
    if (!subscriber.closed) cancel = context.runner.start(task, end);
    return () => {
      if (deferred.subscribed) return;
      leave();
      deferred.end({ error: abandoned(sent) });
    };
  });
}

function planOf(content: UploadContent): Pick<UploadPlan, 'opening' | 'onReady' | 'total'> {
  const { opening, requireUsable: onReady } = content;
  return { opening, onReady, total: () => content.size };
}
