/** Checks the types of `UploadOptions`: correct uses, and misuses that the compiler refuses. */
import type { UploadOptions } from '../../../lib/recipes/index.js';

export const good: readonly UploadOptions[] = [
  {},
  { exists: 'newer', atomic: true, keepTime: true },
  { start: 5, deletePartial: true },
  { verify: 'hash', type: 'binary' },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error there is no such choice
  { exists: 'update' } satisfies UploadOptions,
  // @ts-expect-error what is known of an upload is its size
  { verify: 'known' } satisfies UploadOptions,
  // @ts-expect-error the disk is that of the server
  { fsync: true } satisfies UploadOptions,
  // @ts-expect-error a local file has an end
  { end: 5 } satisfies UploadOptions,
];
