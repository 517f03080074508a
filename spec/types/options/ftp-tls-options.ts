/** Checks the types of `FtpTlsOptions`: correct uses, and misuses that the compiler refuses. */
import type { FtpTlsOptions } from '../../../lib/index.js';

export const good: readonly FtpTlsOptions[] = [
  {},
  { ca: 'pem', minVersion: 'TLSv1.2' },
  { fingerprint256: 'AA:BB', rejectUnauthorized: true },
  { servername: 'ftp.example.com' },
];

export const bad: readonly unknown[] = [
  // @ts-expect-error the host is an option of the client
  { host: 'ftp.example.com' } satisfies FtpTlsOptions,
  // @ts-expect-error sockets are made by `connector`
  { socket: undefined } satisfies FtpTlsOptions,
  // @ts-expect-error there is no such version
  { minVersion: 'TLSv1.4' } satisfies FtpTlsOptions,
];
