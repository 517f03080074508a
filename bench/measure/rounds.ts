/**
 * Many runs of many contenders, so that the machine's moods meet all of them alike: each round runs every contender once,
 * and each round begins with another one.
 */
import type { Measured } from './measure-run.js';

/** What takes part: its name in the table, and how to run it once. */
export interface Entrant {
  readonly label: string;
  run(): Promise<Measured>;
}

/** The runs of one contender that succeeded, and why the others did not. */
export interface Outcome {
  readonly label: string;
  readonly runs: readonly Measured[];
  readonly failures: readonly string[];
}

/** One contender's failure is told and does not end the rounds. */
export async function runRounds(entrants: readonly Entrant[], rounds: number): Promise<readonly Outcome[]> {
  const outcomes = entrants.map(({ label }) => ({ label, runs: [] as Measured[], failures: [] as string[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < entrants.length; turn += 1) {
      const at = (turn + round) % entrants.length;
      const [entrant, outcome] = [entrants[at], outcomes[at]];
      if (entrant === undefined || outcome === undefined) continue;
      try {
        outcome.runs.push(await entrant.run());
      } catch (error) {
        outcome.failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return outcomes;
}
