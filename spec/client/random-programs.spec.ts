/**
 * Random programs on a client of one, two and four sessions: what is subscribed after a change of the client's state starts
 * after it, whatever ends meanwhile on whichever session.
 */
import { describe, it } from 'vitest';
import { checkPrograms } from '../support/programs/check-programs.js';
import { openScripted } from '../support/programs/scripted-target.js';
import { runs, timeLimitMs } from '../support/trust.js';

describe('a random program of operations', () => {
  it.each([
    { sessions: 1, count: 40, seed: 101 },
    { sessions: 2, count: 80, seed: 102 },
    { sessions: 4, count: 80, seed: 104 },
  ])(
    'acts in the right directory, type and facts: maxSessions $sessions',
    ({ sessions, count, seed }) =>
      checkPrograms({
        title: `random programs, maxSessions ${sessions}`,
        choice: { sessions: [sessions], has: () => true, up: true, cutsAt: true, maxSteps: 30 },
        open: openScripted,
        count: runs(count),
        seed,
      }),
    timeLimitMs(120_000),
  );
});
