/** Time in the specs of failed logins: none passes by itself. */
import { vi } from 'vitest';
import type { Observation } from '../../support/observe.js';
import { pollPhase } from '../../support/scripted/poll-phase.js';

const QUIET_MS = 50;

/** Some turns of the event loop, in which a client that does not wait logs in many times. */
export async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await pollPhase();
}

/** Fakes the timers and the clock of this library; each wait takes this part of its bound. */
export function fakeTimers(random = 0.5): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(random);
}

/**
 * Lets the short time pass in which a client waits for one reply too many, after the first use of a verb on a server that
 * its greeting does not name.
 */
export async function passQuiet(): Promise<void> {
  await aWhile();
  await pass(QUIET_MS);
}

/** The values of the observation, when it waits only for quiet times. */
export async function answerOf<T>(observation: Observation<T>): Promise<T[]> {
  await aWhile();
  for (let round = 0; round < 4 && observation.end === undefined; round += 1) await pass(QUIET_MS);
  return observation.settled;
}

/** Lets so much time pass, and what it sets off happen. */
export async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await aWhile();
}
