/** Decides which steps wait for which, if several run at a time. */
import { parentOf } from '../tree/tree-entry.js';
import type { PlanStep } from './plan.js';

/** Whether what a step waits for was done: nothing is put into a directory that could not be made. */
export type Turn = 'go' | 'blocked';

interface Pending {
  readonly over: Promise<boolean>;
  readonly end: (isDone: boolean) => void;
}

/**
 * A step waits for the earlier ones of the same path and of the directories above it. A removal also waits for those in the directory.
 * Steps are begun in the order of the plan, directories first, so that no step waits for a later one.
 */
export class StepOrder {
  readonly #byPath = new Map<string, Pending>();
  readonly #inDirectory = new Map<string, Promise<boolean>[]>();

  /** Begins a step. Its `turn` is undefined if it waits for nothing, else resolves when it has come. The others learn of its end by `end`. */
  begin(step: PlanStep): { readonly turn: Promise<Turn> | undefined; readonly end: (isDone: boolean) => void } {
    const { path } = step;
    const before = this.#above(path);
    const below = step.do === 'remove' ? (this.#inDirectory.get(path) ?? []) : [];
    // Only directories and removals have steps that wait for them.
    const pending = step.do === 'mkdir' || step.do === 'remove' ? this.#add(path) : undefined;
    const waits = before.length > 0 || below.length > 0;
    return { turn: waits ? turnOf(before, below) : undefined, end: (isDone) => pending?.end(isDone) };
  }

  #above(path: string): Promise<boolean>[] {
    const found: Promise<boolean>[] = [];
    for (let at = path; ; at = parentOf(at)) {
      const pending = this.#byPath.get(at);
      if (pending !== undefined) found.push(pending.over);
      if (at === '') return found;
    }
  }

  #add(path: string): Pending {
    let settle: (isDone: boolean) => void = () => {};
    const over = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const end = (isDone: boolean): void => {
      settle(isDone);
      // No later step waits for it.
      if (isDone && this.#byPath.get(path) === pending) this.#byPath.delete(path);
    };
    const pending = { over, end };
    this.#byPath.set(path, pending);
    const siblings = this.#inDirectory.get(parentOf(path));
    if (siblings === undefined) this.#inDirectory.set(parentOf(path), [over]);
    else siblings.push(over);
    return pending;
  }
}

/**
 * Directories are made before all else: several in one round trip, and not each between two files. One in whose place, or above which,
 * something is removed first keeps its own. The order among them stays, so that none comes before the directory it is in.
 */
export function directoriesFirst(steps: readonly PlanStep[]): readonly PlanStep[] {
  const removed = new Set<string>();
  const first: PlanStep[] = [];
  const others: PlanStep[] = [];
  for (const step of steps) {
    if (step.do === 'remove') removed.add(step.path);
    if (step.do === 'mkdir' && !isIn(removed, step.path)) first.push(step);
    else others.push(step);
  }
  return [...first, ...others];
}

/** Whether the set has the path, or one above it. */
function isIn(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.size === 0) return false;
  for (let at = path; ; at = parentOf(at)) {
    if (paths.has(at)) return true;
    if (at === '') return false;
  }
}

/** The server itself refuses to remove what is not empty. */
async function turnOf(before: readonly Promise<boolean>[], below: readonly Promise<boolean>[]): Promise<Turn> {
  const done = await Promise.all(before);
  await Promise.all(below);
  return done.every((isDone) => isDone) ? 'go' : 'blocked';
}
