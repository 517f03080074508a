/** Operations that end with the reason of a signal: when it closes their client or session, and from then on. */
import type { TaskRunner } from '../control/task-runner.js';

/**
 * `runner`, whose operations error with the reason of `signal` once that has aborted, in place of how they ended because of it.
 * Closing `runner` then is the caller's job.
 */
export function abortableRunner(runner: TaskRunner, signal: AbortSignal | undefined): TaskRunner {
  if (signal === undefined) return runner;
  return {
    start: (task, ended) =>
      runner.start(task, (end) => ended(end !== undefined && signal.aborted ? { error: signal.reason } : end)),
    interrupt: (reason) => runner.interrupt(reason),
  };
}
