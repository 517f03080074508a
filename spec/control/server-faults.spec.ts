/** The rules alone; spec/client/server-faults.spec.ts has the servers. */
import { describe, expect, it } from 'vitest';
import { type FaultySession, mustBeReplaced, refuseKnownFault } from '../../lib/control/server-faults.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { INITIAL_SERVER_STATE } from '../../lib/control/server-state.js';
import { FtpUsageError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';

const pureFtpd = 'Welcome to Pure-FTPd';
const inetutils = 'FTP server (GNU inetutils 2.4) ready.';
const afterStou = { storedUnique: true };
const afterSyntaxError = { syntaxError: true };
const session = (greeting: string, state: object = {}): FaultySession => ({
  profile: profileOf(greeting),
  server: { ...INITIAL_SERVER_STATE, ...state },
});

describe('mustBeReplaced', () => {
  it.each([
    [pureFtpd, afterStou, true],
    [pureFtpd, {}, false],
    [pureFtpd, afterSyntaxError, false],
    [inetutils, afterSyntaxError, true],
    [inetutils, {}, false],
    [inetutils, afterStou, false],
    ['', { ...afterStou, ...afterSyntaxError }, false],
  ])('on %j, after %j: %s', (greeting, state, expected) => {
    expect(mustBeReplaced(session(greeting, state))).toBe(expected);
  });
});

describe('refuseKnownFault', () => {
  it.each([
    [pureFtpd, afterStou, command('APPE', 'x'), /^APPE x was not sent: .*Use another session/],
    [inetutils, {}, command('STOU'), /^STOU was not sent: .*Give stou\$ a path/],
  ])('refuses what its server makes harm of: %s', (greeting, state, line, message) => {
    const refused = expect(() => refuseKnownFault(session(greeting, state), line));
    refused.toThrow(FtpUsageError);
    refused.toThrow(message);
  });

  it.each([
    [pureFtpd, {}, command('APPE', 'x')],
    [pureFtpd, afterStou, command('STOR', 'x')],
    [inetutils, {}, command('STOU', 'x')],
    [inetutils, afterStou, command('APPE', 'x')],
    ['', afterStou, command('APPE', 'x')],
    ['', {}, command('STOU')],
  ])('lets anything else be: %j, %j, $2.line', (greeting, state, line) => {
    expect(() => refuseKnownFault(session(greeting, state), line)).not.toThrow();
  });
});
