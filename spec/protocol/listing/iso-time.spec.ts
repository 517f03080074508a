import { describe, expect, it } from 'vitest';
import { isoTime, zonedClock } from '../../../lib/protocol/listing/iso-time.js';

const time = { hour: 11, minute: 5, second: 6, millisecond: 0, precision: 'second' };

describe('isoTime', () => {
  it.each([
    ['2024-11-20T11:05:06Z', { clock: time, zone: 0 }],
    ['2024-11-20T11:05:06', { clock: time, zone: undefined }],
    ['2024-11-20T11:05:06+01:00', { clock: time, zone: 60 }],
    ['2024-11-20T11:05:06-0130', { clock: time, zone: -90 }],
    ['2024-11-20T11:05:06.789Z', { clock: { ...time, millisecond: 789 }, zone: 0 }],
    ['2024-11-20T11:05Z', { clock: { ...time, second: 0, precision: 'minute' }, zone: 0 }],
    ['20241120T110506Z', { clock: time, zone: 0 }],
    ['20241120T110506', { clock: time, zone: undefined }],
  ])('reads %s', (word, expected) => {
    expect(isoTime(word)).toEqual({ year: 2024, month: 11, day: 20, ...expected });
  });

  it.each([
    ['2024-11-20'],
    ['2024-11-20T'],
    ['2024-11-20T11'],
    ['2024-11-20T11:05:06X'],
    ['2024-11-20T11:05:06+1'],
    ['2024-11-20t11:05:06Z'],
    ['20241120T1105'],
    ['2024-1-20T11:05:06Z'],
    ['README-TT'],
    [`2024-11-20T11:05:06.${'1'.repeat(30)}Z`],
  ])('reads no time in %s', (word) => {
    expect(isoTime(word)).toBeUndefined();
  });
});

describe('zonedClock', () => {
  it.each([
    ['11:05:06', undefined],
    ['11:05:06Z', 0],
    ['11:05:06+0200', 120],
  ])('reads %s', (word, zone) => {
    expect(zonedClock(word)).toEqual({ clock: time, zone });
  });

  it.each([['Z'], ['+0100'], ['11:05:06 Z'], [''], ['11.05']])('reads no time in "%s"', (word) => {
    expect(zonedClock(word)).toBeUndefined();
  });
});
