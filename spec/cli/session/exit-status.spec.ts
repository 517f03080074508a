import { describe, expect, it } from 'vitest';
import { interrupted, notFound, wrongUsage } from '../../../lib/cli/session/command-error.js';
import { exitStatusOf } from '../../../lib/cli/session/exit-status.js';
import {
  FtpConnectionError,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
} from '../../../lib/index.js';
import { FtpTreeError } from '../../../lib/recipes/index.js';

const refused = (command: string): FtpReplyError =>
  new FtpReplyError('no', { command, reply: { code: 530, class: 5, text: 'No.', lines: ['No.'] } });

describe('the exit status of an error', () => {
  it.each([
    [1, new Error('disk')],
    [1, new FtpProtocolError('odd')],
    [1, new FtpTreeError('in part', { errors: [] })],
    [1, undefined],
    [2, wrongUsage('no')],
    [2, new FtpUsageError('no')],
    [3, new FtpConnectionError('lost', { channel: 'control', phase: 'connect' })],
    [3, new FtpTimeoutError('late', { phase: 'data', afterMs: 1 })],
    [4, refused('USER me')],
    [4, refused('PASS ***')],
    [5, refused('RETR PASS')],
    [5, new FtpUnsupportedError('none')],
    [5, notFound('a')],
    [6, new FtpSecurityError('no')],
    [7, new FtpTransferError('cut', { bytes: 1 })],
    [130, interrupted()],
  ])('is %i: %s', (status, error) => {
    expect(exitStatusOf(error)).toBe(status);
  });
});
