/** Time in the specs of failed logins: none passes by itself. */
import { vi } from 'vitest';
import { pollPhase } from '../../support/scripted/poll-phase.js';

/** Some turns of the event loop, in which a client that does not wait logs in many times. */
export async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await pollPhase();
}

/** Fakes the timers and the clock of this library; each wait takes this part of its bound. */
export function fakeTimers(random = 0.5): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(random);
}

/** Lets so much time pass, and what it sets off happen. */
export async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await aWhile();
}
