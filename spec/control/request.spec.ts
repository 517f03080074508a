import { beforeEach, describe, expect, it, vi } from 'vitest';
import { accepted, awaitGreeting, refused, request } from '../../lib/control/request.js';
import { FtpConnectionError, FtpProtocolError, FtpReplyError, FtpTimeoutError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';
import type { Reply } from '../../lib/protocol/reply.js';
import { channelOnWire } from './support/wire.js';

const closing = new FtpConnectionError('closed by the spec', { channel: 'control', phase: 'close' });
const replyOf = (code: number, text = 'no'): Reply => ({
  code,
  lines: [text],
  text,
  class: Math.floor(code / 100) as 1,
});

describe('a request', () => {
  it('resolves with the final reply and what it means, after telling the preliminary ones', async () => {
    const { wire, channel } = channelOnWire();
    const preliminary: number[] = [];
    const onPreliminary = ({ code }: Reply): number => preliminary.push(code);
    const asked = request(channel, command('REIN'), { timeoutMs: 1_000, onPreliminary });
    wire.receive('120 soon\r\n');
    wire.receive('220 now\r\n');
    expect(await asked).toMatchObject({ outcome: 'completion', reply: { code: 220 } });
    expect(preliminary).toEqual([120]);
    channel.close(closing);
  });

  it.each([
    ['450 busy', 'refusal'],
    ['550 no', 'refusal'],
    ['350 go on', 'intermediate'],
  ])('resolves with %s as %s', async (reply, outcome) => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('RNFR', 'a'), { timeoutMs: 1_000 });
    wire.receive(`${reply}\r\n`);
    expect((await asked).outcome).toBe(outcome);
    channel.close(closing);
  });

  it.each([
    ['PWD', '250 Done.'],
    ['PWD', '226 Transfer complete.'],
    ['SIZE', '250 1234'],
    ['MDTM', '257 "20240101000000"'],
    ['MKD', '226 "/new"'],
    ['RNFR', '250 Fine.'],
    ['CWD', '226 Transfer complete.'],
    ['NOOP', '331 Password?'],
    ['NOOP', '150 Here it comes.'],
    ['PASV', '229 (|||1234|)'],
  ])('%s is not answered by %s: the connection closes, and there is no value', async (verb, reply) => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command(verb, 'x'), { timeoutMs: 1_000 });
    wire.receive(`${reply}\r\n`);
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FtpProtocolError);
    expect(error).toBe(channel.cause);
    expect(error).toMatchObject({ command: `${verb} x`, reply: { code: Number(reply.slice(0, 3)) } });
  });

  it('is sealed only by success: a server that refuses AUTH may go on talking', async () => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('AUTH', 'TLS'), { timeoutMs: 1_000, sealed: true });
    const next = request(channel, command('NOOP'), { timeoutMs: 1_000 });
    wire.receive('502 no\r\n200 ok\r\n');
    expect((await asked).outcome).toBe('refusal');
    expect((await next).reply.code).toBe(200);
    channel.close(closing);
  });

  it('rejects with the cause when the connection is lost', async () => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('NOOP'), { timeoutMs: 1_000 });
    wire.emit('end');
    await expect(asked).rejects.toMatchObject({ code: 'ERR_FTP_CONNECTION', command: 'NOOP' });
  });
});

describe('the deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  it('is for the whole reply, however its bytes drip', async () => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('PASS', 'geheim'), { timeoutMs: 1_000 });
    const failed = asked.catch((error: unknown) => error);
    for (const byte of '230 logg') {
      wire.receive(byte);
      vi.advanceTimersByTime(124);
    }
    expect(channel.cause).toBeUndefined();
    vi.advanceTimersByTime(8);
    const error = await failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'reply', afterMs: 1_000, command: 'PASS ***' });
    expect(channel.cause).toBe(error);
  });

  it('goes on after a preliminary reply', async () => {
    const { wire, channel } = channelOnWire();
    const asked = awaitGreeting(channel, { timeoutMs: 1_000, phase: 'greeting' });
    const failed = asked.catch((error: unknown) => error);
    vi.advanceTimersByTime(900);
    wire.receive('120 a minute\r\n');
    vi.advanceTimersByTime(100);
    expect(await failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'greeting', afterMs: 1_000 });
  });

  it('is over with the reply', async () => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('NOOP'), { timeoutMs: 1_000 });
    wire.receive('200 ok\r\n');
    await asked;
    vi.advanceTimersByTime(1_000);
    expect(channel.cause).toBeUndefined();
    channel.close(closing);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('refusals', () => {
  it('are errors that carry the reply, and a hint where the code alone says little', () => {
    const error = refused('STOR a', replyOf(553, 'Could not create file.'));
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ command: 'STOR a', reply: { code: 553 }, transient: false });
    expect(error.message).toBe(
      'STOR a was refused: 553 Could not create file. (may this user write there, and does the directory exist?)',
    );
    expect(refused('RETR a', replyOf(553)).message).toContain('this name is not allowed');
    expect(refused('RETR a', replyOf(451)).message).toBe('RETR a was refused: 451 no');
    expect(refused('RETR a', replyOf(451)).transient).toBe(true);
  });

  it('are thrown where a reply must be accepted', () => {
    expect(accepted({ reply: replyOf(350), outcome: 'intermediate' }, 'RNFR a').code).toBe(350);
    expect(() => accepted({ reply: replyOf(550), outcome: 'refusal' }, 'RNFR a')).toThrow(FtpReplyError);
  });
});
