import { describe, expect, it } from 'vitest';
import { Contention } from '../../lib/control/contention.js';

function stage() {
  const clock = { now: 100 };
  return { clock, contention: new Contention(() => clock.now) };
}

describe('contention for a session', () => {
  it('is told that other work waits, until it is taken out', () => {
    const { contention } = stage();
    const told: string[] = [];
    const removeFirst = contention.add(() => told.push('first'));
    const removeSecond = contention.add(() => told.push('second'));
    contention.tell();
    removeFirst();
    contention.tell();
    expect(contention.any).toBe(true);
    removeSecond();
    contention.tell();
    expect(told).toEqual(['first', 'second', 'second']);
    expect(contention.any).toBe(false);
  });

  it('lasts for as long as there is any without a break', () => {
    const { clock, contention } = stage();
    const removeFirst = contention.add(() => {});
    clock.now += 600;
    const removeSecond = contention.add(() => {});
    removeFirst();
    clock.now += 399;
    expect(contention.lasts(1_000)).toBe(false);
    clock.now += 1;
    expect(contention.lasts(1_000)).toBe(true);
    removeSecond();
    expect(contention.lasts(1_000)).toBe(false);
  });

  it('lasts at once where it did so before', () => {
    const { clock, contention } = stage();
    const remove = contention.add(() => {});
    clock.now += 1_000;
    remove();
    clock.now += 5;
    const removeAgain = contention.add(() => {});
    expect(contention.lasts(1_000)).toBe(true);
    removeAgain();
    removeAgain();
    contention.reset();
    contention.add(() => {});
    expect(contention.lasts(1_000)).toBe(false);
  });

  it('does not add up what many short ones take', () => {
    const { clock, contention } = stage();
    for (let round = 0; round < 10; round += 1) {
      const remove = contention.add(() => {});
      clock.now += 900;
      expect(contention.lasts(1_000)).toBe(false);
      remove();
    }
  });

  it('tells how long the present time lasts, whatever was before', () => {
    const { clock, contention } = stage();
    expect(contention.lastsMs).toBeUndefined();
    const remove = contention.add(() => {});
    clock.now += 1_000;
    expect(contention.lastsMs).toBe(1_000);
    remove();
    expect(contention.lastsMs).toBeUndefined();
    contention.add(() => {});
    clock.now += 5;
    expect(contention.lastsMs).toBe(5);
  });
});
