import { describe, expect, it } from 'vitest';
import {
  FtpConnectionError,
  FtpError,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  FtpUsageError,
  isFtpError,
} from '../lib/errors.js';

const reply = { code: 450, lines: ['busy'], text: 'busy', class: 4 } as const;
const cause = new Error('why');
const details = { command: 'PASS ***', cause };

const errors: readonly (readonly [string, string, FtpError])[] = [
  ['FtpReplyError', 'ERR_FTP_REPLY', new FtpReplyError('m', { ...details, reply })],
  ['FtpUsageError', 'ERR_FTP_USAGE', new FtpUsageError('m', details)],
  ['FtpProtocolError', 'ERR_FTP_PROTOCOL', new FtpProtocolError('m', details)],
  [
    'FtpConnectionError',
    'ERR_FTP_CONNECTION',
    new FtpConnectionError('m', { ...details, channel: 'data', phase: 'idle' }),
  ],
  ['FtpSecurityError', 'ERR_FTP_SECURITY', new FtpSecurityError('m', details)],
  ['FtpTimeoutError', 'ERR_FTP_TIMEOUT', new FtpTimeoutError('m', { ...details, phase: 'reply', afterMs: 5 })],
  ['FtpTransferError', 'ERR_FTP_TRANSFER', new FtpTransferError('m', { ...details, bytes: 7, reply })],
];

describe.each(errors)('%s', (name, code, error) => {
  it('is told apart by its class and its code, and by nothing else', () => {
    expect(error).toBeInstanceOf(FtpError);
    expect(error).toBeInstanceOf(Error);
    expect(error.constructor.name).toBe(name);
    expect(error).toMatchObject({ name, code, message: 'm', command: 'PASS ***', cause });
    expect(String(error)).toBe(`${name}: m`);
    expect(errors.filter(([, other]) => other === code)).toHaveLength(1);
    expect(isFtpError(error)).toBe(true);
  });
});

describe('an FtpError', () => {
  it('has no cause unless there is one, even an undefined one', () => {
    expect('cause' in new FtpUsageError('m')).toBe(false);
    expect(new FtpUsageError('m', { cause: null }).cause).toBeNull();
  });

  it('carries nothing by default', () => {
    expect(new FtpUsageError('m')).toMatchObject({ command: undefined, reply: undefined, bytes: undefined });
  });

  it('keeps what its class is about', () => {
    expect(new FtpConnectionError('m', { channel: 'control', phase: 'login' })).toMatchObject({
      channel: 'control',
      phase: 'login',
    });
    expect(new FtpTimeoutError('m', { phase: 'greeting', afterMs: 30 })).toMatchObject({
      phase: 'greeting',
      afterMs: 30,
    });
    expect(new FtpTransferError('m', { bytes: 7 })).toMatchObject({ bytes: 7, reply: undefined });
    expect(new FtpReplyError('m', { reply }).reply).toBe(reply);
  });

  it.each([
    [421, true],
    [450, true],
    [226, false],
    [350, false],
    [530, false],
    [550, false],
  ])('that rests on %i is transient: %s', (code, transient) => {
    const digit = Math.floor(code / 100) as 2 | 3 | 4 | 5;
    expect(new FtpReplyError('m', { reply: { ...reply, code, class: digit } }).transient).toBe(transient);
  });

  it.each([new Error('m'), undefined, null, 'ERR_FTP_REPLY', { code: 'ERR_FTP_REPLY' }])('is not %j', (other) => {
    expect(isFtpError(other)).toBe(false);
  });
});
