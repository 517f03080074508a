/** Types of `MirrorOptions`: what fits, and what the compiler refuses. */
import type { ApplyOptions, MirrorOptions, PlanOptions } from '../../../lib/recipes/index.js';

declare const planning: PlanOptions;
declare const applying: ApplyOptions;

export const good: readonly MirrorOptions[] = [
  {},
  { compare: 'hash', delete: true, concurrency: 2, onError: 'continue' },
  { ...planning, ...applying },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error the option is called delete
  { remove: true } satisfies MirrorOptions,
  // @ts-expect-error the plan is emitted, and apply$ does it
  { dryRun: true } satisfies MirrorOptions,
  // @ts-expect-error a number of steps at a time
  { concurrency: 'all' } satisfies MirrorOptions,
];
