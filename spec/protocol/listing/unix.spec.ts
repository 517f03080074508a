import { describe, expect, it } from 'vitest';
import { ListingParser } from '../../../lib/protocol/index.js';
import { NOW, readLine, readListing } from './support/read-listing.js';

const parse = (line: string, now = NOW) => readLine(line, { now, dialect: 'unix' });

describe('the dialect unix', () => {
  it('reads all columns', () => {
    const line = '-rw-r-x---   3 joe      users        1234 Nov 20 11:05 a.txt';
    expect(parse(line)).toMatchObject({
      name: 'a.txt',
      kind: 'file',
      size: 1234,
      modified: new Date('2024-11-20T11:05:00Z'),
      precision: 'minute',
      target: undefined,
      mode: 0o650,
      links: 3,
      owner: 'joe',
      group: 'users',
      raw: line,
    });
  });

  describe('owners', () => {
    it.each<[string, string, number | undefined, string | undefined, string | undefined]>([
      ['no group', '1 joe', 1, 'joe', undefined],
      ['neither', '1', 1, undefined, undefined],
      ['nothing at all', '', undefined, undefined, undefined],
      ['no links', 'joe users', undefined, 'joe', 'users'],
      ['no link count but a hyphen (Treck)', '- joe users', undefined, 'joe', 'users'],
      ['numbers', '1 1000 100', 1, '1000', '100'],
      ['numbers, no group', '1 1', 1, '1', undefined],
      ['no links at all (HostedFTP)', '0 joe users', 0, 'joe', 'users'],
      ['spaces in the owner', '1 DOMAIN  user users', 1, 'DOMAIN  user', 'users'],
    ])('reads %s', (_title, columns, links, owner, group) => {
      const entry = parse(`-rw-r--r-- ${columns} 3518644 May 25 12:12 std`);
      expect(entry).toMatchObject({ name: 'std', size: 3_518_644 });
      expect([entry?.links, entry?.owner, entry?.group]).toEqual([links, owner, group]);
    });
  });

  describe('kinds and permissions', () => {
    it.each([
      ['drwxr-xr-x', 'directory', 0o755],
      ['-rwsr-sr-t', 'file', 0o7755],
      ['-rwSr-Sr-T', 'file', 0o7644],
      ['-rw-r-Lr--', 'file', 0o2644],
      ['-rw-r-lr--', 'file', 0o2644],
      ['-rw-r--r--+', 'file', 0o644],
      ['-rw-r--r--.', 'file', 0o644],
      ['-rw-r--r--@', 'file', 0o644],
      ['d---------', 'directory', 0],
      ['drw-r--rw', 'directory', undefined],
      ['prw-r--r--', 'other', 0o644],
      ['srw-r--r--', 'other', 0o644],
      ['Drw-r--r--', 'other', 0o644],
      ['frw-r--r--', 'file', 0o644],
      ['lrwxrwxrwx', 'symlink', 0o777],
    ])('reads %s', (permissions, kind, mode) => {
      const entry = parse(`${permissions} 1 joe users 1 Nov 20 11:05 x`);
      expect([entry?.kind, entry?.mode]).toEqual([kind, mode]);
    });

    it.each([
      'xrw-r--r--',
      '-r',
      '-rwxrwxrwxrwx',
      '-wr-r--r--',
      '-rq-r--r--',
      '-rw-r--r-z',
      '-rw-r--r--*',
      '[RWCEAFMS]',
      'total',
      '-',
    ])('refuses %s', (permissions) => {
      expect(parse(`${permissions} 1 joe users 1 Nov 20 11:05 x`)).toBeUndefined();
    });

    it.each(['1, 3', '1,  3', '0,27', '109,767'])('reads a device with %s in place of a size', (numbers) => {
      const entry = parse(`crw-rw-rw- 1 root tty ${numbers} Nov 20 11:05 null`);
      expect(entry).toMatchObject({ name: 'null', kind: 'other', owner: 'root', group: 'tty' });
      expect(entry?.size).toBeUndefined();
    });
  });

  describe('sizes', () => {
    it.each([
      ['0', 0],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
      ['1.234.567', 1_234_567],
      ['9,730', 9730],
      ['18446744073709551615', undefined],
      ['-2147483648', undefined],
      ['33.5k', undefined],
      ['1.2G', undefined],
    ])('reads %s', (text, size) => {
      const entry = parse(`-rw-r--r-- 1 joe users ${text} Nov 20 11:05 x`);
      expect(entry?.name).toBe('x');
      expect(entry?.size).toBe(size);
    });

    it.each([
      ['joe users', 'none'],
      ['1 bobgroup123456', 'one that has run into the group'],
    ])('knows the name of a row with %s and %s', (columns) => {
      const entry = parse(`-rw-r--r-- ${columns} Nov 20 11:05 x`);
      expect([entry?.name, entry?.size]).toEqual(['x', undefined]);
    });
  });

  describe('dates', () => {
    it.each([
      ['Nov 20 11:05', '2024-11-20T11:05:00.000Z', 'minute'],
      ['Nov  5  0:23', '2024-11-05T00:23:00.000Z', 'minute'],
      ['Nov 05  2019', '2019-11-05T00:00:00.000Z', 'day'],
      ['Feb 29  2024', '2024-02-29T00:00:00.000Z', 'day'],
      ['nov 20 11:05', '2024-11-20T11:05:00.000Z', 'minute'],
      ['Nov 20 11:05:06 2023', '2023-11-20T11:05:06.000Z', 'second'],
      ['Nov 20 11:05:06', '2024-11-20T11:05:06.000Z', 'second'],
      ['8 Mai 2001', '2001-05-08T00:00:00.000Z', 'day'],
      ['26. Juli, 20:10', '2024-07-26T20:10:00.000Z', 'minute'],
      ['20 févr. 2020', '2020-02-20T00:00:00.000Z', 'day'],
      ['Mär 3 2020', '2020-03-03T00:00:00.000Z', 'day'],
      ['8月 17日 20:10', '2024-08-17T20:10:00.000Z', 'minute'],
      ['6月 3日 2003年', '2003-06-03T00:00:00.000Z', 'day'],
      ['6月 3 2003', '2003-06-03T00:00:00.000Z', 'day'],
      ['2001-11-09 20:06', '2001-11-09T20:06:00.000Z', 'minute'],
      ['2001-11-09 20:06:07', '2001-11-09T20:06:07.000Z', 'second'],
      ['2001-11-09 20:06:07.123456789 +0130', '2001-11-09T18:36:07.123Z', 'second'],
      ['2001-11-09 20:06:07 -0500', '2001-11-10T01:06:07.000Z', 'second'],
      ['1999/10/12 17:12', '1999-10-12T17:12:00.000Z', 'minute'],
      ['2004.07.15', '2004-07-15T00:00:00.000Z', 'day'],
    ])('reads %s', (date, iso, precision) => {
      const entry = parse(`-rw-r--r-- 1 joe users 1 ${date} x y`);
      expect([entry?.name, entry?.modified?.toISOString(), entry?.precision]).toEqual(['x y', iso, precision]);
    });

    it.each([
      'Feb 30  2024',
      'Feb 29  2023',
      'Nov 20 24:00',
      'Nov 20 11:60',
      'Nov 32 11:05',
      'Xyz 20 11:05',
      'jui 20 2003',
      '13月 3 2003',
      'Nov 200 2003',
      '000 12 13:14',
      '20 20 2020',
      '2001-13-09 20:06',
      '03/04/2003',
    ])('knows the name behind %s, which is no date', (date) => {
      const entry = parse(`-rw-r--r-- 1 joe users 1 ${date} x y`);
      expect(entry).toMatchObject({ name: 'x y', size: 1, precision: 'none', zoneKnown: false });
      expect(entry?.modified).toBeUndefined();
    });

    it.each(['Nov 20 203', '2001-11/09 20:06', 'Nov 20', 'Nov', 'Nov x 2003', '99月99 2003'])('refuses %s', (date) => {
      expect(parse(`-rw-r--r-- 1 joe users 1 ${date} x y`)).toBeUndefined();
    });

    it.each([
      ['the same day, a minute ahead', 'Nov 20 12:01', '2024-11-20T12:00:00Z', '2024-11-20'],
      ['the next day, clocks apart', 'Nov 21 11:00', '2024-11-20T12:00:00Z', '2024-11-21'],
      ['two days ahead: last year', 'Nov 22 11:00', '2024-11-20T12:00:00Z', '2023-11-22'],
      ['Dec 31 seen on Jan 1', 'Dec 31 23:59', '2025-01-01T00:00:30Z', '2024-12-31'],
      ['Jan 1 seen on Dec 31', 'Jan  1 00:30', '2024-12-31T23:00:00Z', '2025-01-01'],
      ['an 8-month-old date (aioftp #196)', 'Mar 20 11:00', '2024-11-20T12:00:00Z', '2024-03-20'],
      ['Feb 29 in a leap year', 'Feb 29 11:00', '2024-11-20T12:00:00Z', '2024-02-29'],
      ['Feb 29 in the year after', 'Feb 29 11:00', '2025-03-20T12:00:00Z', '2024-02-29'],
      ['Feb 29 before it in a leap year', 'Feb 29 11:00', '2024-01-20T12:00:00Z', '2020-02-29'],
      ['Feb 29 across 1900', 'Feb 29 11:00', '1903-12-01T00:00:00Z', '1896-02-29'],
    ])('finds the year of %s', (_title, date, now, day) => {
      expect(parse(`-rw-r--r-- 1 joe users 1 ${date} x`, new Date(now))?.modified?.toISOString().slice(0, 10)).toBe(
        day,
      );
    });

    it('has none where no year fits', () => {
      expect(parse('-rw-r--r-- 1 joe users 1 Feb 30 11:05 x')?.modified).toBeUndefined();
    });

    it("takes the server's clock for what it is said to be", () => {
      const options = { now: new Date('2024-12-31T23:00:00Z'), timeZone: 120 };
      const entry = readLine('-rw-r--r-- 1 joe users 1 Jan  1 00:30 x', options);
      expect(entry).toMatchObject({ modified: new Date('2024-12-31T22:30:00Z'), zoneKnown: true });
      const zoned = readLine('-rw-r--r-- 1 joe users 1 2024-01-01 00:30:00 +0000 x', options);
      expect(zoned).toMatchObject({ modified: new Date('2024-01-01T00:30:00Z'), zoneKnown: true });
    });
  });

  describe('names', () => {
    it.each([
      'a b',
      ' leading',
      '  two',
      'trailing ',
      'a   b',
      '-rf',
      'Nov 20 11:05 x',
      '1 Nov 20 11:05',
      '2020',
      'a -> b',
      'a\tb',
      'a\nb',
      '\u202egpj',
      '\udcfc',
      '...',
      '12:00',
    ])('keeps %j exactly', (name) => {
      for (const date of ['Nov 20 11:05', 'Nov 20  2019', '2001-11-09 20:06']) {
        expect(parse(`-rw-r--r-- 1 joe users 1 ${date} ${name}`)?.name).toBe(name);
      }
    });

    it.each([
      ['a -> b', 'a', 'b'],
      ['a -> /b c/ ', 'a', '/b c/ '],
      ['no-arrow', 'no-arrow', undefined],
      ['a ->', 'a ->', undefined],
    ])('splits the link %j', (text, name, target) => {
      const entry = parse(`lrwxrwxrwx 1 joe users 1 Nov 20 11:05 ${text}`);
      expect([entry?.name, entry?.target]).toEqual([name, target]);
    });

    it.each([
      '-rw-r--r-- 1 joe users 1 Nov 20 11:05',
      '-rw-r--r-- 1 joe users 1 Nov 20 11:05 ',
      'lrwxrwxrwx 1 joe users 1 Nov 20 11:05  -> b',
    ])('refuses %j: no name', (line) => {
      expect(parse(line)).toBeUndefined();
    });
  });

  it.each([
    [9, 'a', 'b -> c -> d'],
    [11, 'a', 'b -> c -> d'],
    [6, 'a -> b', 'c -> d'],
    [1, 'a -> b -> c', 'd'],
  ])('splits a link at the arrow that its size of %d shows, or at the first', (size, name, target) => {
    const entry = parse(`lrwxrwxrwx 1 joe users ${size} Nov 20 11:05 a -> b -> c -> d`);
    expect([entry?.name, entry?.target]).toEqual([name, target]);
  });

  it('reads an indented line', () => {
    expect(parse(' -rw-r--r-- 1 joe users 1 Nov 20 11:05 x')?.name).toBe('x');
    expect(parse('')).toBeUndefined();
  });

  describe('what the rows of a listing decide together', () => {
    const namesOf = (...dates: string[]) =>
      readListing(dates.map((date) => `-rw-r--r-- 1 joe users 1 ${date}`)).map((row) =>
        typeof row === 'string' ? row : row.name,
      );

    it('is whether the year stands at the left of five columns', () => {
      expect(namesOf('Mar 10 2024  a', 'Mar 10 12:00 b', 'Mar 10 2024   c')).toEqual(['a', 'b', ' c']);
      expect(namesOf('Mar 10 2024  a', 'Mar 10 2024 b')).toEqual([' a', 'b']);
    });

    it('is whether a name begins with a blank', () => {
      expect(namesOf('Mar 10 12:00  a', 'Mar 10 12:00 b')).toEqual([' a', 'b']);
      expect(namesOf('Mar 10 12:00  a', 'Mar 10 12:00  b', 'Mar 10 12:00   c')).toEqual(['a', 'b', ' c']);
      expect(namesOf('Mar 10 12:00  a')).toEqual([' a']);
      expect(namesOf('Mar 10  2024  a')).toEqual([' a']);
    });

    it('is whether a time follows the year', () => {
      expect(namesOf('Oct 08 2024 09:47 a', 'Oct 09 2024 09:48 b')).toEqual(['a', 'b']);
      expect(namesOf('Oct 08 2024 09:47 a', 'Oct 09 2024 b')).toEqual(['09:47 a', 'b']);
      expect(namesOf('Oct 08 2024 09:47 a', 'Oct 09 10:00 b')).toEqual(['09:47 a', 'b']);
      expect(namesOf('Oct 08, 2024 09:47 a', 'Oct 09, 2023 b')).toEqual(['a', 'b']);
    });

    it('waits for 64 rows at most', () => {
      const parser = new ListingParser({ now: NOW });
      const counts = Array.from({ length: 70 }, () => parser.parse('-rw-r--r-- 1 joe users 1 Mar 10 2024  a').length);
      expect(counts).toEqual([...new Array(63).fill(0), 64, ...new Array(6).fill(1)]);
      expect(parser.end()).toEqual([]);
    });
  });
});
