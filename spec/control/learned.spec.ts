import { describe, expect, it } from 'vitest';
import { Learned } from '../../lib/control/learned.js';

describe('what a client has learned of its server', () => {
  it('is what it does without: told to be new once', () => {
    const learned = new Learned();
    expect(learned.lacks('EPSV')).toBe(false);
    expect([learned.doWithout('EPSV'), learned.doWithout('EPSV')]).toEqual([true, false]);
    expect([learned.lacks('EPSV'), learned.lacks('EPRT')]).toEqual([true, false]);
  });

  it('is which odd code answers which verb', () => {
    const learned = new Learned();
    learned.addUsual('STOR', 200);
    learned.addUsual('STOR', 257);
    expect([learned.isUsual('STOR', 200), learned.isUsual('STOR', 257)]).toEqual([true, true]);
    expect([learned.isUsual('RETR', 200), learned.isUsual('STOR', 201)]).toEqual([false, false]);
  });

  it('is which verbs were used, and which were answered twice', () => {
    const learned = new Learned();
    expect([learned.isFirstUse('PWD'), learned.isFirstUse('PWD'), learned.isFirstUse('CWD')]).toEqual([
      true,
      false,
      true,
    ]);
    learned.addDoubled('PWD');
    expect([learned.isDoubled('PWD'), learned.isDoubled('CWD')]).toEqual([true, false]);
  });

  it('is which verbs the server has replied to', () => {
    const learned = new Learned();
    learned.noteAnswer('EPSV');
    expect([learned.hasAnswered('EPSV'), learned.hasAnswered('MLST')]).toEqual([true, false]);
  });
});
