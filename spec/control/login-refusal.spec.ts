/** The reason alone; spec/control/advice.spec.ts has more texts, with the hints that they lead to. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLogin, type LoginRefusal, reasonOfRefusal, transienceOf } from '../../lib/control/login-refusal.js';
import { createReply } from '../../lib/protocol/reply.js';

describe('reasonOfRefusal', () => {
  it.each<[string, number, string, LoginRefusal | undefined]>([
    ['the greeting', 421, 'Too many users.', 'sessions'],
    ['USER me', 530, 'SSL/TLS required on the control channel', 'tls'],
    ['PASS ***', 530, 'Login incorrect.', 'credentials'],
    ['ACCT ***', 530, 'Unknown account.', 'credentials'],
    ['PASS ***', 430, 'No.', 'credentials'],
    ['PASS ***', 530, 'Too many TLS sessions.', 'sessions'],
    ['the greeting', 430, 'Login incorrect.', undefined],
    ['PASS ***', 530, 'No.', undefined],
    ['PASS ***', 331, 'Login incorrect.', undefined],
    ['STOR x', 530, 'Login incorrect.', undefined],
    ['', 421, 'Too many users.', undefined],
  ])('of %s, %i %s is %s', (command, code, text, reason) => {
    const reply = createReply(code, [text]);
    expect(reasonOfRefusal(command, reply)).toBe(reason);
    expect(transienceOf(command, reply)).toEqual(reason === undefined ? {} : { transient: reason === 'sessions' });
  });

  it('does not read the name of the user, whatever characters it has', () => {
    const name = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `tls${text}`);
    fc.assert(
      fc.property(name, (user) => {
        expect(reasonOfRefusal('USER x', createReply(530, [`"${user}" may not.`]), user)).toBeUndefined();
      }),
    );
    expect(reasonOfRefusal('USER x', createReply(530, ['tlsx: use TLS']), 'tlsx')).toBe('tls');
  });
});

describe('isLogin', () => {
  it.each(['USER', 'PASS', 'ACCT', 'the'])('is true for %s', (verb) => {
    expect(isLogin(verb)).toBe(true);
  });

  it.each(['', 'REIN', 'AUTH', 'user', 'STOR'])('is false for %j', (verb) => {
    expect(isLogin(verb)).toBe(false);
  });
});
