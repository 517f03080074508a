import { describe, expect, it } from 'vitest';
import { connectFailure, connectTimeout, isPortInUse } from '../../lib/control/connect-errors.js';
import { FtpConnectionError, FtpTimeoutError, FtpUsageError } from '../../lib/errors.js';
import { DeadlinePassed } from '../../lib/net/deadline.js';

const endpoint = { host: 'ftp.example', port: 2121, family: 0 } as const;
const failed = (code: string, syscall = 'connect'): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
const failure = (error: unknown, channel: 'control' | 'data' = 'control', localPort?: number) =>
  connectFailure(error, { ...endpoint, channel }, { afterMs: 1_000, localPort });

describe('connectFailure', () => {
  it.each<[string, 'control' | 'data', Error, RegExp]>([
    ['an unknown name', 'control', failed('ENOTFOUND', 'getaddrinfo'), /Check the host name/],
    ['a name that cannot be asked for', 'data', failed('EAI_AGAIN', 'getaddrinfo'), /Check the host name/],
    ['a closed port', 'control', failed('ECONNREFUSED'), /Nothing listens there/],
    ['a closed data port', 'data', failed('ECONNREFUSED'), /firewall may block the server's data ports/],
    ['no way to the host', 'control', failed('EHOSTUNREACH'), /Check host, port and firewall/],
    ['an address of another machine', 'control', failed('EADDRNOTAVAIL', 'bind'), /option localAddress/],
  ])('tells what to look at: %s (%s)', (_what, channel, cause, advice) => {
    const error = failure(cause, channel);
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel, phase: 'connect', outcome: 'none', cause });
    expect(error.message).toContain(
      `The ${channel} connection to ftp.example:2121 could not be opened: ${cause.message}.`,
    );
    expect(error.message).toMatch(advice);
  });

  it('speaks of localPort where the attempt was made from it', () => {
    const cause = failed('EADDRNOTAVAIL');
    expect(failure(cause, 'control', 4_000).message).toMatch(/option localPort/);
    expect(failure(cause).message).not.toMatch(/localPort/);
    expect(failure(failed('ECONNREFUSED'), 'control', 4_000).message).not.toMatch(/localPort/);
  });

  it('names the proxy where the time is over', () => {
    const late = connectFailure(
      new DeadlinePassed(5),
      { ...endpoint, channel: 'data' },
      { afterMs: 5, proxy: '[::1]:1080' },
    );
    expect(late).toBeInstanceOf(FtpTimeoutError);
    expect(late.message).toBe(
      'The data connection to ftp.example:2121 through the proxy [::1]:1080 was not done within 5 ms. Check that the proxy runs and can reach the server, or give a larger connectTimeoutMs.',
    );
  });

  it('leaves what a connector has told in full, and no other error of this library', () => {
    const told = new FtpConnectionError('m', { channel: 'data', phase: 'connect', transient: false });
    expect(failure(told, 'data')).toBe(told);
    expect(failure(told, 'control')).toMatchObject({ channel: 'control', cause: told, transient: false });
    const lost = new FtpConnectionError('m', { channel: 'data', phase: 'idle' });
    expect(failure(lost, 'data')).toMatchObject({ phase: 'connect', cause: lost });
  });

  it.each<[unknown, string]>([
    ['no proxy', 'no proxy'],
    [undefined, 'no reason was given'],
    [null, 'no reason was given'],
    [{ message: 5 }, 'no reason was given'],
    [{ code: 'E_MINE', message: '' }, 'E_MINE'],
  ])('takes whatever a connector rejects with: %j', (thrown, reason) => {
    expect(failure(thrown).message).toContain(`could not be opened: ${reason}.`);
    expect(failure(thrown).cause).toBe(thrown);
  });

  it('is a timeout where the time is over, and an error in usage stays what it is', () => {
    const late = failure(new DeadlinePassed(1_000));
    expect(late).toBeInstanceOf(FtpTimeoutError);
    expect(late).toMatchObject({ phase: 'connect', afterMs: 1_000, outcome: 'none' });
    const usage = new FtpUsageError('no');
    expect(failure(usage)).toBe(usage);
  });
});

describe('connectTimeout', () => {
  it('has the general advice and no outcome, unless it is told others', () => {
    expect(connectTimeout('The handshake', 'a:1', 5)).toMatchObject({
      message:
        'The handshake to a:1 was not done within 5 ms. Check host, port and firewall, or give a larger connectTimeoutMs.',
      outcome: 'none',
    });
    expect(connectTimeout('It', 'a:1', 5, 'Try b.', 'unknown')).toMatchObject({
      message: 'It to a:1 was not done within 5 ms. Try b.',
      outcome: 'unknown',
    });
  });
});

describe('isPortInUse', () => {
  it.each<[unknown, boolean]>([
    [failed('EADDRINUSE', 'bind'), true],
    [failed('EADDRINUSE'), true],
    [failed('EADDRNOTAVAIL'), true],
    [failed('EADDRNOTAVAIL', 'bind'), false],
    [failed('ECONNREFUSED'), false],
    [undefined, false],
    ['EADDRINUSE', false],
  ])('of %s is %s', (error, inUse) => {
    expect(isPortInUse(error)).toBe(inUse);
  });
});
