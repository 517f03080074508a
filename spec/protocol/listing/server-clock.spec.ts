import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import { ServerClock } from '../../../lib/protocol/listing/server-clock.js';

const now = new Date('2024-11-20T12:00:00Z');
const local = (text: string): number => Date.parse(`${text}Z`);
const utcOf = (timeZone: string | number | undefined, text: string): string | undefined =>
  new ServerClock({ now, timeZone }).time(local(text), 'minute').modified?.toISOString().slice(0, 16);

describe('ServerClock', () => {
  it.each([
    [undefined, '2024-07-10T12:00', '2024-07-10T12:00'],
    [0, '2024-07-10T12:00', '2024-07-10T12:00'],
    [330, '2024-07-10T12:00', '2024-07-10T06:30'],
    [-300, '2024-07-10T12:00', '2024-07-10T17:00'],
    ['UTC', '2024-07-10T12:00', '2024-07-10T12:00'],
    ['Europe/Berlin', '2024-07-10T12:00', '2024-07-10T10:00'],
    ['Europe/Berlin', '2024-01-10T12:00', '2024-01-10T11:00'],
    ['Europe/Berlin', '2024-03-31T01:59', '2024-03-31T00:59'],
    ['Europe/Berlin', '2024-03-31T03:00', '2024-03-31T01:00'],
    ['Europe/Berlin', '2024-10-27T01:59', '2024-10-26T23:59'],
    ['Europe/Berlin', '2024-10-27T03:00', '2024-10-27T02:00'],
    ['America/New_York', '2024-03-10T03:00', '2024-03-10T07:00'],
    ['America/New_York', '2024-03-10T01:59', '2024-03-10T06:59'],
    ['Asia/Kolkata', '2024-07-10T12:00', '2024-07-10T06:30'],
    ['Australia/Lord_Howe', '2024-07-10T12:00', '2024-07-10T01:30'],
    ['Pacific/Kiritimati', '2024-07-10T12:00', '2024-07-09T22:00'],
  ])('in %s takes %s for %s in UTC', (timeZone, text, utc) => {
    expect(utcOf(timeZone, text)).toBe(utc);
  });

  it('says whether the zone is known', () => {
    const known = (timeZone?: number) => new ServerClock({ now, timeZone }).time(0, 'day').zoneKnown;
    expect([known(), known(0)]).toEqual([false, true]);
    expect(new ServerClock({ now }).zoned(0, 60, 'second')).toEqual({
      modified: new Date(-3_600_000),
      precision: 'second',
      zoneKnown: true,
    });
  });

  it('shows the time of the listing by the clock of the server', () => {
    expect(new ServerClock({ now, timeZone: 'Asia/Tokyo' }).now).toBe(local('2024-11-20T21:00'));
  });

  it('has no time where there is no moment', () => {
    expect(new ServerClock({ now }).time(undefined, 'day')).toMatchObject({ modified: undefined, precision: 'none' });
  });

  it('reads the times of a year by the hour as the zone itself shows them', () => {
    const clock = new ServerClock({ now, timeZone: 'Europe/Berlin' });
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let utc = Date.UTC(2024, 0, 1); utc < Date.UTC(2025, 0, 1); utc += 7 * 3_600_000) {
      const shown = local(format.format(utc).replace(' ', 'T'));
      const read = clock.time(shown, 'second').modified?.getTime() ?? 0;
      // The hour that comes twice in October may be either.
      expect([0, 3_600_000]).toContain(Math.abs(read - utc));
    }
  });

  it.each(['', 'auto', 'Nowhere/City', 'Europe/Berlin\r\n'])('refuses the zone %j', (timeZone) => {
    expect(() => new ServerClock({ now, timeZone })).toThrow(FtpUsageError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1441, -1441])('refuses %d minutes', (timeZone) => {
    expect(() => new ServerClock({ now, timeZone })).toThrow(FtpUsageError);
  });
});
