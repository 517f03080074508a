/** Computes the result of one contender's runs, in the unit of its table. */
import type { Measured } from './measure-run.js';
import type { Outcome } from './rounds.js';
import { type Spread, spreadOf } from './statistics.js';

export interface Standing {
  readonly label: string;
  /** What the table is about, in its unit. */
  readonly figure: Spread;
  /** Median seconds of CPU time. */
  readonly cpu: number;
  /** The highest peak of resident memory, in MB (10^6 bytes). */
  readonly peakMB: number;
  readonly runs: number;
  readonly failures: readonly string[];
}

export function standingOf({ label, runs, failures }: Outcome, figureOf: (run: Measured) => number): Standing {
  return {
    label,
    figure: spreadOf(runs.map(figureOf)),
    cpu: spreadOf(runs.map(({ cpu }) => cpu)).median,
    peakMB: spreadOf(runs.map(({ peak }) => peak / 1e6)).max,
    runs: runs.length + failures.length,
    failures,
  };
}
