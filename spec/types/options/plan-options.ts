/** Types of `PlanOptions`: what fits, and what the compiler refuses. */
import type { PlanOptions } from '../../../lib/recipes/index.js';

export const good: readonly PlanOptions[] = [
  {},
  { compare: 'size+time', keepTime: false, keepMode: true, delete: true, maxDelete: 0 },
  { compare: 'manifest', links: 'follow', include: ['*.html'], exclude: ['*.log'], ignoreFile: '.gitignore' },
  { include: ['a'] as const, signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error times alone say nothing of bytes
  { compare: 'time' } satisfies PlanOptions,
  // @ts-expect-error a link of the source is skipped or followed
  { links: 'copy' } satisfies PlanOptions,
  // @ts-expect-error patterns are a list
  { exclude: '*.log' } satisfies PlanOptions,
  // @ts-expect-error what fails while it is done is a matter of apply$
  { onError: 'continue' } satisfies PlanOptions,
  // @ts-expect-error patterns are texts of picomatch
  { include: [/html$/] } satisfies PlanOptions,
];
