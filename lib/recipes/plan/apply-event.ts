/** Defines the values that `apply$` and `mirror$` emit. */
import type { TransferProgress } from '../../streams/progress-meter.js';
import type { Plan, PlanStep } from './plan.js';

/** A step is over. */
export interface StepEvent {
  readonly type: 'step';
  readonly step: PlanStep;
  /** `skipped`: the step does nothing, was done already, or its directory could not be made. */
  readonly result: 'done' | 'skipped' | 'failed';
  /** Of a failed step. */
  readonly error?: Error | undefined;
}

/** The progress of one file's transfer; `path` is that of the step. */
export interface ProgressEvent extends TransferProgress {
  readonly type: 'progress';
}

/** The plan that `mirror$` has made, before its first step. */
export interface PlanEvent {
  readonly type: 'plan';
  readonly plan: Plan;
}

export type ApplyEvent = StepEvent | ProgressEvent;

export type MirrorEvent = PlanEvent | ApplyEvent;
