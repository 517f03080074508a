/** Collects the steps of a plan, and counts them. */
import { PLAN_VERSION, type Plan, type PlanStep, type PlanTotals } from './plan.js';
import { isWrite } from './steps.js';

type Counts = { -readonly [Name in keyof PlanTotals]: PlanTotals[Name] };

export class PlanBuilder {
  readonly #steps: PlanStep[] = [];
  readonly #removals: PlanStep[] = [];
  #leftovers = 0;
  #firstRemoved: string | undefined;
  readonly #counts: Counts = {
    mkdir: 0,
    copy: 0,
    update: 0,
    remove: 0,
    time: 0,
    skip: 0,
    failed: 0,
    equal: 0,
    bytes: 0,
  };

  add(steps: Iterable<PlanStep>): void {
    for (const step of steps) {
      this.#count(step);
      this.#steps.push(step);
    }
  }

  /** It comes behind all others, in the order of the calls. */
  addRemoval(step: PlanStep): void {
    this.#count(step);
    this.#removals.push(step);
  }

  /** The same for a temporary file of an earlier run, which belongs to no user. */
  addLeftover(step: PlanStep): void {
    this.#leftovers += 1;
    this.#counts.remove += 1;
    this.#removals.push(step);
  }

  /** One more step that cannot be done. */
  fail(path: string, because: string, error?: Error): void {
    const step: PlanStep = { do: 'skip', path, because, failed: true };
    // JSON has no place for it.
    this.add([error === undefined ? step : Object.defineProperty(step, 'error', { value: error })]);
  }

  skip(path: string, because: string): void {
    this.add([{ do: 'skip', path, because }]);
  }

  countEqual(): void {
    this.#counts.equal += 1;
  }

  /** Whether a step gives the file `path` its bytes. It looks through all steps. */
  writes(path: string): boolean {
    return this.#steps.some((step) => step.path === path && isWrite(step));
  }

  /** The number of steps that remove a file or directory of the user's. */
  get removals(): number {
    return this.#counts.remove - this.#leftovers;
  }

  /** The path of the first of them; `''` without one. */
  get firstRemoved(): string {
    return this.#firstRemoved ?? '';
  }

  plan(more: Pick<Plan, 'keepTime' | 'links' | 'manifest'>): Plan {
    for (const step of this.#removals) this.#steps.push(step);
    return { version: PLAN_VERSION, steps: this.#steps, totals: this.#counts, ...more };
  }

  #count(step: PlanStep): void {
    const name = step.failed === true ? 'failed' : step.do;
    this.#counts[name] += 1;
    if (step.do === 'remove') this.#firstRemoved ??= step.path;
    if (isWrite(step)) this.#counts.bytes += step.bytes ?? 0;
  }
}
