import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fence, type FenceOptions, type FenceStep } from '../../lib/protocol/fence.js';
import { createReply, type Reply } from '../../lib/protocol/reply.js';

const reply = (code: number): Reply => createReply(code, ['text']);
const IN_TIME = true;
const TOO_OLD = false;

/** Gives the fence replies by their codes; a negative one began before the last command was written. */
function play(codes: readonly number[], options: FenceOptions = {}): { steps: FenceStep[]; between: number[] } {
  const fence = new Fence(options);
  const steps = codes.map((code) => fence.take(reply(Math.abs(code)), code > 0 ? IN_TIME : TOO_OLD));
  return { steps, between: fence.between.map(({ code }) => code) };
}

describe('a fence', () => {
  it.each<[string, readonly number[], readonly number[]]>([
    ['no reply', [200, 257], []],
    ['no reply, where NOOP is not known', [500, 257], []],
    ['the answer, in the packet of the held reply', [-250, 200, 257], [250]],
    ['the answer, which seemed to be the reply to NOOP', [250, 200, 257], [250]],
    ['the answer to a PWD that is in doubt', [-257, 200, 257], [257]],
    ['two replies', [-250, 226, 200, 257], [250, 226]],
    ['no preliminary reply, which is never an answer', [-150, 150, 200, 150, 257], []],
  ])('ends at the 257 behind the reply to NOOP, and finds between: %s', (_what, codes, between) => {
    const played = play(codes);
    expect(played.steps.at(-1)).toBe('over');
    expect(played.steps.slice(0, -1)).not.toContain('over');
    expect(played.steps.filter((step) => step === 'ask PWD')).toHaveLength(1);
    expect(played.between).toEqual(between);
  });

  it('asks PWD at the first reply that can be the one to NOOP', () => {
    expect(play([-200, -226, 250]).steps).toEqual(['more', 'more', 'ask PWD']);
  });

  it.each<[string, readonly number[], FenceOptions]>([
    ['a 257 right behind another one', [257, 257], {}],
    ['a 257 that is older than PWD', [200, -257], {}],
    ['a refusal of PWD', [200, 502], {}],
    ['a refusal of PWD behind anything but a 2yz, on a server that has refused it', [500, 502], { pwdRefused: true }],
    ['the held code, of another command', [200, 226], {}],
  ])('does not end at %s', (_what, codes, options) => {
    expect(play(codes, options).steps).not.toContain('over');
  });

  it('ends at a 500 or 502 behind a 2yz, on a server that has refused PWD before', () => {
    expect(play([200, 502], { pwdRefused: true }).steps).toEqual(['ask PWD', 'over']);
    expect(play([550, 200, 500], { pwdRefused: true })).toEqual({ steps: ['ask PWD', 'more', 'over'], between: [550] });
  });

  it('ends at the held code again, where PWD itself is in doubt', () => {
    expect(play([200, 314], { heldForPwd: reply(314) })).toEqual({ steps: ['ask PWD', 'over'], between: [] });
  });

  it('ends after whatever came before, and loses none of it', () => {
    const any = fc.array(fc.constantFrom(-226, -550, 200, 226, 250, 350, 500, 550), { maxLength: 6 });
    fc.assert(
      fc.property(any, (codes) => {
        const { steps, between } = play([...codes, 200, 257]);
        const asked = steps.indexOf('ask PWD');
        // Without one reply that can be NOOP's before the last two, PWD is asked at the 200 itself.
        expect(asked).toBeLessThanOrEqual(codes.length);
        expect(steps.at(-1)).toBe('over');
        expect(between).toEqual(codes.map(Math.abs));
      }),
    );
  });
});
