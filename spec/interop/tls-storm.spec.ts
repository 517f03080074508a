/**
 * After any abort, at any moment, over TLS: the next command gets its own answer, and the next data connection resumes
 * the session (vsftpd and ProFTPD would refuse it otherwise). The storm itself is the one of `abort-storm.spec.ts`.
 *
 * Not over ftp-srv: its transfers clean up after they have been answered, and take the next one's data connection along.
 * Implicit TLS differs up to the login only, and is left out.
 */
import { describe } from 'vitest';
import { describeStorms } from '../support/storm/describe-storms.js';

describe.each(['1.2', '1.3'] as const)('TLS %s', (tlsVersion) => {
  describeStorms({ tls: 'explicit', tlsVersion }, ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib']);
});
