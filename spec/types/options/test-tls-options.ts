/** Checks the types of `TestTlsOptions`: correct uses, and misuses that the compiler refuses. */
import type { TestTlsOptions } from '../../../lib/testing/index.js';

export const good: readonly TestTlsOptions[] = [
  { mode: 'explicit', key: 'pem', cert: 'pem' },
  { mode: 'implicit', key: new Uint8Array(1), cert: 'pem', maxVersion: 'TLSv1.2' },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error a certificate is needed
  { mode: 'explicit', key: 'pem' } satisfies TestTlsOptions,
  // @ts-expect-error a server has TLS or has none
  { mode: false, key: 'pem', cert: 'pem' } satisfies TestTlsOptions,
  // @ts-expect-error there is no such version
  { mode: 'explicit', key: 'pem', cert: 'pem', minVersion: 'TLSv1.1' } satisfies TestTlsOptions,
];
