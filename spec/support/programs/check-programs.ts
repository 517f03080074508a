/** Runs many random programs, and tells the shortest one that fails, with the seed that makes it again. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { summarize } from '../trust.js';
import { type Choice, programs } from './arbitrary.js';
import { judge } from './judge.js';
import type { Program, Step } from './program.js';
import { type Run, runProgram } from './run.js';
import { idOf, type OpenTarget, type Target } from './target.js';
import { verbOf } from './verbs/index.js';

/** A failing program is made shorter for no longer than this. */
const shortenWithinMs = 40_000;

export interface ProgramsPlan {
  /** The target of the programs, for the summary. */
  readonly title: string;
  readonly choice: Choice;
  readonly open: OpenTarget;
  readonly count: number;
  readonly seed: number;
}

/** Throws what the shortest failing program did. `RXFTP_SEED` takes the place of the seed. */
export async function checkPrograms({ title, choice, open, count, seed: usual }: ProgramsPlan): Promise<void> {
  const seed = Number(process.env.RXFTP_SEED ?? usual);
  const tally = new Tally();
  const reports = new WeakMap<Program, string>();
  let shortenUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(programs(choice), async (program) => {
    if (performance.now() > shortenUntil) return;
    await using target = await open(program);
    const { fault, runs } = await tried(program, target);
    tally.add(runs);
    if (fault === undefined) return;
    reports.set(program, `${fault}\n\n${said(program, target, runs)}`);
    shortenUntil = Math.min(shortenUntil, performance.now() + shortenWithinMs);
    throw new Error(fault);
  });
  const details = await fc.check(property, { seed, numRuns: count });
  summarize(`${title}, seed ${seed}: ${details.numRuns} programs; operations: ${tally}`);
  if (!details.failed) return;
  const [program] = details.counterexample ?? [];
  const report = (program && reports.get(program)) ?? String(details.errorInstance);
  const shortened = `shortened ${details.numShrinks} times; seed ${seed}, path ${details.counterexamplePath}`;
  expect.fail(`${title}: a program has failed (${shortened})\n${report}`);
}

/** How many operations have ended in each way. */
class Tally {
  readonly #ends = new Map<Run['end'], number>();

  add(runs: readonly Run[]): void {
    for (const { end } of runs) this.#ends.set(end, (this.#ends.get(end) ?? 0) + 1);
  }

  toString(): string {
    return [...this.#ends].map(([end, times]) => `${times} ${end}`).join(', ');
  }
}

/** Runs a program; the fault is what the model does not allow, or that something has never ended. */
async function tried(
  program: Program,
  target: Target,
): Promise<{ readonly runs: readonly Run[]; readonly fault?: string | undefined }> {
  try {
    const runs = await runProgram(program, target);
    return { runs, fault: await judge(program, runs, target) };
  } catch (error) {
    return { runs: [], fault: String(error) };
  }
}

/** The program as a user would write it, with how everything ended. */
function said({ sessions, pace, steps }: Program, target: Target, runs: readonly Run[]): string {
  let started = 0;
  const say = (step: Step): string => {
    if (step.do !== 'start') return told(step, started);
    const id = idOf(started);
    started += 1;
    const { operation, leave, cut } = step;
    const end = runs.find(({ at }) => at.id === id);
    const notes = [
      ...(leave === undefined ? [] : [`its subscriber leaves ${leave}`]),
      ...(cut === undefined ? [] : [`the connection is cut ${cut}`]),
      ...(end === undefined ? [] : [end.end]),
    ];
    return `${id} = ${verbOf(operation.verb).say(target.spell(operation, id))}    // ${notes.join('; ')}`;
  };
  return [`maxSessions: ${sessions}, pace ${pace}`, ...steps.map(say)].join('\n  ');
}

function told(step: Exclude<Step, { do: 'start' }>, started: number): string {
  if (step.do === 'turns') return `${step.turns} turns of the event loop`;
  if (step.do === 'cut') return `control connection ${step.nth} of those that are open is cut`;
  const id = started === 0 ? 'nothing' : idOf(started - 1 - (step.back % started));
  return step.do === 'leave' ? `${id}: its subscriber leaves` : `${id}: its end is waited for`;
}
