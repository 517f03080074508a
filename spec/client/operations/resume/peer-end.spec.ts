import { describe, expect, it } from 'vitest';
import { isEndedByPeer } from '../../../../lib/client/operations/resume/peer-end.js';
import { FtpConnectionError, type FtpConnectionPhase, FtpTimeoutError } from '../../../../lib/errors.js';

function lost(code?: string, phase: FtpConnectionPhase = 'command'): FtpConnectionError {
  const cause = code === undefined ? undefined : Object.assign(new Error(code), { code });
  return new FtpConnectionError('Lost.', { channel: 'control', phase, cause });
}

describe('the end of a connection', () => {
  it.each([
    ['by FIN', lost(), true],
    ['by RST', lost('ECONNRESET'), true],
    ['behind a RST', lost('EPIPE'), true],
    ['for want of a network', lost('ETIMEDOUT'), false],
    ['without a route', lost('EHOSTUNREACH'), false],
    ['by the client', lost(undefined, 'close'), false],
    ['by an abort', lost(undefined, 'abort'), false],
    ['by a time limit', new FtpTimeoutError('Late.', { phase: 'reply', afterMs: 1 }), false],
    ['that has not come', undefined, false],
  ])('%s', (_how, cause, expected) => {
    expect(isEndedByPeer(cause)).toBe(expected);
  });
});
