import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  FtpConnectionError,
  FtpError,
  type FtpOutcome,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  FtpUsageError,
  isFtpError,
  type ReplyEvidence,
} from '../lib/errors.js';

const reply = { code: 450, lines: ['busy'], text: 'busy', class: 4 } as const;
const cause = new Error('why');
const details = { command: 'PASS ***', cause };

function replyOf(code: number): ReplyEvidence {
  return { ...reply, code, class: Math.floor(code / 100) as ReplyEvidence['class'] };
}

function lost(more: Partial<ConstructorParameters<typeof FtpConnectionError>[1]> = {}): FtpConnectionError {
  return new FtpConnectionError('m', { channel: 'control', phase: 'command', ...more });
}

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
    [425, true],
    [426, true],
    [450, true],
    [452, false],
    [226, false],
    [350, false],
    [530, false],
    [550, false],
    [552, false],
  ])('that rests on %i is transient: %s', (code, transient) => {
    expect(new FtpReplyError('m', { reply: replyOf(code) }).transient).toBe(transient);
  });

  it.each<[string, boolean, FtpError]>([
    ['a lost connection', true, lost()],
    ['a connection that the server ends by 421', true, lost({ reply: replyOf(421) })],
    ['a name that does not resolve just now', true, lost({ cause: { code: 'EAI_AGAIN' } })],
    ['a name that does not exist', false, lost({ cause: { code: 'ENOTFOUND' } })],
    ['an address that is not this machine’s', false, lost({ cause: { syscall: 'bind', code: 'EADDRNOTAVAIL' } })],
    ['a client that was closed', false, lost({ phase: 'close' })],
    ['work behind a lost connection', true, lost({ cause: lost() })],
    ['work behind injected replies', false, lost({ cause: new FtpSecurityError('m') })],
    ['work behind a connection out of step', true, lost({ cause: new FtpProtocolError('m') })],
    ['a timeout', true, new FtpTimeoutError('m', { phase: 'reply', afterMs: 5 })],
    ['a transfer that broke', true, new FtpTransferError('m', { bytes: 7 })],
    ['a transfer that ended by 426', true, new FtpTransferError('m', { bytes: 7, reply: replyOf(426) })],
    ['a truncated transfer that ended by 226', true, new FtpTransferError('m', { bytes: 7, reply: replyOf(226) })],
    ['a transfer that ended by 452', false, new FtpTransferError('m', { bytes: 7, reply: replyOf(452) })],
    ['a transfer that ended by 552', false, new FtpTransferError('m', { bytes: 7, reply: replyOf(552) })],
    ['wrong usage', false, new FtpUsageError('m')],
    ['a server without grammar', false, new FtpProtocolError('m')],
    ['a certificate', false, new FtpSecurityError('m', { reply: replyOf(431) })],
  ])('about %s is transient: %s', (_what, transient, error) => {
    expect(error.transient).toBe(transient);
  });

  it.each<[string, FtpOutcome, FtpError]>([
    ['refused here', 'none', new FtpUsageError('m')],
    ['refused for now', 'refused', new FtpReplyError('m', { reply: replyOf(450) })],
    ['refused for good', 'refused', new FtpReplyError('m', { reply: replyOf(550) })],
    ['answered otherwise', 'unknown', new FtpReplyError('m', { reply: replyOf(226) })],
    ['lost on the way', 'unknown', lost()],
    ['refused after it had begun', 'unknown', new FtpTransferError('m', { bytes: 0, reply: replyOf(552) })],
  ])('about what was %s has the outcome %s', (_what, outcome, error) => {
    expect(error.outcome).toBe(outcome);
  });

  it.each([
    new Error('m'),
    undefined,
    null,
    'ERR_FTP_REPLY',
    { code: 'ERR_FTP_REPLY' },
    { name: 'FtpReplyError', code: 'ERR_FTP_REPLY', message: 'm', outcome: 'refused', transient: false },
    Object.assign(new Error('m'), { name: 'FtpReplyError', code: 'ERR_FTP_REPLY' }),
    structuredClone(lost()),
  ])('is not %j', (other) => {
    expect(isFtpError(other)).toBe(false);
    expect(other instanceof FtpError).toBe(false);
    expect(other instanceof FtpReplyError).toBe(false);
  });

  it('shows nothing of what marks it', () => {
    expect(Object.getOwnPropertySymbols({ ...lost() })).toEqual([]);
    expect(inspect(lost())).not.toContain('rxftp.error');
  });
});

describe('instanceof', () => {
  class OwnError extends FtpReplyError {}
  const own = new OwnError('m', { reply });

  it('tells the classes apart', () => {
    const classes = errors.map(([, , error]) => error.constructor as new () => FtpError);
    for (const [index, [, , error]] of errors.entries()) {
      expect(classes.map((each) => error instanceof each)).toEqual(classes.map((_class, other) => other === index));
    }
  });

  it("of a subclass of somebody's own takes its own alone", () => {
    expect([own instanceof OwnError, own instanceof FtpReplyError, own instanceof FtpError]).toEqual([
      true,
      true,
      true,
    ]);
    expect(own instanceof FtpUsageError).toBe(false);
    expect(new FtpReplyError('m', { reply }) instanceof OwnError).toBe(false);
  });
});
