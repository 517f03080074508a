/** The window alone; the specs `window*` have its commands, lane-properties.spec.ts its model. */
import { nextTick } from 'node:process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCK_STEP, SlidingWindow, type WindowPlace } from '../../lib/control/sliding-window.js';

const turn = (): Promise<void> => new Promise((resolve) => nextTick(resolve));

/** A window of four commands and 40 bytes, with so many commands of 10 bytes that came in in one turn. */
async function holding(commands: number): Promise<{ window: SlidingWindow; places: WindowPlace[] }> {
  const window = new SlidingWindow();
  window.limits = { commands: 4, bytes: 40 };
  const places = Array.from({ length: commands }, () => window.enter(10));
  await turn();
  return { window, places };
}

describe('a window', () => {
  it('is of one command, unless it is told otherwise', async () => {
    const window = new SlidingWindow();
    expect([window.limits, window.isEmpty, window.admits(9_999)]).toEqual([LOCK_STEP, true, true]);
    window.enter(1);
    expect([window.isEmpty, window.admits(1)]).toEqual([false, false]);
    await turn();
  });

  it('admits up to its commands and its bytes in one turn', async () => {
    const { window } = await holding(0);
    window.enter(10);
    window.enter(10);
    expect([window.admits(20), window.admits(21)]).toEqual([true, false]);
    window.enter(1);
    window.enter(1);
    expect(window.admits(1)).toBe(false);
    await turn();
  });

  it.each([
    [2, true],
    [3, false],
  ])('with %i of four commands unanswered admits another in a later turn: %s', async (commands, admits) => {
    const { window } = await holding(commands);
    expect(window.admits(1)).toBe(admits);
  });

  it('is not half empty by commands alone', async () => {
    const { window } = await holding(0);
    window.enter(21);
    await turn();
    expect(window.admits(1)).toBe(false);
  });

  it('admits again when all of one write is answered, once', async () => {
    const { window, places } = await holding(2);
    window.enter(10);
    await turn();
    expect(window.admits(1)).toBe(false);
    for (const place of places) place.free();
    window.enter(10);
    window.enter(10);
    await turn();
    expect(window.admits(1)).toBe(false);
  });

  it('admits none beside a command that was left, until that is answered', async () => {
    const { window, places } = await holding(2);
    places[0]?.leave();
    places[0]?.leave();
    expect(window.admits(1)).toBe(false);
    places[0]?.free();
    expect(window.admits(1)).toBe(true);
    places[1]?.free();
    expect(window.isEmpty).toBe(true);
  });

  it('is never above its limits, but for one command alone, and empty when all are answered', async () => {
    const step = fc.record({ bytes: fc.integer({ min: 1, max: 50 }), free: fc.nat({ max: 3 }), turns: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { window } = await holding(0);
        const open: { bytes: number; place: WindowPlace }[] = [];
        for (const { bytes, free, turns } of steps) {
          if (window.admits(bytes)) open.push({ bytes, place: window.enter(bytes) });
          const sum = open.reduce((total, one) => total + one.bytes, 0);
          expect(open.length === 1 || (open.length <= 4 && sum <= 40)).toBe(true);
          for (const { place } of open.splice(0, free)) place.free();
          if (turns) await turn();
        }
        for (const { place } of open) place.free();
        expect(window.isEmpty).toBe(true);
      }),
    );
  });
});
