/** The wait for the greeting alone; spec/control/login.spec.ts has the logins behind it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitGreeting } from '../../lib/control/greeting.js';
import { FtpConnectionError, FtpProtocolError, FtpTimeoutError } from '../../lib/errors.js';
import { channelOnWire, closing } from './support/wire.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** A greeting that is waited for 1000 ms; `outcome` is the reply, or the error. */
function awaiting(secure: false | 'implicit' = false) {
  const { wire, channel } = channelOnWire();
  const outcome = awaitGreeting(channel, { replyTimeoutMs: 1_000, secure }).catch((error: unknown) => error);
  return { wire, channel, outcome };
}

describe('a greeting', () => {
  it.each([
    ['220 Ready\r\n', 'completion', 220],
    ['120 Soon\r\n220 Now\r\n', 'completion', 220],
    ['\r\nwelcome\r\n220 Ready\r\n', 'completion', 220],
    ['530 Not you\r\n', 'refusal', 530],
    ['331 Who?\r\n', 'intermediate', 331],
  ])('is the first final reply: %j', async (text, result, code) => {
    const { wire, channel, outcome } = awaiting();
    wire.receive(text);
    expect(await outcome).toMatchObject({ outcome: result, reply: { code } });
    channel.close(closing);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['HTTP/1.1 400 Bad Request\r\n', /This is no FTP server: it sent "HTTP\/1\.1 400/],
    ['SSH-2.0-OpenSSH\r\n', /This is no FTP server: it sent "SSH-2\.0/],
    ['x\r\n'.repeat(21), /The server sent no greeting: it sent "x"/],
    [`${'x'.repeat(400)}\r\n`.repeat(6), /The server sent no greeting/],
  ])('is not what another protocol, or too much text, has: %#', async (text, message) => {
    const { wire, channel, outcome } = awaiting();
    wire.receive(text);
    expect(await outcome).toBeInstanceOf(FtpProtocolError);
    expect(await outcome).toMatchObject({ message: expect.stringMatching(message), command: 'the greeting' });
    expect(channel.cause).toBe(await outcome);
  });

  it.each([
    'x\r\n'.repeat(20),
    `${'x'.repeat(400)}\r\n`.repeat(5),
  ])('may stand behind as much text as that: %#', async (text) => {
    const { wire, channel, outcome } = awaiting();
    wire.receive(`${text}220 Ready\r\n`);
    expect(await outcome).toMatchObject({ reply: { code: 220 } });
    channel.close(closing);
  });
});

describe('a greeting that does not come in time', () => {
  it.each([
    ['', FtpTimeoutError, /No greeting came within 1000 ms; .*set secure: 'implicit'/],
    ['220-Wel', FtpTimeoutError, /not complete within 1000 ms: after "220-Wel"/],
    ['120 Soon\r\n', FtpTimeoutError, /not complete within 1000 ms: after "120 Soon"/],
    ['\r\nhello\r\n', FtpProtocolError, /sent no greeting in time: it sent "hello"/],
    ['\r\n', FtpTimeoutError, /No greeting came/],
  ])('is an error that says how much has come: %j', async (text, kind, message) => {
    const { wire, channel, outcome } = awaiting();
    if (text !== '') wire.receive(text);
    vi.advanceTimersByTime(999);
    expect(channel.cause).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(await outcome).toBeInstanceOf(kind);
    expect(await outcome).toMatchObject({ message: expect.stringMatching(message), command: 'the greeting' });
  });

  it('does not advise implicit TLS where that is set', async () => {
    const { outcome } = awaiting('implicit');
    vi.advanceTimersByTime(1_000);
    expect(await outcome).toMatchObject({ phase: 'greeting', message: expect.not.stringContaining('implicit') });
  });
});

describe('a connection that ends before the greeting', () => {
  it.each([
    ['', /port that speaks TLS from the first byte/],
    ['220-Wel', /After "220-Wel" it sent no more/],
  ])('is of the phase greeting, and says how much has come: %j', async (text, message) => {
    const { wire, outcome } = awaiting();
    if (text !== '') wire.receive(text);
    wire.emit('end');
    expect(await outcome).toBeInstanceOf(FtpConnectionError);
    expect(await outcome).toMatchObject({ phase: 'greeting', message: expect.stringMatching(message) });
  });

  it('by another cause passes that on', async () => {
    const { channel, outcome } = awaiting();
    channel.close(closing);
    expect(await outcome).toBe(closing);
  });
});
