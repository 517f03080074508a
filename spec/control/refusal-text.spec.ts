/** The subjects of refusal texts: for each, texts that have it and texts that only look like it. */
import { describe, expect, it } from 'vitest';
import {
  demandsTls,
  speaksOfAnExistingFile,
  speaksOfAscii,
  speaksOfDataConnections,
  speaksOfIdleness,
  speaksOfShutdown,
  speaksOfStillData,
  speaksOfTheFile,
  speaksOfTls,
  speaksOfTlsReuse,
  speaksOfTooManySessions,
  speaksOfWrongCredentials,
} from '../../lib/control/refusal-text.js';

interface Texts {
  readonly reads: (text: string) => boolean;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const tables: readonly Texts[] = [
  {
    reads: speaksOfTls,
    yes: [
      'SSL/TLS required on the control channel',
      'Non-anonymous sessions must use encryption',
      'Use AUTH first',
      'Insecure login refused',
      'Cleartext passwords are not accepted',
    ],
    no: ['Login incorrect.', 'The author first', 'Battles only', 'Security first'],
  },
  {
    reads: demandsTls,
    yes: ['TLS required', 'Use AUTH first'],
    no: ['Too many TLS sessions', 'Login incorrect.'],
  },
  {
    reads: speaksOfTlsReuse,
    yes: ['SSL connection failed: session reuse required', 'TLS session of data connection not resumed', 're-use it'],
    no: ['TLS handshake failed'],
  },
  {
    reads: speaksOfDataConnections,
    yes: ['SSL/TLS required on the data channel', 'Data connections must be encrypted'],
    no: ['SSL/TLS required on the control channel', 'metadata channel'],
  },
  {
    reads: speaksOfTooManySessions,
    yes: [
      'Too many connections (2) from this IP',
      'The maximum number of clients is connected',
      'only 2 connections allowed',
      'connection limit reached',
      'Multiple logins are not allowed',
    ],
    no: ['Too many failed attempts', 'password exceeds the maximum length', 'Disk limit reached', 'Login incorrect.'],
  },
  {
    reads: speaksOfWrongCredentials,
    yes: [
      'Login incorrect.',
      'Invalid username or password',
      'Unable to find user',
      "User doesn't exist",
      'Authentication failed',
    ],
    no: ['Login failed: unknown error', 'Login failed, try again later', 'Password required', 'Permission denied'],
  },
  {
    reads: speaksOfTheFile,
    yes: ['No such file or directory', 'Permission denied', 'Is a directory', 'Failed to open file.', 'Over quota'],
    no: ['Restart offset beyond the end', 'Bad offset'],
  },
  {
    reads: speaksOfAscii,
    yes: ['No support for resume of ASCII transfer.', 'Resuming transfers not allowed in ASCII mode', 'in ascii type'],
    no: ['ascii: no such file', 'nonascii mode'],
  },
  {
    reads: speaksOfAnExistingFile,
    yes: ['File exists', 'Is a directory', 'Directory not empty', 'illegal operation on a directory'],
    no: ['No such file or directory', 'existsence', 'empty'],
  },
  {
    reads: speaksOfStillData,
    yes: ['Data timeout. Reconnect. Sorry.', 'Timeout (no new data for 900 seconds)'],
    no: ['Idle timeout', 'No data', 'Database time-out'],
  },
  {
    reads: speaksOfIdleness,
    yes: [
      'Idle timeout (600 seconds): closing control connection',
      'Control connection timed out.',
      'Login time exceeded.',
      'Closed for inactivity',
    ],
    no: ['Goodbye.', 'Try some other time'],
  },
  {
    reads: speaksOfShutdown,
    yes: [
      'FTP server shutting down',
      'Service not available, closing control connection',
      'Server is going offline',
      'Server restarting',
      'Down for maintenance',
      'Unavailable',
    ],
    no: ['Idle timeout', 'Service closing control connection', 'Available'],
  },
];

describe.each(tables)('$reads.name', ({ reads, yes, no }) => {
  it.each(yes)('reads it in any case of letters: %s', (line) => {
    for (const one of [line, line.toUpperCase(), line.toLowerCase()]) expect(reads(one)).toBe(true);
  });

  it.each([...no, ''])('does not read it in: %j', (line) => {
    expect(reads(line)).toBe(false);
  });
});
