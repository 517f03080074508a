/**
 * Defines the goals, as ratios within one table, and checks them. A contender with a failed run reaches no goal, however fast the others
 * were.
 */
import type { Standing } from '../measure/standing.js';

/** The table a goal is held against. */
export interface Field {
  of(label: string): Standing | undefined;
  /** Median seconds that `node -e 0` takes. */
  readonly nodeStart: number;
}

export interface Verdict {
  readonly goal: string;
  /** In the words of the goal; `undefined` where somebody it needs did not take part. */
  readonly measured: string | undefined;
  readonly reached: boolean;
}

export type Goal = (field: Field) => Verdict;

/** `ours` is at least `times` as fast as `theirs`. */
export const faster = (ours: string, times: number, theirs: string): Goal =>
  comparing(`${ours} ≥ ${times}x ${theirs}`, ours, theirs, (us, them) => {
    const ratio = them.figure.median / us.figure.median;
    return { measured: `${ratio.toFixed(2)}x`, reached: ratio >= times };
  });

/** `ours` takes no more than `percent` longer than `theirs`; `less` Node's start, which the others do not have. */
export const within = (ours: string, percent: number, theirs: string, less = false): Goal =>
  comparing(
    `${ours} within ${percent} % of ${theirs}${less ? " less Node's start" : ''}`,
    ours,
    theirs,
    (us, them, { nodeStart }) => {
      const more = (us.figure.median - (less ? nodeStart : 0)) / them.figure.median - 1;
      return { measured: `${(more * 100).toFixed(0)} %`, reached: more * 100 <= percent };
    },
  );

/** `ours` uses no more than `times` the CPU time of `theirs`. */
export const cheaper = (ours: string, times: number, theirs: string): Goal =>
  comparing(`${ours}: CPU ≤ ${times.toFixed(1)}x ${theirs}`, ours, theirs, (us, them) => {
    const ratio = us.cpu / them.cpu;
    return { measured: `${ratio.toFixed(2)}x`, reached: ratio <= times };
  });

/** The figure of `ours` is at most `bound`, in the table's unit. */
export const atMost = (ours: string, bound: number, unit: string): Goal =>
  judging(`${ours} ≤ ${bound} ${unit}`, ours, (us) => ({
    measured: `${us.figure.median.toFixed(2)} ${unit}`,
    reached: us.figure.median <= bound,
  }));

/** `ours` takes at most `milliseconds` longer than `theirs`. */
export const notMoreThan = (ours: string, milliseconds: number, theirs: string): Goal =>
  comparing(`${ours} ≤ ${theirs} + ${milliseconds} ms`, ours, theirs, (us, them) => {
    const more = (us.figure.median - them.figure.median) * 1000;
    return { measured: `${more < 0 ? '' : '+'}${more.toFixed(0)} ms`, reached: more <= milliseconds };
  });

/** No run of `ours` ever had more resident memory. */
export const peakAtMost = (ours: string, megabytes: number): Goal =>
  judging(`${ours}: peak RSS ≤ ${megabytes} MB`, ours, (us) => ({
    measured: `${us.peakMB.toFixed(1)} MB`,
    reached: us.peakMB <= megabytes,
  }));

/** All runs of `ours` succeeded. */
export const unbroken = (ours: string): Goal =>
  judging(`${ours}: every run succeeds`, ours, ({ runs }) => ({ measured: `${runs} of ${runs}`, reached: true }));

interface Judged {
  readonly measured: string;
  readonly reached: boolean;
}

const notMeasured = { measured: undefined, reached: false } as const;

/** `judge` is asked when every run succeeded. */
function judging(goal: string, ours: string, judge: (us: Standing, field: Field) => Judged | undefined): Goal {
  return (field) => {
    const us = field.of(ours);
    if (us === undefined) return { goal, ...notMeasured };
    const { length: failed } = us.failures;
    if (failed > 0) return { goal, measured: `${failed} of ${us.runs} runs failed`, reached: false };
    return { goal, ...(judge(us, field) ?? notMeasured) };
  };
}

function comparing(
  goal: string,
  ours: string,
  theirs: string,
  judge: (us: Standing, them: Standing, field: Field) => Judged,
): Goal {
  return judging(goal, ours, (us, field) => {
    const them = field.of(theirs);
    return them === undefined || allFailed(them) ? undefined : judge(us, them, field);
  });
}

const allFailed = ({ runs, failures }: Standing): boolean => failures.length === runs;
