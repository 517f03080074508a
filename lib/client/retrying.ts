/**
 * Repeats operations by the option `retry`: a decorator between the operations of a client and its pool. It knows no verb. Each task says
 * whether it may run twice. This decorator judges its error, its tries and the wait before the next one.
 *
 * The pool keeps the place of a task that waits, and asks for a session anew. Logins count their own tries, and an operation whose login
 * has used them up does not come here.
 */
import type { FtpEvents } from '../control/events.js';
import type { LeaseTask, TaskRunner } from '../control/task-runner.js';
import { FtpError } from '../errors.js';
import { showsNotBegun } from '../protocol/repetition.js';
import type { RetryPolicy } from './retry.js';
import { Tries } from './tries.js';

export interface RetryingOptions {
  readonly policy: RetryPolicy;
  /** Told of each wait. */
  readonly events: Pick<FtpEvents, 'tell'>;
}

/**
 * `runner`, which repeats tasks that have failed for now and may be repeated; `runner` itself if the policy has one try only. A task that
 * counts its tries by itself does so alone: the tries would multiply.
 */
export function retrying(runner: TaskRunner, options: RetryingOptions): TaskRunner {
  if (options.policy.attempts <= 1) return runner;
  return {
    start: (task, ended) => runner.start({ ...task, again: task.again ?? repeating(task, options) }, ended),
    interrupt: (reason) => runner.interrupt(reason),
  };
}

/** Whether the task may be done again after this error, which is temporary. */
export function mayBeRepeated(task: LeaseTask, error: FtpError): boolean {
  if (task.mustNotRepeat?.() === true) return false;
  if (task.mayRepeat?.() === true || error.outcome === 'none') return true;
  return error.outcome === 'refused' && error.reply !== undefined && showsNotBegun(error.reply.code);
}

/** The question of the pool whenever one operation has failed. */
function repeating(task: LeaseTask, { policy, events }: RetryingOptions): NonNullable<LeaseTask['again']> {
  // Made by the first failure: most operations have none.
  let tries: Tries | undefined;
  let mostBytes = 0;
  return (error, start) => {
    tries ??= new Tries(policy);
    if (!(error instanceof FtpError && error.transient && mayBeRepeated(task, error))) return undefined;
    const { bytes = 0 } = error;
    if (bytes > mostBytes) tries.moved();
    mostBytes = Math.max(mostBytes, bytes);
    const next = tries.after(error);
    if (next === undefined) return undefined;
    const { attempt, delayMs } = next;
    const timer = setTimeout(() => {
      task.onRepeat?.(attempt);
      start();
    }, delayMs);
    events.tell(0, { type: 'retrying', operation: task.name ?? error.command ?? '', attempt, delayMs, error });
    return () => clearTimeout(timer);
  };
}
