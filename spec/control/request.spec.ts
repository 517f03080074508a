import { beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitGreeting } from '../../lib/control/greeting.js';
import { accepted, refused, request } from '../../lib/control/request.js';
import { FtpProtocolError, FtpReplyError, FtpTimeoutError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';
import type { Reply } from '../../lib/protocol/reply.js';
import { channelOnWire, closing } from './support/wire.js';

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

  it('tells its end before the next reply is read, also of the same chunk', async () => {
    const { wire, channel } = channelOnWire();
    const told: string[] = [];
    const ask = (verb: string) =>
      request(channel, command(verb, 'x'), {
        timeoutMs: 1_000,
        onEnd: (final) => told.push(`${verb} ${final?.reply.code}`),
      });
    channel.reply$.subscribe(({ code }) => told.push(`< ${code}`));
    const both = [ask('CWD'), ask('DELE')];
    wire.receive('250 there\r\n250 gone\r\n');
    expect(told).toEqual(['< 250', 'CWD 250', '< 250', 'DELE 250']);
    await Promise.all(both);
    channel.close(closing);
  });

  it('tells of an end without a final reply', async () => {
    const { channel } = channelOnWire();
    const ends: unknown[] = [];
    const asked = request(channel, command('DELE', 'x'), { timeoutMs: 1_000, onEnd: (final) => ends.push(final) });
    channel.close(closing);
    await expect(asked).rejects.toBe(closing);
    expect(ends).toEqual([undefined]);
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

  describe.each([
    ['PWD', '250 Done.', 'refusal'],
    ['PWD', '226 Transfer complete.', 'refusal'],
    ['PWD', '314 what?', 'refusal'],
    ['SIZE', '250 1234', 'completion'],
    ['SIZE', '213 unknown', 'refusal'],
    ['MDTM', '257 "20240101000000"', 'refusal'],
    ['MKD', '226 "/new"', 'completion'],
    ['MKD', '250 Done.', 'completion'],
    ['RNTO', '226 Fine.', 'completion'],
    ['CWD', '226 Transfer complete.', 'completion'],
    ['NOOP', '331 Password?', 'refusal'],
    ['PASV', '227 none', 'refusal'],
    ['EPSV', '229 x (||4711|)', 'refusal'],
  ])('%s, oddly answered by "%s"', (verb, odd, outcome) => {
    const line = command(verb, 'x');

    it(`takes it for the answer when the fence has found no other: a ${outcome}, and from then on at once`, async () => {
      const { wire, channel } = channelOnWire();
      for (const [round, fence] of [
        [1, 'NOOP\r\nPWD\r\n'],
        [2, ''],
      ] as const) {
        wire.sent = '';
        const asked = request(channel, line, { timeoutMs: 1_000 });
        wire.receive(`${odd}\r\n`);
        if (round === 1) {
          wire.receive('200 ok\r\n');
          wire.receive(verb === 'PWD' ? `${odd}\r\n` : '257 "/"\r\n');
        }
        expect(await asked).toMatchObject({ outcome, reply: { code: Number(odd.slice(0, 3)) } });
        expect(wire.sent).toBe(`${line.line}\r\n${fence}`);
      }
      channel.close(closing);
    });

    it('takes the one reply that the fence has found behind it, where that fits', async () => {
      const { wire, channel, skipped } = channelOnWire();
      const asked = request(channel, line, { timeoutMs: 1_000 });
      wire.receive(`${odd}\r\n550 no\r\n`);
      wire.receive('200 ok\r\n');
      wire.receive('257 "/"\r\n');
      expect(await asked).toMatchObject({ outcome: 'refusal', reply: { code: 550 } });
      expect(skipped).toEqual([odd]);
      channel.close(closing);
    });

    it('is uncertain when there was more, and goes on in step', async () => {
      const { wire, channel } = channelOnWire();
      const asked = request(channel, line, { timeoutMs: 1_000 }).catch((error: unknown) => error);
      wire.receive(`${odd}\r\n`);
      wire.receive('550 no\r\n226 more\r\n');
      wire.receive('200 ok\r\n');
      wire.receive('257 "/"\r\n');
      const error = await asked;
      expect(error).toBeInstanceOf(FtpProtocolError);
      expect(error).toMatchObject({ outcome: 'unknown', command: line.line, reply: { code: Number(odd.slice(0, 3)) } });
      const next = request(channel, command('NOOP'), { timeoutMs: 1_000 });
      wire.receive('200 next\r\n');
      expect((await next).reply.text).toBe('next');
      channel.close(closing);
    });
  });

  it('that is preliminary where no data is moved is never the answer', async () => {
    const { wire, channel } = channelOnWire();
    const deleted = request(channel, command('DELE', 'x'), { timeoutMs: 1_000 });
    wire.receive('150 working\r\n');
    wire.receive('250 done\r\n200 ok\r\n');
    wire.receive('257 "/"\r\n');
    expect(await deleted).toMatchObject({ outcome: 'completion', reply: { code: 250 } });
    const alone = request(channel, command('DELE', 'x'), { timeoutMs: 1_000 }).catch((error: unknown) => error);
    wire.receive('150 working\r\n');
    wire.receive('200 ok\r\n');
    wire.receive('257 "/"\r\n');
    expect(await alone).toMatchObject({ code: 'ERR_FTP_PROTOCOL', outcome: 'unknown', reply: { code: 150 } });
    channel.close(closing);
  });

  it('that is preliminary does not end the fence: PWD has its final reply, and the fence its own', async () => {
    const { wire, channel, skipped } = channelOnWire();
    const asked = request(channel, command('PWD'), { timeoutMs: 1_000 });
    wire.receive('150 working\r\n');
    wire.receive('257 "/here"\r\n');
    wire.receive('200 ok\r\n');
    wire.receive('150 working\r\n');
    wire.receive('257 "/here"\r\n');
    expect(await asked).toMatchObject({ outcome: 'completion', reply: { code: 257 } });
    expect([wire.sent, skipped]).toEqual(['PWD\r\nNOOP\r\nPWD\r\n', ['150 working']]);
    channel.close(closing);
  });

  it('gives way to a code that this server was seen to answer by', async () => {
    const { wire, channel } = channelOnWire();
    channel.learned.addUsual('DELE', 231);
    const asked = request(channel, command('DELE', 'x'), { timeoutMs: 1_000 });
    wire.receive('226 what\r\n');
    wire.receive('231 removed\r\n');
    wire.receive('200 ok\r\n');
    wire.receive('257 "/"\r\n');
    expect(await asked).toMatchObject({ outcome: 'completion', reply: { code: 231 } });
    channel.close(closing);
  });

  it('whose fence has no end closes the connection, and the error names the odd reply', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('CWD', 'x'), { timeoutMs: 1_000 }).catch((error: unknown) => error);
    wire.receive('226 what\r\n');
    wire.receive('200 ok\r\n');
    wire.receive('502 no PWD\r\n');
    vi.advanceTimersByTime(4_999);
    expect(channel.cause).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(await asked).toBe(channel.cause);
    expect(channel.cause).toMatchObject({ code: 'ERR_FTP_PROTOCOL', command: 'CWD x', reply: { code: 226 } });
  });

  it('is not the greeting, which comes as soon as the connection is made (TLS 1.2)', async () => {
    const { wire, channel } = channelOnWire();
    channel.roundTrip.measured(60_000);
    const greeting = awaitGreeting(channel, { replyTimeoutMs: 1_000, secure: false });
    wire.receive('220 ready\r\n');
    expect(await greeting).toEqual({ outcome: 'completion', reply: replyOf(220, 'ready') });
    channel.close(closing);
  });

  it('that comes sooner than it can is one, also among other unanswered commands', async () => {
    const { wire, channel } = channelOnWire();
    channel.roundTrip.measured(60_000);
    const asked = ['a', 'b'].map((path) =>
      request(channel, command('SIZE', path), { timeoutMs: 1_000 }).catch((error: unknown) => error),
    );
    wire.receive('213 1\r\n');
    for (const error of await Promise.all(asked)) expect(error).toBe(channel.cause);
    expect(channel.cause).toMatchObject({ code: 'ERR_FTP_PROTOCOL', reply: { code: 213 }, outcome: 'unknown' });
  });

  it('among other unanswered commands closes the connection: all of them get the error', async () => {
    const { wire, channel } = channelOnWire();
    const asked = ['a', 'b'].map((path) =>
      request(channel, command('SIZE', path), { timeoutMs: 1_000 }).catch((error: unknown) => error),
    );
    wire.receive('226 what\r\n');
    for (const error of await Promise.all(asked)) expect(error).toBe(channel.cause);
    expect(channel.cause).toMatchObject({ code: 'ERR_FTP_PROTOCOL', reply: { code: 226 }, outcome: 'unknown' });
    expect(channel.learned.lacks('several commands at once')).toBe(true);
  });

  it('inside a sequence lets it go on; a fence behind its end decides', async () => {
    const { wire, channel } = channelOnWire();
    const first = request(channel, command('RNFR', 'a'), { timeoutMs: 1_000, inSequence: true });
    wire.receive('250 fine\r\n');
    expect(await first).toMatchObject({ odd: true, reply: { code: 250 } });
    const second = request(channel, command('RNTO', 'b'), { timeoutMs: 1_000, doubtful: true });
    wire.receive('250 done\r\n');
    expect(wire.sent).toBe('RNFR a\r\nRNTO b\r\nNOOP\r\n');
    wire.receive('200 ok\r\n');
    wire.receive('257 "/"\r\n');
    expect(await second).toMatchObject({ outcome: 'completion', reply: { text: 'done' } });
    channel.close(closing);
  });

  it('holds back what is sent while the fence is asked', async () => {
    const { wire, channel } = channelOnWire();
    const first = request(channel, command('CWD', 'a'), { timeoutMs: 1_000 });
    wire.receive('226 what\r\n');
    const second = request(channel, command('DELE', 'b'), { timeoutMs: 1_000 });
    wire.receive('200 ok\r\n');
    expect(wire.sent).toBe('CWD a\r\nNOOP\r\nPWD\r\n');
    wire.receive('257 "/"\r\n');
    await first;
    expect(wire.sent).toBe('CWD a\r\nNOOP\r\nPWD\r\nDELE b\r\n');
    wire.receive('250 gone\r\n');
    expect((await second).reply.text).toBe('gone');
    channel.close(closing);
  });

  it('replaces the socket only by success: a server that refuses AUTH may go on talking', async () => {
    const { wire, channel } = channelOnWire();
    const asked = request(channel, command('AUTH', 'TLS'), { timeoutMs: 1_000, changesSocket: true });
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
    const asked = awaitGreeting(channel, { replyTimeoutMs: 1_000, secure: false });
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
