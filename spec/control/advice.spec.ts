/** The hints at the end of error messages, by texts that servers were seen to send. */
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../lib/control/advice.js';
import { transienceOf } from '../../lib/control/login-refusal.js';
import type { Reply } from '../../lib/protocol/reply.js';

function replyOf(line: string): Reply {
  const code = Number(line.slice(0, 3));
  return { code, lines: [line], text: line.slice(4), class: Math.floor(code / 100) as Reply['class'] };
}

/** The hint for `line` as the reply to `command`. */
function hint(command: string, line: string): string | undefined {
  return adviceFor(command, replyOf(line));
}

describe('the hint for a refused RNTO', () => {
  it.each([
    '550 File exists',
    '550 /b: File exists',
    '553 A file of that name already exists.',
    '550 rename: Is a directory.',
    '550 Directory not empty.',
    '451 Rename/move failure: Is a directory',
    "550 EISDIR: illegal operation on a directory, rename '/a' -> '/b'",
  ])('says that something stands there: %s', (line) => {
    expect(hint('RNTO /b', line)).toMatch(/something stands under the new name/);
  });

  it.each([
    '550 Rename failed.',
    '550 No such file or directory.',
    '550 The directory does not exist.',
    '553 Permission denied.',
    '451 Rename/move failure: No such file or directory',
  ])('asks what may be wrong with the new name: %s', (line) => {
    expect(hint('RNTO /b', line)).toMatch(/new name free, does its directory exist/);
  });

  it('is not that of other commands', () => {
    expect(hint('RNFR /a', '550 No such file.')).toMatch(/does it exist/);
    expect(hint('MKD /a', '550 File exists')).toMatch(/it may exist already/);
    expect(hint('RNTO /b', '250 The file exists now.')).toBeUndefined();
  });
});

describe('the hint for a 421', () => {
  it.each([
    ['the greeting', '421 There are too many connections from your internet address.'],
    ['the greeting', '421 5 users (the maximum) are already logged in, sorry'],
    ['USER me', '421 Too many connections (2) from this IP: [127.0.0.1]'],
    ['NOOP', '421 Too many users.'],
    ['PASS ***', '421 Come back later.'],
  ])('names a limit of sessions: %s, %s', (command, line) => {
    expect(hint(command, line)).toMatch(/no more sessions just now/);
  });

  it.each([
    ['', '421 Timeout.'],
    ['NOOP', '421 Idle timeout (600 seconds): closing control connection'],
    ['', '421 No transfer timeout (600 seconds): closing control connection'],
    ['', '421 Control connection timed out.'],
    ['', '421 Timeout (900 seconds): closing control connection.'],
    ['', '421 Timeout - try typing a little faster next time'],
    ['', '421 No-transfer-time exceeded. Closing control connection.'],
  ])('names the idle session: %j, %s', (command, line) => {
    expect(hint(command, line)).toMatch(/idle for longer .* keepAliveMs/);
  });

  it.each([
    ['RETR /a', '421 Data timeout. Reconnect. Sorry.'],
    ['STOR /a', '421 Timeout (no new data for 900 seconds)'],
  ])('names data that stood still: %s, %s', (command, line) => {
    expect(hint(command, line)).toMatch(/nothing has moved on the data connection/);
  });

  it.each([
    ['the greeting', '421 Timeout'],
    ['PASS ***', '421 Login timeout (300 seconds): closing control connection'],
    ['', '421 Login time exceeded. Closing control connection.'],
  ])('names a login that took too long: %j, %s', (command, line) => {
    expect(hint(command, line)).toMatch(/the login took longer/);
  });

  it.each([
    ['the greeting', '421 Service not available, closing control connection.'],
    ['the greeting', '421 Service not available (the FTP server is unavailable).'],
    ['USER me', '421 FTP server shutting down - please try again later'],
    ['', '421 Server is going offline'],
    ['NOOP', '421 Down for maintenance.'],
  ])('names the end of the service: %j, %s', (command, line) => {
    expect(hint(command, line)).toMatch(/shutting down, or takes no logins just now/);
  });

  it('is none where the text says nothing, and no login is under way', () => {
    expect(hint('NOOP', '421 Bye.')).toBeUndefined();
    expect(hint('', '421 Goodbye.')).toBeUndefined();
  });
});

describe('a login that is refused for want of TLS', () => {
  const texts = [
    '421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.',
    '530 Non-anonymous sessions must use encryption.',
    '550 SSL/TLS required on the control channel',
    '431 Secure login is required.',
  ];

  it.each(texts)('is refused for good, whatever its code: %s', (line) => {
    for (const command of ['USER me', 'PASS ***', 'ACCT ***']) {
      expect(transienceOf(command, replyOf(line))).toEqual({ transient: false });
      expect(hint(command, line)).toMatch(/set secure: 'explicit'/);
    }
  });

  it.each(texts)('is a matter of client certificates under TLS: %s', (line) => {
    expect(adviceFor('USER me', replyOf(line), { secured: true })).toMatch(/client certificate/);
  });

  it.each([
    ['USER me', '421 Too many TLS sessions.'],
    ['USER me', '421 Timeout.'],
    ['USER me', '331 Any password will do under TLS.'],
    ['NOOP', '421 The TLS session has ended.'],
    ['', '421 The TLS session has ended.'],
  ])('is not what other replies are: %j, %s', (command, line) => {
    expect(transienceOf(command, replyOf(line)).transient).not.toBe(false);
  });
});

describe('a login that is refused for its user or password', () => {
  it.each([
    ['PASS ***', '430 Invalid username or password'],
    ['PASS ***', '430 No.'],
    ['PASS ***', '421 Login incorrect.'],
    ['PASS ***', '450 Login failed: bad password'],
    ['PASS ***', '421 Login authentication failed'],
    ['PASS ***', '432 Wrong password. Try again later.'],
    ['USER ann', '431 Unable to find user'],
    ['USER ann', '450 User ann does not exist.'],
    ['USER ann', "421 The user doesn't exist."],
    ['PASS ***', '530 Not logged in, user or password incorrect!'],
  ])('is refused for good, and the hint says so: %s, %s', (command, line) => {
    expect(transienceOf(command, replyOf(line))).toEqual({ transient: false });
    expect(hint(command, line)).toBe('check user and password');
  });

  it.each([
    ['PASS ***', '450 Not now.'],
    ['PASS ***', '421 Come back later.'],
    ['PASS ***', '421 Login failed, try again later.'],
    ['PASS ***', '421 Authentication failed: the directory is temporarily not there.'],
    ['PASS ***', '421 Login failed: unknown error'],
    ['the greeting', '421 Too many wrong passwords from your address.'],
    ['STOR /a', '450 Invalid user.'],
  ])('is not what other replies are: %s, %s', (command, line) => {
    expect(transienceOf(command, replyOf(line))).toEqual({});
    expect(hint(command, line)).not.toBe('check user and password');
  });

  it('gets no hint about files', () => {
    expect(hint('PASS ***', '450 Not now.')).toBeUndefined();
    expect(hint('PASS ***', '550 No.')).toBeUndefined();
  });
});

describe('a login that is refused for too many sessions', () => {
  it.each([
    ['PASS ***', '530 Sorry, the maximum number of clients (2) for this user are already connected.'],
    ['USER ann', '550 Too many connections.'],
    ['PASS ***', '430 Too many users.'],
  ])('may be let in later, as its hint says: %s, %s', (command, line) => {
    expect(transienceOf(command, replyOf(line))).toEqual({ transient: true });
    expect(hint(command, line)).toMatch(/try again later/);
  });
});

describe("the user's own name in a refused login", () => {
  it.each([
    ['ftps', '530 User ftps cannot log in.'],
    ['tls-user', '530 User tls-user cannot log in.'],
    ['max.users', '530 User max.users cannot log in.'],
    ['a(ssl)', '530 Not you, a(ssl)!'],
  ])('tells nothing: %s, %s', (user, line) => {
    expect(adviceFor('PASS ***', replyOf(line), { user })).toBe('check user and password');
    expect(transienceOf('PASS ***', replyOf(line), user).transient).not.toBe(true);
  });

  it('is taken out alone', () => {
    const options = { user: 'tls' };
    expect(adviceFor('PASS ***', replyOf('530 TLS required for tls.'), options)).toMatch(/set secure: 'explicit'/);
    expect(adviceFor('PASS ***', replyOf('530 tls-only server'), { user: 'tl' })).toMatch(/set secure: 'explicit'/);
  });
});

describe('the hint for a start in ASCII', () => {
  it.each([
    ['RETR /a', '550 No support for resume of ASCII transfer.'],
    ['REST 5', '501 REST: Resuming transfers not allowed in ASCII mode'],
    ['REST 5', '504 Restart is not allowed in ASCII type.'],
  ])('names the type: %s, %s', (command, line) => {
    expect(adviceFor(command, replyOf(line), { start: 5 })).toContain("type: 'binary'");
  });

  it('is not that of a transfer from the beginning, nor of a file by that name', () => {
    expect(hint('RETR /a', '550 No support for ASCII transfers.')).not.toContain('start');
    expect(adviceFor('RETR /a', replyOf('550 ascii: no such file'), { start: 5 })).not.toContain("'binary'");
  });
});
