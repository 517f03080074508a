/** Checks when the finished ranges are noted. */
import { expect, it } from 'vitest';
import { CheckpointClock } from '../../../lib/recipes/segments/checkpoint-clock.js';

const MiB = 1024 * 1024;

it('it is time after 8 MiB, and after 5 seconds with any bytes', () => {
  let now = 0;
  const clock = new CheckpointClock(() => now);
  clock.add(8 * MiB - 1);
  expect(clock.begin()).toBe(false);
  clock.add(1);
  expect(clock.begin()).toBe(true);
  clock.end();
  now = 4_999;
  clock.add(1);
  expect(clock.begin()).toBe(false);
  now = 5_000;
  expect(clock.begin()).toBe(true);
  clock.end();
  now = 100_000;
  expect(clock.begin()).toBe(false);
});

it('it is not time again before the end', () => {
  const clock = new CheckpointClock(() => 0);
  clock.add(8 * MiB);
  expect(clock.begin()).toBe(true);
  clock.add(8 * MiB);
  expect(clock.begin()).toBe(false);
  clock.end();
  expect(clock.begin()).toBe(true);
});
