import { describe, expect, it } from 'vitest';
import { AwaitedWork } from '../../lib/control/awaited-work.js';

function stage() {
  const clock = { now: 100 };
  return { clock, awaited: new AwaitedWork(() => clock.now) };
}

describe('awaited work', () => {
  it('is told that other work waits, until it is taken out', () => {
    const { awaited } = stage();
    const told: string[] = [];
    const removeFirst = awaited.add(() => told.push('first'));
    const removeSecond = awaited.add(() => told.push('second'));
    awaited.call();
    removeFirst();
    awaited.call();
    expect(awaited.any).toBe(true);
    removeSecond();
    awaited.call();
    expect(told).toEqual(['first', 'second', 'second']);
    expect(awaited.any).toBe(false);
  });

  it('lasts for as long as there is any without a break', () => {
    const { clock, awaited } = stage();
    const removeFirst = awaited.add(() => {});
    clock.now += 600;
    const removeSecond = awaited.add(() => {});
    removeFirst();
    clock.now += 399;
    expect(awaited.lasts(1_000)).toBe(false);
    clock.now += 1;
    expect(awaited.lasts(1_000)).toBe(true);
    removeSecond();
    expect(awaited.lasts(1_000)).toBe(false);
  });

  it('lasts at once where it did so before', () => {
    const { clock, awaited } = stage();
    const remove = awaited.add(() => {});
    clock.now += 1_000;
    remove();
    clock.now += 5;
    const removeAgain = awaited.add(() => {});
    expect(awaited.lasts(1_000)).toBe(true);
    removeAgain();
    removeAgain();
    awaited.reset();
    awaited.add(() => {});
    expect(awaited.lasts(1_000)).toBe(false);
  });

  it('does not add up what many short ones take', () => {
    const { clock, awaited } = stage();
    for (let round = 0; round < 10; round += 1) {
      const remove = awaited.add(() => {});
      clock.now += 900;
      expect(awaited.lasts(1_000)).toBe(false);
      remove();
    }
  });

  it('tells how long the present time lasts, whatever was before', () => {
    const { clock, awaited } = stage();
    expect(awaited.lastsMs).toBeUndefined();
    const remove = awaited.add(() => {});
    clock.now += 1_000;
    expect(awaited.lastsMs).toBe(1_000);
    remove();
    expect(awaited.lastsMs).toBeUndefined();
    awaited.add(() => {});
    clock.now += 5;
    expect(awaited.lastsMs).toBe(5);
  });
});
