/** Operations that end with the reason of a signal: when it closes their client or session, and from then on. */
import type { LeaseHost } from '../control/lease-host.js';

/**
 * `host`, whose operations error with the reason of `signal` once that has aborted, in place of how they ended because of it.
 * Closing `host` then is the caller's job.
 */
export function abortableHost(host: LeaseHost, signal: AbortSignal | undefined): LeaseHost {
  if (signal === undefined) return host;
  return {
    start: (task, ended) =>
      host.start(task, (end) => ended(end !== undefined && signal.aborted ? { error: signal.reason } : end)),
    interrupt: (reason) => host.interrupt(reason),
  };
}
