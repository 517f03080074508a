import { describe, expect, it } from 'vitest';
import { answerFault, statusFault } from '../../lib/proxy/connect-faults.js';

describe('the answer of an HTTP proxy', () => {
  it.each<[number, boolean, RegExp]>([
    [100, false, /allows CONNECT/],
    [301, false, /allows CONNECT/],
    [400, false, /allows CONNECT/],
    [401, false, /user and password/],
    [403, false, /administrator/],
    [404, false, /allows CONNECT/],
    [405, false, /allows CONNECT/],
    [407, false, /user and password/],
    [408, true, /allows CONNECT/],
    [429, true, /allows CONNECT/],
    [500, true, /host and port/],
    [501, false, /allows CONNECT/],
    [502, true, /host and port/],
    [503, true, /host and port/],
    [504, true, /host and port/],
    [505, false, /allows CONNECT/],
  ])('%s may be over soon: %s', (status, transient, advice) => {
    const fault = statusFault(status, 'Why', []);
    expect(fault).toMatchObject({ transient, status, message: `the proxy answered ${status} Why` });
    expect(fault.advice).toMatch(advice);
  });

  it('is shown without control characters, without an end, and without secrets', () => {
    expect(statusFault(403, ' ', []).message).toBe('the proxy answered 403');
    expect(statusFault(403, 'a\u001b[2Jb', []).message).toBe('the proxy answered 403 a\\x1b[2Jb');
    expect(statusFault(403, 'x'.repeat(9_000), []).message.length).toBeLessThan(130);
    expect(statusFault(403, 'No bWU6aHVudGVy for me:hunter2!', ['bWU6aHVudGVy', 'hunter2']).message).toBe(
      'the proxy answered 403 No *** for me:***!',
    );
  });

  it.each<[string, boolean, RegExp]>([
    ['HPE_HEADER_OVERFLOW', false, /more than 16384 bytes/],
    ['HPE_INVALID_CONSTANT', false, /is not HTTP/],
    ['HPE_INVALID_VERSION', false, /is not HTTP/],
    ['HPE_INVALID_EOF_STATE', true, /closed the connection/],
    ['ECONNRESET', true, /closed the connection/],
    ['', true, /closed the connection/],
  ])("that Node's client errors at by %j", (code, transient, message) => {
    expect(answerFault(code)).toMatchObject({ transient, message: expect.stringMatching(message) });
  });
});
