/** Does the steps of a plan: several at a time, each after the steps that it needs. */
import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  of,
  tap,
  throwError,
} from 'rxjs';
import { FtpProtocolError } from '../../errors.js';
import { asError } from '../../streams/as-error.js';
import { TreeErrors } from '../tree/tree-error.js';
import { isFatal } from '../tree/tree-faults.js';
import { withSignal } from '../with-signal.js';
import { afterwards$ } from './afterwards.js';
import type { ApplyEvent, StepEvent } from './apply-event.js';
import type { Sides } from './contents.js';
import type { FileCopier } from './file-copier.js';
import { Leftovers } from './leftovers.js';
import { ManifestKeeper } from './manifest-keeper.js';
import type { Plan, PlanStep } from './plan.js';
import { RemovalGuard } from './removal-guard.js';
import { directoriesFirst, StepOrder, type Turn } from './step-order.js';
import { StepWork } from './step-work.js';
import { isWrite } from './steps.js';
import { TargetCheck } from './target-check.js';
import { isPutAside } from './temporary-name.js';

export interface RunSettings {
  readonly concurrency: number;
  /** So many failed steps end the work. */
  readonly maxErrors: number;
}

export class PlanRun {
  readonly #plan: Plan;
  readonly #settings: RunSettings;
  readonly #errors = new TreeErrors();
  /** Aborted when the run is over, for any reason. */
  readonly #left = new AbortController();
  readonly #check: TargetCheck;
  readonly #manifest: ManifestKeeper | undefined;
  readonly #work: StepWork;
  /** The old files that were put aside, with the step that writes a new one. */
  readonly #leftovers: Leftovers;
  /** Files that should have been written, and were not. */
  readonly #unwritten = new Set<string>();
  #order = new StepOrder();
  #failed = 0;

  constructor(plan: Plan, sides: Sides, copier: FileCopier, settings: RunSettings) {
    this.#plan = plan;
    this.#settings = settings;
    const { signal } = this.#left;
    this.#check = new TargetCheck(sides.target, signal);
    this.#manifest = plan.manifest === true ? new ManifestKeeper(sides, plan.links, signal) : undefined;
    const { target } = sides;
    const guard = new RemovalGuard(plan.steps, { target, check: this.#check, signal });
    this.#leftovers = new Leftovers([plan.steps]);
    this.#work = new StepWork({ target, check: this.#check, copier, manifest: this.#manifest, guard, signal });
  }

  /** Subscribed once. */
  events$(): Observable<ApplyEvent> {
    const { steps } = this.#plan;
    const firstRemoval = steps.findLastIndex((step) => step.do !== 'remove') + 1;
    const manifest$ = defer(() => this.#writeManifest$());
    return concat(
      defer(() => this.#phase$(steps.slice(0, firstRemoval))),
      defer(() => this.#phase$(steps.slice(firstRemoval))),
    ).pipe(
      catchError((error: unknown) =>
        concat(
          manifest$,
          throwError(() => error),
        ),
      ),
      (events$) =>
        concat(
          events$,
          manifest$,
          defer(() => this.#end$()),
        ),
      finalize(() => this.#left.abort()),
      // concat may complete several times if its last part is empty. An operator lets one through.
      map((event) => event),
    );
  }

  /** Listings of an earlier phase are old. */
  #phase$(steps: readonly PlanStep[]): Observable<ApplyEvent> {
    this.#check.forget();
    this.#order = new StepOrder();
    return from(directoriesFirst(steps)).pipe(mergeMap((step) => this.#step$(step), this.#settings.concurrency));
  }

  #step$(step: PlanStep): Observable<ApplyEvent> {
    if (step.do === 'skip') return of(this.#skipped(step));
    if (this.#isOnlyCopy(step)) return of(outcome(step, 'skipped'));
    const { turn, end } = this.#order.begin(step);
    let isDone = false;
    const events$ = turn === undefined ? this.#work.events$(step) : this.#inTurn$(step, turn);
    return events$.pipe(
      tap({
        next: (event) => {
          // A directory that is there already serves as one that was made.
          if (event.type === 'step') isDone = event.result === 'done' || this.#check.isThere(step.path);
        },
        finalize: () => {
          if (!isDone && isWrite(step)) this.#unwritten.add(step.path);
          end(isDone);
        },
      }),
      catchError((error: unknown) => this.#failed$(step, error)),
    );
  }

  #inTurn$(step: PlanStep, turn: Promise<Turn>): Observable<ApplyEvent> {
    return afterwards$(
      () => turn,
      (found) => (found === 'go' ? this.#work.events$(step) : of(outcome(step, 'skipped'))),
    );
  }

  /** An old file that was put aside, while there is no new one. Files are written before anything is removed. */
  #isOnlyCopy({ do: deed, path }: PlanStep): boolean {
    if (deed !== 'remove' || !isPutAside(path)) return false;
    const final = this.#leftovers.finalOf(path);
    return final !== undefined && this.#unwritten.has(final);
  }

  /** A step that the plan marks as failed is reported, and ends nothing. */
  #skipped(step: PlanStep): StepEvent {
    if (step.failed !== true) return outcome(step, 'skipped');
    const error = step.error ?? new FtpProtocolError(step.because, { outcome: 'none' });
    this.#errors.add(step.path, error);
    return { ...outcome(step, 'failed'), error };
  }

  #failed$(step: PlanStep, thrown: unknown): Observable<ApplyEvent> {
    const error = asError(thrown);
    this.#failed += 1;
    this.#errors.add(step.path, error);
    const event = of<ApplyEvent>({ ...outcome(step, 'failed'), error });
    const isLast = this.#failed >= this.#settings.maxErrors || isFatal(error, false);
    return isLast
      ? concat(
          event,
          throwError(() => this.#errors.whole()),
        )
      : event;
  }

  #writeManifest$(): Observable<never> {
    const manifest = this.#manifest;
    return manifest === undefined ? EMPTY : withSignal(() => manifest.write()).pipe(ignoreElements());
  }

  #end$(): Observable<never> {
    const error = this.#errors.whole();
    return error === undefined ? EMPTY : throwError(() => error);
  }
}

function outcome(step: PlanStep, result: StepEvent['result']): StepEvent {
  return { type: 'step', step, result };
}
