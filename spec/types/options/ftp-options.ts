/** Checks the types of `FtpOptions`: correct uses, and misuses that the compiler refuses. */
import type { FtpOptions } from '../../../lib/index.js';

export const good: readonly FtpOptions[] = [
  { host: 'h' },
  { host: 'h', maxSessions: 3, idleTimeoutMs: 60_000, connectIntervalMs: 0 },
  { host: 'h', retry: true },
  { host: 'h', retry: { attempts: 3 }, keepAliveMs: 30_000 },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a host is needed
  { maxSessions: 3 } satisfies FtpOptions,
  // @ts-expect-error a number of sessions is a number
  { host: 'h', maxSessions: 'many' } satisfies FtpOptions,
  // @ts-expect-error tries are given by an object
  { host: 'h', retry: 5 } satisfies FtpOptions,
  // @ts-expect-error a misspelt option is noticed
  { host: 'h', maxSession: 3 } satisfies FtpOptions,
];
