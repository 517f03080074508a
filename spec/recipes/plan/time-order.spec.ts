/** Checks which of two files is newer, by times of several precisions and zones. */
import { describe, expect, it } from 'vitest';
import { isSameTime, orderOfTimes, type TimeOrder, type ToldTime } from '../../../lib/recipes/plan/time-order.js';

/** A time as it is written here: to the second, the minute or the day, and with `?` in a zone that is not known. */
function told(text: string): ToldTime {
  const [, date = '', time] = /^([\d-]+)(?: ([\d:.]+))?/.exec(text) ?? [];
  if (date === '') return { modified: undefined, precision: 'none', zoneKnown: false };
  const precision = time === undefined ? 'day' : time.length === 5 ? 'minute' : 'second';
  return { modified: Date.parse(`${date}T${time ?? '00:00'}Z`), precision, zoneKnown: !text.endsWith('?') };
}

describe('the order of two times', () => {
  it.each<[string, string, TimeOrder]>([
    ['2024-05-06 07:08:09', '2024-05-06 07:08:09', 'not-newer'],
    ['2024-05-06 07:08:10', '2024-05-06 07:08:09', 'newer'],
    ['2024-05-06 07:08:09.999', '2024-05-06 07:08:09', 'not-newer'],
    ['2024-05-06 07:08:08', '2024-05-06 07:08:09', 'not-newer'],
    ['2024-05-06 07:08:59', '2024-05-06 07:08', 'not-newer'],
    ['2024-05-06 07:09:00', '2024-05-06 07:08', 'newer'],
    ['2024-05-06 07:08', '2024-05-06 07:08:59', 'not-newer'],
    ['2024-05-06 07:09', '2024-05-06 07:08:59', 'newer'],
    ['2024-05-06 23:59:59', '2024-05-06', 'not-newer'],
    ['2024-05-07 00:00:00', '2024-05-06', 'newer'],
    ['2024-05-06', '2024-05-06 12:00:00', 'not-newer'],
    // Another zone, at most 14 hours away.
    ['2024-05-06 07:08:09', '2024-05-06 05:08:09?', 'not-newer'],
    ['2024-05-06 07:08:30', '2024-05-06 12:38?', 'not-newer'],
    ['2024-05-06 07:08', '2024-05-05 17:08?', 'not-newer'],
    ['2024-05-06 07:08', '2024-05-05 17:07?', 'newer'],
    ['2024-05-06 07:08', '2024-05-06 07:05?', 'maybe-newer'],
    ['2024-05-06 07:08', '2024-05-06 07:12?', 'maybe-newer'],
    ['2024-05-06 07:08?', '2024-05-06 07:12', 'maybe-newer'],
    ['2024-05-06 07:08', '2024-05-06 22:12?', 'not-newer'],
    ['2024-06-06 07:08', '2024-05-06 07:12?', 'newer'],
    ['none', '2024-05-06 07:12', 'unknown'],
    ['2024-05-06 07:12', 'none', 'unknown'],
  ])('%s to %s: %s', (source, target, order) => {
    expect(orderOfTimes(told(source), told(target))).toBe(order);
  });
});

describe('the same time of one clock', () => {
  it.each([
    ['2024-05-06 07:08:09', '2024-05-06 07:08:09', true],
    ['2024-05-06 07:08:09', '2024-05-06 07:08', true],
    ['2024-05-06 07:08:09', '2024-05-06', true],
    ['2024-05-06 07:08:09', '2024-05-06 07:08:10', false],
    ['none', 'none', true],
    ['none', '2024-05-06', false],
  ])('%s and %s: %s', (a, b, is) => {
    expect(isSameTime(told(a), told(b))).toBe(is);
    expect(isSameTime(told(b), told(a))).toBe(is);
  });
});
