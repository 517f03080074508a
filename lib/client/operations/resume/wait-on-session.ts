/** Waits between two tries on one session, which does no other work meanwhile. */
import type { Session } from '../../../control/session.js';
import type { Cancellation } from '../../../net/cancellation.js';

/** A session, as far as it is known here. */
export type WaitedOn = { readonly channel: Pick<Session['channel'], 'cause' | 'closed$'> };

/** Resolves after so many milliseconds, or when `signal` aborts. Rejects with the cause when the connection is lost before. */
export async function waitOn({ channel }: WaitedOn, delayMs: number, signal: Cancellation): Promise<void> {
  if (signal.aborted) return;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(end, delayMs);
  signal.addEventListener('abort', end);
  const closed = channel.closed$.subscribe(end);
  await ended;
  clearTimeout(timer);
  signal.removeEventListener('abort', end);
  closed.unsubscribe();
  if (channel.cause !== undefined && !signal.aborted) throw channel.cause;
}
