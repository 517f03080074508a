/** The error of each failure: its class, its message and its fields. */
import { describe, expect, it } from 'vitest';
import { type Facts, newFacts } from '../../lib/data/machine/facts.js';
import type { Failure } from '../../lib/data/machine/script.js';
import type { Transfer } from '../../lib/data/transfer.js';
import { beforeItBegan, brokenOff, causeOf, failureError } from '../../lib/data/transfer-errors.js';
import { FtpConnectionError, FtpProtocolError, FtpSecurityError, FtpUsageError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from './support/fake-session.js';

interface Case {
  readonly verb?: string;
  readonly bytes?: number;
  readonly start?: number;
  readonly slow?: Transfer['slow'];
  readonly facts?: Partial<Facts>;
  /** The client's `maxSessions`, and how many of them the server lets in. */
  readonly sessions?: { readonly max: number; readonly limit: number };
  /** What comes next on the session. */
  readonly next?: FakeSession['nextKind'];
}

/** A transfer as far as its errors look at it. */
function transferOf({ verb = 'RETR', bytes = 5, start = 0, slow, facts, sessions, next }: Case = {}): Transfer {
  const direction = verb === 'STOR' ? 'upload' : 'download';
  const known = newFacts({ direction, isListing: false, isSecure: false, withoutPwd: false });
  const fakeSession = new FakeSession();
  fakeSession.nextKind = next;
  if (sessions !== undefined) {
    fakeSession.settings = { ...fakeSession.settings, maxSessions: sessions.max };
    fakeSession.learned.sessionLimit = sessions.limit;
  }
  const { real: session } = fakeSession;
  const fake = { session, command: `${verb} /a`, verb, bytes, slow, plan: { start }, facts: { ...known, ...facts } };
  return fake as unknown as Transfer;
}

const reply = (code: number, text = 'So it is.') => createReply(code, [text]);
const cut = new FtpProtocolError('its stream has no end', { transient: true });
const damaged = new FtpProtocolError('its stream is damaged');
const reset = new Error('reset');
const minRate = { bytesPerSecond: 100, overMs: 4_000 };

const TRANSFER = 'ERR_FTP_TRANSFER';
const TIMEOUT = 'ERR_FTP_TIMEOUT';

const cases: readonly (readonly [Failure, string, Case, string, object])[] = [
  [
    'refused',
    'by its final reply',
    { facts: { final: reply(550) } },
    'RETR /a was refused: 550 So it is.',
    { code: 'ERR_FTP_REPLY', reply: reply(550), outcome: 'refused', transient: false },
  ],
  [
    'refused',
    'beyond the end of the file',
    { start: 9, facts: { final: reply(554) } },
    'RETR /a was refused: 554 So it is.',
    { code: 'ERR_FTP_REPLY', reply: reply(554), outcome: 'refused' },
  ],
  [
    'uncertain',
    'by an odd completion',
    { facts: { held: reply(200) } },
    '"200 So it is." came as an answer to RETR /a and does not fit it',
    { code: 'ERR_FTP_PROTOCOL', reply: reply(200), outcome: 'unknown' },
  ],
  [
    'uncertain',
    'by an odd refusal',
    { facts: { held: reply(450) } },
    'RETR /a was refused: 450 So it is.',
    { code: 'ERR_FTP_REPLY', reply: reply(450), outcome: 'refused', transient: true },
  ],
  ['uncertain', 'without any reply', {}, 'RETR /a was not done.', { code: TRANSFER, bytes: 0, outcome: 'unknown' }],
  [
    'no data connection',
    'in time',
    {},
    'The server did not open the data connection for RETR /a within 20000 ms.',
    { code: TIMEOUT, phase: 'connect', afterMs: 20_000, bytes: 0, transient: true },
  ],
  [
    'broken off',
    'for now',
    { facts: { final: reply(426) } },
    'RETR /a is not complete after 5 bytes: the server broke it off; the server said: 426 So it is.',
    { code: TRANSFER, bytes: 5, reply: reply(426), transient: true },
  ],
  [
    'broken off',
    'for good',
    { facts: { final: reply(552) } },
    'RETR /a is not complete after 5 bytes: the server broke it off; the server said: 552 So it is.',
    { code: TRANSFER, bytes: 5, reply: reply(552), transient: false },
  ],
  [
    'broken',
    'by an error',
    { facts: { dataError: reset } },
    'RETR /a is not complete after 5 bytes: the data connection broke: reset',
    { code: TRANSFER, bytes: 5, cause: reset, reply: undefined, transient: true },
  ],
  [
    'broken',
    'by what is wrong with its bytes',
    { facts: { dataError: cut, final: reply(226) } },
    'RETR /a is not complete after 5 bytes: its stream has no end; the server said: 226 So it is.',
    { code: TRANSFER, bytes: 5, cause: cut, reply: reply(226), transient: true },
  ],
  [
    'broken',
    'by what is wrong with its bytes, for good',
    { facts: { dataError: damaged } },
    'RETR /a is not complete after 5 bytes: its stream is damaged',
    { code: TRANSFER, bytes: 5, cause: damaged, transient: false },
  ],
  [
    'stalled',
    'without a byte',
    {},
    'Nothing moved for 8000 ms during RETR /a, after 5 bytes.',
    { code: TIMEOUT, phase: 'data', afterMs: 8_000, bytes: 5, transient: true },
  ],
  [
    'stalled',
    'with too few',
    { slow: { moved: 3, rate: minRate } },
    'RETR /a was too slow after 5 bytes: 3 bytes moved in 4000 ms, where minRate asks for 100 bytes a second.',
    { code: TIMEOUT, phase: 'data', afterMs: 4_000, bytes: 5, transient: true },
  ],
  [
    'held too long',
    'by the consumer of a file',
    {},
    'The consumer took no data of RETR /a for 8000 ms while other operations waited for its session. If it waits for one of them, give the client more sessions (maxSessions: 2); if',
    { code: TIMEOUT, phase: 'data', afterMs: 8_000, bytes: 5, transient: false },
  ],
  [
    'held too long',
    'by the consumer of a listing',
    { verb: 'MLSD' },
    'give the client more sessions (maxSessions: 2), or collect the listing first (toArray); if',
    { code: TIMEOUT, command: 'MLSD /a', transient: false },
  ],
  [
    'held too long',
    'by a source',
    { verb: 'STOR' },
    'The source gave no data for STOR /a for 8000 ms while other operations waited for its session. If it waits for one of them, give the client more sessions (maxSessions: 2); if',
    { code: TIMEOUT, command: 'STOR /a', transient: false },
  ],
  [
    'held too long',
    'by its consumer, where the server lets in one session',
    { sessions: { max: 2, limit: 1 } },
    'If it waits for one of them, do one after the other, since the server lets in only one session at a time, whatever maxSessions says: collect the file first (collectBytes), or download it to a temporary file; if',
    { code: TIMEOUT, transient: false },
  ],
  [
    'held too long',
    'by the consumer of a listing, where the server lets in few sessions',
    { verb: 'MLSD', sessions: { max: 5, limit: 3 } },
    'only 3 sessions at a time, whatever maxSessions says: collect the listing first (toArray); if',
    { code: TIMEOUT, transient: false },
  ],
  [
    'held too long',
    'by a source, where the server lets in one session',
    { verb: 'STOR', sessions: { max: 2, limit: 1 } },
    'whatever maxSessions says: write the upload to a temporary file first; if',
    { code: TIMEOUT, transient: false },
  ],
  [
    'held too long',
    'while the session was to end',
    { next: 'quit' },
    'The consumer took no data of RETR /a for 8000 ms while close$ waited for it to end. If it is only slow, a larger stallTimeoutMs.',
    { code: TIMEOUT, transient: false },
  ],
  [
    'held too long',
    'where the server has let in all sessions again',
    { sessions: { max: 2, limit: 2 } },
    'give the client more sessions (maxSessions: 3); if',
    { code: TIMEOUT, transient: false },
  ],
  [
    'ended early',
    'by a completion',
    { verb: 'STOR', facts: { final: reply(226) } },
    'STOR /a is not complete after 5 bytes: the server ended it before everything was sent; the server said: 226 So',
    { code: TRANSFER, bytes: 5, reply: reply(226), transient: true },
  ],
  [
    'late',
    'without a reply',
    {},
    'No complete reply to RETR /a within 30000 ms',
    { code: TIMEOUT, phase: 'reply', afterMs: 30_000, bytes: 5 },
  ],
  [
    'late',
    'with an odd one',
    { facts: { held: reply(200) } },
    '"200 So it is." came as an answer to RETR /a',
    { code: 'ERR_FTP_PROTOCOL', reply: reply(200) },
  ],
];

describe('a transfer', () => {
  it.each(cases)('that is %s %s', (failure, _how, transfer, message, fields) => {
    const error = failureError(transferOf(transfer), failure);
    expect(error).toMatchObject({ command: expect.stringMatching(/ \/a$/), ...fields });
    expect((error as Error).message).toContain(message);
  });

  it.each([undefined, 'text', new Error('disk')])("whose source failed has the source's own error: %s", (error) => {
    expect(failureError(transferOf({ facts: { sourceError: { error } } }), 'source failed')).toBe(error);
  });

  it('that failed with a reply tells what to do about it', () => {
    const error = failureError(transferOf({ verb: 'STOR', facts: { final: reply(553) } }), 'refused');
    expect((error as Error).message).toBe(
      'STOR /a was refused: 553 So it is. (may this user write there, and does the directory exist?)',
    );
  });

  it('that the user has broken off is not to be tried again', () => {
    const cause = new FtpUsageError('The client was closed.');
    expect(brokenOff(transferOf(), cause)).toMatchObject({
      code: TRANSFER,
      message: 'RETR /a is not complete after 5 bytes: The client was closed.',
      transient: false,
      bytes: 5,
      cause,
    });
  });
});

describe('the error of a connection that is lost before the command', () => {
  const lost = { channel: 'control', phase: 'idle', command: 'NOOP', reply: reply(421), transient: true } as const;

  it('says that nothing was done, and is another one than that of others', () => {
    const error = new FtpConnectionError('Lost.', { ...lost, outcome: 'unknown', cause: reset });
    expect(beforeItBegan(error)).not.toBe(error);
    expect(beforeItBegan(error)).toMatchObject({ ...lost, message: 'Lost.', outcome: 'none', cause: reset });
    expect(error.outcome).toBe('unknown');
  });

  it.each([
    new FtpConnectionError('Lost.', { ...lost, outcome: 'none' }),
    new FtpUsageError('No.'),
    reset,
  ])('is left as it is where that is said, or where it is another: %s', (error) =>
    expect(beforeItBegan(error)).toBe(error));
});

describe('the cause', () => {
  it('is an attack, whatever came of it', () => {
    const dataError = new FtpSecurityError('Another server.');
    expect(causeOf(transferOf({ facts: { dataError } }), reset)).toBe(dataError);
  });

  it('is the error itself otherwise', () => {
    const error = new Error('first');
    expect(causeOf(transferOf({ facts: { dataError: reset } }), error)).toBe(error);
    expect(causeOf(transferOf(), error)).toBe(error);
  });
});
