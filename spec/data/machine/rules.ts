/** Defines the terms in which rules about a transfer are written. */
import type { Model } from './model.js';

export type Rules = Readonly<Record<string, (model: Model) => boolean>>;

export const count = (model: Model, effect: string): number => model.done.filter((done) => done === effect).length;

/** `then` was not done without `first` before it. */
export const before = (model: Model, first: string, then: string): boolean =>
  !model.has(then) || (model.has(first) && model.done.indexOf(first) < model.done.indexOf(then));

export const hasEnded = (model: Model): boolean => model.runner.ending !== undefined;

/** The time of one of these waits has passed. */
export const hasTimedOut = (model: Model, ...waits: readonly string[]): boolean =>
  waits.some((wait) => model.expired.includes(wait));
