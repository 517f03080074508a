import { describe, expect, it } from 'vitest';
import { besidesNoops, mayAnswerNoop, unanswered } from '../../../lib/data/machine/noops.js';
import { reply } from './model.js';

describe('a reply by its code', () => {
  it.each([200, 202, 500, 501, 502, 503])('%d may be a NOOP’s', (code) => {
    expect(mayAnswerNoop(reply(code))).toBe(true);
  });

  it.each([150, 225, 226, 250, 257, 350, 425, 426, 450, 451, 504, 530, 550, 552])('%d is none', (code) => {
    expect(mayAnswerNoop(reply(code))).toBe(false);
  });
});

describe('NOOPs', () => {
  it('are unanswered as many as were sent and not answered', () => {
    expect(unanswered({ noopsSent: 3, noopsAnswered: 1 })).toBe(2);
  });

  it.each<[readonly number[], number, readonly number[]]>([
    [[], 2, []],
    [[226], 2, [226]],
    [[200, 226, 500], 2, [226]],
    [[200, 226, 200], 1, [226, 200]],
    [[200, 200], 0, [200, 200]],
    [[226, 200, 550], 3, [226, 550]],
  ])('of %j, %d unanswered leave %j', (codes, noopsSent, left) => {
    const besides = besidesNoops(codes.map(reply), { noopsSent, noopsAnswered: 0 });
    expect(besides.map(({ code }) => code)).toEqual(left);
  });
});
