/** Defines the values that `apply$` and `mirror$` emit. */
import type { TransferProgress } from '../../streams/progress-meter.js';
import type { Plan, PlanStep } from './plan.js';

/** A step is over. */
export interface StepEvent {
  readonly type: 'step';
  readonly step: PlanStep;
  /** `skipped`: a step that does nothing, that was done already, or whose directory could not be made. */
  readonly result: 'done' | 'skipped' | 'failed';
  /** Of a failed one. */
  readonly error?: Error | undefined;
}

/** How the transfer of one file gets on; `path` is that of the step. */
export interface ProgressEvent extends TransferProgress {
  readonly type: 'progress';
}

/** The plan that `mirror$` has made, before anything of it is done. */
export interface PlanEvent {
  readonly type: 'plan';
  readonly plan: Plan;
}

export type ApplyEvent = StepEvent | ProgressEvent;

export type MirrorEvent = PlanEvent | ApplyEvent;
