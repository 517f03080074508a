import { describe, expect, it } from 'vitest';
import { limitShownBy } from '../../lib/client/too-many-sessions.js';
import { refused } from '../../lib/control/request.js';
import { FtpConnectionError, type FtpReplyError } from '../../lib/index.js';

function refusal(code: number, text: string, command = 'PASS ***'): FtpReplyError {
  return refused(command, { code, text, lines: [text], class: code < 500 ? 4 : 5 });
}

/** Whether the refusal shows a limit, to a client that has no other session. */
function saysTooMany(error: FtpReplyError): boolean {
  return limitShownBy(error, { besideOthers: false, passwordIsGood: false }) === 'reply';
}

describe('a refused login that speaks of too many sessions', () => {
  it.each([
    'Too many connections',
    'Sorry, too many users are connected.',
    'Sorry, the maximum number of allowed clients (5) are already connected.',
    'Sorry, the maximum number of connections (2) for your host are already connected.',
    "Sorry, your user's limit of 3 sessions is reached",
    'User limit reached.',
    'Login limit exceeded for this address',
    'Only 2 connections are allowed for this user',
    'Max connections per IP reached',
    'Multiple logins are not permitted',
    'Too many simultaneous logins',
  ])('is told by %j', (text) => {
    expect(saysTooMany(refusal(530, text))).toBe(true);
    expect(saysTooMany(refusal(550, text, 'USER ann'))).toBe(true);
    expect(saysTooMany(refusal(530, text, 'CWD ann'))).toBe(false);
    expect(saysTooMany(refusal(501, text))).toBe(false);
  });

  it.each([
    'Login incorrect.',
    'User cannot log in.',
    'User ann unknown.',
    'Not logged in: only administrators.',
    'Too many failed attempts.',
    'Maximum login attempts exceeded.',
    'Too many password tries.',
    'Password exceeds the maximum length.',
    'User over quota limit.',
    'Please login with USER and PASS.',
  ])('is not told by %j', (text) => {
    expect(saysTooMany(refusal(530, text))).toBe(false);
  });
});

describe('a limit of sessions', () => {
  const lost = (code: string): FtpConnectionError =>
    new FtpConnectionError('lost', {
      channel: 'control',
      phase: 'connect',
      cause: Object.assign(new Error(), { code }),
    });
  const beside = { besideOthers: true, passwordIsGood: false };

  it.each([
    { what: 'a good password refused beside others', error: refusal(530, 'No.'), passwordIsGood: true, shown: 'reply' },
    {
      what: 'a good password called wrong',
      error: refusal(421, 'Login incorrect.'),
      passwordIsGood: true,
      shown: 'reply',
    },
    { what: 'another password called wrong by 421', error: refusal(421, 'Login incorrect.'), shown: undefined },
    { what: 'any other 421', error: refusal(421, 'Come back later.'), shown: 'reply' },
    { what: 'another password refused beside others', error: refusal(530, 'No.'), shown: undefined },
    { what: 'a refused connection beside others', error: lost('ECONNREFUSED'), shown: 'refused' },
    { what: 'a refused connection alone', error: lost('ECONNREFUSED'), besideOthers: false, shown: undefined },
    { what: 'a reset', error: lost('ECONNRESET'), shown: undefined },
    { what: 'an error of something else', error: new Error('no key ring'), shown: undefined },
  ])('is, or is not, shown by $what', ({ error, shown, what: _what, ...more }) => {
    expect(limitShownBy(error, { ...beside, ...more })).toBe(shown);
  });
});
