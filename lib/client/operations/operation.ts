/**
 * Builds operations: Observables whose subscription asks for a lease. Arguments are checked before that, so a bad one sends nothing.
 */

import { Observable } from 'rxjs';
import { encodeLine, type Sendable, sendable } from '../../control/encode-line.js';
import type { FtpEvents } from '../../control/events.js';
import type { SharedLease } from '../../control/lane.js';
import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import type { SessionSettings } from '../../control/settings.js';
import type { LeaseTask, TaskRunner } from '../../control/task-runner.js';
import { changesUserState } from '../../control/user-state.js';
import { FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command, commandFromLine } from '../../protocol/command.js';
import { repetitionOf } from '../../protocol/repetition.js';
import type { Reply } from '../../protocol/reply.js';
import type { DecodeLine } from '../../streams/decode-line.js';
import type { RetryPolicy } from '../retry.js';

/** The place where operations run, and the facts that they need beforehand. */
export interface OperationContext {
  readonly runner: TaskRunner;
  readonly settings: SessionSettings;
  /** Several sessions may run them, all of them alike: a client's. */
  readonly shared: boolean;
  /** The rules for further tries of transfers with `resume`. */
  readonly resuming: ResumeTerms;
}

/** The rules for further tries of transfers with `resume`. */
export interface ResumeTerms {
  /** The option `retry`, or its defaults if that is `false`. */
  readonly policy: RetryPolicy;
  /** A login that fails is tried again by the runner itself: its error is the last one. */
  readonly retriesLogins: boolean;
  /** Told of each wait. */
  readonly events: Pick<FtpEvents, 'tell'>;
}

export type Work<T> = (session: Session, emit: (value: T) => void, signal: Cancellation) => Promise<void>;

/** The demands of an operation on its lease. */
export type Terms = Omit<LeaseTask, 'work'>;

/** The terms of repetition of an operation of one command. Its task still sees to it that nothing is passed on twice. */
export function repeatable(line: Command): Pick<Terms, 'name' | 'mayRepeat'> {
  const repetition = repetitionOf(line);
  return { name: line.masked, mayRepeat: () => repetition === 'asks' || repetition === 'sets' };
}

/** Whether a command belongs to a kind that the client never sends again, after any result. */
export function isForOnce(line: Command): boolean {
  return repetitionOf(line) === 'once';
}

/** The task of an operation after the check of its arguments: its lease, and its work. */
export interface Task<T> extends Terms {
  readonly work: Work<T>;
}

/** Subscribing checks what `prepare` checks, asks for the lease, and runs the work; unsubscribing cancels. */
export function task$<T>(context: OperationContext, prepare: () => Task<T>): Observable<T> {
  return new Observable((subscriber) => {
    const { work, mustNotRepeat, ...terms } = prepare();
    let hasEmitted = false;
    const emit = (value: T): void => {
      hasEmitted = true;
      if (!subscriber.closed) subscriber.next(value);
    };
    const task = {
      ...terms,
      mustNotRepeat: mustNotRepeat ?? (() => hasEmitted),
      work: (session: Session, signal: Cancellation) => work(session, emit, signal),
    };
    return context.runner.start(task, (end) =>
      end === undefined ? subscriber.complete() : subscriber.error(end.error),
    );
  });
}

/** An operation that has the session for itself. */
export function operation$<T>(
  context: OperationContext,
  kind: 'exclusive' | 'transfer',
  prepare: () => Work<T>,
): Observable<T> {
  return task$(context, () => ({ kind, work: prepare() }));
}

/** Sends one command, emits the value that `read` makes of its good reply, and completes. */
export function singleCommand$<T>(
  context: OperationContext,
  make: () => Command,
  read: (reply: Reply) => T,
): Observable<T> {
  return task$<T>(context, () => {
    const line = make();
    return {
      kind: 'exclusive',
      ...repeatable(line),
      changes: () => changesUserState(line),
      work: async (session, emit) => emit(read(await session.performForUser(line))),
    };
  });
}

/** One command that changes nothing for the others: several of them may be under way together. */
export function plainCommand$<T>(
  context: OperationContext,
  make: () => Command,
  read: (reply: Reply, session: Session) => T,
): Observable<T> {
  return task$<T>(context, () => {
    const line = make();
    return {
      kind: shareOf(context, line),
      ...repeatable(line),
      work: async (session, emit) => emit(read(accepted(await session.request(line), line.masked), session)),
    };
  });
}

/** A shared lease for this command. */
export function shareOf(context: OperationContext, line: Command): SharedLease {
  return { bytes: encodeLine(line, context.settings.codec).length };
}

/** A command without a value: emits its final reply, then completes. */
export function singleReply$(context: OperationContext, verb: string, ...args: string[]): Observable<Reply> {
  return singleCommand$(
    context,
    () => checked(context, verb, ...args),
    (reply) => reply,
  );
}

/** The same, of a command that may be under way with others. */
export function plainReply$(context: OperationContext, verb: string, argument: string): Observable<Reply> {
  return plainCommand$(
    context,
    () => checked(context, verb, argument),
    (reply) => reply,
  );
}

/**
 * A command whose text can be sent in the session's encoding. It throws FtpUsageError otherwise, also for a missing argument, as from
 * JavaScript: the verb alone means something else.
 */
export function checked(context: OperationContext, verb: string, ...args: string[]): Sendable {
  if ((args as unknown[]).includes(undefined)) {
    throw new FtpUsageError(`${verb} was not sent: an argument is missing`, { command: verb });
  }
  return sendable(command(verb, ...args), context.settings.codec);
}

/** The given ones of a command's optional arguments. */
export function present(...args: readonly (string | undefined)[]): string[] {
  return args.filter((argument) => argument !== undefined);
}

/** How a line becomes text: in the user's encoding, if that is not what the operators decode natively by themselves. */
export function lineDecoding({ settings: { codec } }: OperationContext): { readonly decode?: DecodeLine } {
  return codec.name === 'utf8' ? {} : { decode: codec.decode };
}

/** A whole command line, checked likewise. */
export function checkedLine(context: OperationContext, line: string): Sendable {
  return sendable(commandFromLine(line), context.settings.codec);
}
