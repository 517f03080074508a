/** Reports the steps of work on a tree, and shows its progress. */
import { defer, finalize, type Observable, tap } from 'rxjs';
import type { MirrorEvent, Plan, PlanStep, PublishEvent, PublishStep } from '../../recipes/index.js';
import { sizeText } from '../screen/entry-view.js';
import type { Output } from '../screen/output.js';
import { TreeBars } from '../screen/tree-bars.js';
import { explain } from '../session/explain.js';

type Event = MirrorEvent | PublishEvent;
type Step = PlanStep | PublishStep;
type Over = Extract<Event, { readonly type: 'step' }>;

export class StepReport {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** The steps that are planned: one JSON value each, or lines and their sum. */
  plan({ steps, totals }: Plan): void {
    for (const step of steps) this.#output.result(step, this.#line(step, step.because));
    this.#sum(totals);
  }

  #sum({ mkdir, copy, update, remove, time, equal, bytes }: Plan['totals']): void {
    const sum = `${copy} to copy, ${update} to update, ${remove} to remove, ${mkdir} directories to make, ${time} times to set`;
    this.#output.note(`${sum}, ${equal} equal: ${sizeText(bytes)} to move`);
  }

  /** Runs the work. */
  of(events$: Observable<Event>): Observable<Event> {
    return defer(() => {
      const bars = new TreeBars(this.#output);
      return events$.pipe(
        tap((event) => {
          if (event.type === 'plan') this.#start(event.plan, bars);
          else if (event.type === 'progress') bars.show(event);
          else this.#tell(event, bars);
        }),
        finalize(() => bars.end()),
      );
    });
  }

  #start(plan: Plan, bars: TreeBars): void {
    if (!this.#output.json) this.#sum(plan.totals);
    bars.start(plan);
  }

  #tell(event: Over, bars: TreeBars): void {
    const { step, result, error } = event;
    bars.over(step.path);
    const why = error === undefined ? step.because : explain(error);
    const value = { ...step, result, error: error === undefined ? undefined : explain(error) };
    const line = `${result === 'done' ? '' : `${result}: `}${this.#line(step, why)}`;
    if (!bars.log(line)) this.#output.result(value, line);
  }

  #line(step: Step, because: string): string {
    const { do: deed, path, bytes } = step;
    const size = bytes === undefined ? '' : `  ${sizeText(bytes)}`;
    const to = 'to' in step && step.to !== undefined ? ` -> ${this.#output.safe(step.to)}` : '';
    return `${deed.padEnd(6)}  ${this.#output.safe(path === '' ? '.' : path)}${to}${size}  (${this.#output.safe(because)})`;
  }
}
