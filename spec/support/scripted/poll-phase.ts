import { setImmediate as nextCheck } from 'node:timers/promises';

/**
 * Resolves after the event loop has polled for I/O once more, so that the other side has read what was written. One
 * setImmediate is not enough: asked for while polling, it comes before the next poll.
 */
export async function pollPhase(): Promise<void> {
  await nextCheck();
  await nextCheck();
}
