import { describe, expect, it } from 'vitest';
import {
  isNotImplemented,
  mayBeEmpty,
  mayBeOfForm,
  requireListed,
  saysNoFiles,
} from '../../../lib/client/operations/listing-refusals.js';
import { refused } from '../../../lib/control/request.js';
import { FtpConnectionError, FtpReplyError } from '../../../lib/errors.js';
import { createReply, type Reply } from '../../../lib/protocol/reply.js';

function replyOf(line: string): Reply {
  return createReply(Number(line.slice(0, 3)), [line.slice(4)]);
}

describe('a refused listing', () => {
  it.each([
    ['550 No files found.', true],
    ['550 No such file or directory', true],
    ['550 No data sets found.', true],
    ['550 Directory is empty', true],
    ['450 No members found', true],
    ['550 NO MEMBERS FOUND.', true],
    ['550 /dir: No such file or directory', true],
    ['450 No such file', true],
    ['550 There are no files in /dir.', true],
    ['550 File not found.', true],
    ['450 whatever', false],
    ['450 Zugriff verweigert.', false],
    ['450 Acceso denegado.', false],
    ['450 Device not ready.', false],
    ['450 I/O failure.', false],
    ['450', false],
    ['550 Directory listing failed: module not found', false],
    ['550 /bin/ls: No such file or directory', false],
    ['550 Cannot run ls: No such file or directory', false],
    ['550 No data connection', false],
    ['550 No file system is mounted', false],
    ['550 No entry in the user database', false],
    ['550 Disk is not empty', false],
    ['550 No files (доступ запрещён)', false],
    ['450 No files: device is not ready', false],
    ['450 File busy.', false],
    ['450 Try again later', false],
    ['450 Permission denied: no files', false],
    ['550 whatever', false],
    ['550 No files: access denied', false],
    ['553 No files', false],
    ['501 No files', false],
  ])('%j says that there are no files: %s', (line, says) => {
    const reply = replyOf(line);
    expect(saysNoFiles(reply)).toBe(says);
    expect(mayBeEmpty(refused('LIST', reply))).toBe(says);
  });

  it.each([
    ['500 What?', true],
    ['402 Not implemented', true],
    ['501 Syntax error in parameters', true],
    ['550 whatever', true],
    ['450 No files', true],
    ['450 whatever', false],
    ['451 Local error', false],
    ['550 Permission denied', false],
    ['530 Please log in', false],
  ])('%j may be of its form: %s', (line, may) => {
    expect(mayBeOfForm(refused('LIST', replyOf(line)))).toBe(may);
  });

  it.each([402, 500, 502, 504])('%i says that the command is not there', (code) => {
    expect(isNotImplemented(createReply(code, ['x']))).toBe(true);
    expect(isNotImplemented(createReply(501, ['x']))).toBe(false);
  });

  it('is nothing else', () => {
    const lost = new FtpConnectionError('x', { channel: 'control', phase: 'command' });
    expect([mayBeOfForm(lost), mayBeEmpty(lost), mayBeEmpty(undefined)]).toEqual([false, false, false]);
  });
});

describe('a listing that has ended', () => {
  it.each([
    '226 Transfer done (but failed to open directory).',
    '226 Could not read the directory.',
    '250 List done, access denied.',
  ])('is a refusal where the final reply says that it has failed: %s', (line) => {
    const reply = replyOf(line);
    const error = thrownBy(() => requireListed('LIST /dir', reply));
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'LIST /dir', outcome: 'refused', transient: false, reply });
    expect([mayBeOfForm(error), mayBeEmpty(error)]).toEqual([false, false]);
  });

  it.each([
    '226 Directory send OK.',
    '226 Transfer complete; 0 failed logins.',
    '250 List completed successfully.',
    '226 Options: -a -l; 3 matches total',
  ])('is one where it says nothing of that: %s', (line) => {
    expect(() => requireListed('LIST', replyOf(line))).not.toThrow();
  });
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
