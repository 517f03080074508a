/** Checks the types of `ResumeOptions`: correct uses, and misuses that the compiler refuses. */
import type { ResumeOptions } from '../../../lib/index.js';

export const good: readonly ResumeOptions[] = [{}, { overlapBytes: 0 }, { fromStart: true, overlapBytes: undefined }];

export const bad: readonly unknown[] = [
  // @ts-expect-error bytes are a number
  { overlapBytes: true } satisfies ResumeOptions,
  // @ts-expect-error attempts are an option of `retry`
  { attempts: 5 } satisfies ResumeOptions,
];
