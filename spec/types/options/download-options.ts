/** Checks the types of `DownloadOptions`: correct uses, and misuses that the compiler refuses. */
import type { DownloadOptions } from '../../../lib/recipes/index.js';

export const good: readonly DownloadOptions[] = [
  {},
  { exists: 'resume', keepTime: true, fsync: true },
  { end: 5, verify: 'size', progressIntervalMs: 0 },
  { resume: { overlapBytes: 5 }, signal: undefined },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error the local file would be replaced by a tail
  { start: 5 } satisfies DownloadOptions,
  // @ts-expect-error there is no such choice
  { exists: 'append' } satisfies DownloadOptions,
  // @ts-expect-error a local file is whole or not there
  { deletePartial: true } satisfies DownloadOptions,
  // @ts-expect-error there is no other file to be renamed
  { atomic: true } satisfies DownloadOptions,
];
