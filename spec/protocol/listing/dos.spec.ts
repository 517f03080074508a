import { describe, expect, it } from 'vitest';
import { readLine, readListing } from './support/read-listing.js';

const parse = (line: string) => readLine(line, { dialect: 'dos' });

describe('the dialect dos', () => {
  it('reads a file', () => {
    const line = '04-08-14  02:09PM             16855928 file.txt';
    expect(parse(line)).toMatchObject({
      name: 'file.txt',
      kind: 'file',
      size: 16_855_928,
      modified: new Date('2014-04-08T14:09:00Z'),
      precision: 'minute',
      target: undefined,
      raw: line,
    });
  });

  it('reads a directory', () => {
    const entry = parse('10-18-12  01:05PM       <DIR>          dev');
    expect(entry).toMatchObject({ name: 'dev', kind: 'directory', modified: new Date('2012-10-18T13:05:00Z') });
    expect(entry?.size).toBeUndefined();
  });

  it.each([
    ['12-31-69  11:59PM', '2069-12-31T23:59:00.000Z'],
    ['01-01-70  12:00AM', '1970-01-01T00:00:00.000Z'],
    ['01-01-2024  12:00PM', '2024-01-01T12:00:00.000Z'],
    ['02-29-24  12:30am', '2024-02-29T00:30:00.000Z'],
    ['02-29-24  11:30 PM', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  11:30p', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  23:30', '2024-02-29T23:30:00.000Z'],
    ['02-29-24  23:30:15', '2024-02-29T23:30:15.000Z'],
    ['2024-02-29  23:30', '2024-02-29T23:30:00.000Z'],
    ['2024/02/29  23:30', '2024-02-29T23:30:00.000Z'],
    ['29.02.2024  23:30', '2024-02-29T23:30:00.000Z'],
    ['03.02.2024  23:30', '2024-02-03T23:30:00.000Z'],
    ['29/02/2024  23:30', '2024-02-29T23:30:00.000Z'],
    ['02/03/2024  23:30', '2024-02-03T23:30:00.000Z'],
  ])('reads the time %s', (time, iso) => {
    const entry = parse(`${time}            12 x`);
    expect([entry?.name, entry?.modified?.toISOString()]).toEqual(['x', iso]);
  });

  it.each([
    '02-30-24  11:30PM',
    '02-29-23  11:30PM',
    '13-13-24  11:30PM',
    '02-29-24  13:30PM',
    '02-29-24  00:30AM',
    '02-29-24  24:00',
  ])('knows the name behind the time %s, which is none', (time) => {
    const entry = parse(`${time}            12 x`);
    expect(entry).toMatchObject({ name: 'x', size: 12, precision: 'none', zoneKnown: false });
    expect(entry?.modified).toBeUndefined();
  });

  it.each(['02-29-24  1130', '02-29/24  11:30', '2-9  11:30', 'Nov 20  11:05'])('refuses the time %s', (time) => {
    expect(parse(`${time}            12 x`)).toBeUndefined();
  });

  it.each([
    ['9,730', 9730],
    ['1.234.567', 1_234_567],
    ['0', 0],
  ])('reads the size %s', (text, size) => {
    expect(parse(`04-08-14  02:09PM ${text} x`)).toMatchObject({ name: 'x', size });
  });

  it.each(['-1', '1,2', '99999999999999999999'])('knows the name behind the size %s, which is none', (text) => {
    const entry = parse(`04-08-14  02:09PM ${text} x`);
    expect([entry?.name, entry?.kind, entry?.size]).toEqual(['x', 'file', undefined]);
  });

  it.each(['x', 'constructor', '<>'])('refuses the size %s', (text) => {
    expect(parse(`04-08-14  02:09PM ${text} x`)).toBeUndefined();
  });

  it('takes an unknown mark for another kind', () => {
    expect(parse('04-08-14  02:09PM <FOO> x')).toMatchObject({ name: 'x', kind: 'other' });
  });

  describe('blanks before the name, in columns that are not those of IIS', () => {
    const namesOf = (...rows: string[]) =>
      readListing(rows, { dialect: 'dos' }).map((row) => (typeof row === 'string' ? row : row.name));

    it('are padding where all rows have them', () => {
      const rows = ['06-01-24  10:34AM  34  a', '06-01-24  10:34AM  34   b', '06-01-24  10:34AM  <DIR>  c'];
      expect(namesOf(...rows)).toEqual(['a', ' b', 'c']);
    });

    it('are the name’s own where one row has none', () => {
      expect(namesOf('06-01-24  10:34AM  34  a', '06-01-24  10:34AM  34 b')).toEqual([' a', 'b']);
    });
  });

  describe('dates with slashes', () => {
    const daysOf = (...dates: string[]) =>
      readListing(
        dates.map((date) => `${date}  11:30            12 x`),
        { dialect: 'dos' },
      ).map((row) => (typeof row === 'string' ? row : row.modified?.toISOString().slice(0, 10)));

    it('have the day first where one row has', () => {
      expect(daysOf('03/04/2024', '25/04/2024')).toEqual(['2024-04-03', '2024-04-25']);
    });

    it('have the month first where one row has, or none tells', () => {
      expect(daysOf('03/04/2024', '04/25/2024')).toEqual(['2024-03-04', '2024-04-25']);
      expect(daysOf('03/04/2024')).toEqual(['2024-03-04']);
    });
  });

  it.each(['a b', ' leading', 'trailing ', '  two  ', '<DIR>', '12 34'])('keeps the name %j exactly', (name) => {
    expect(parse(`04-08-14  02:09PM             16855928 ${name}`)?.name).toBe(name);
    expect(parse(`10-18-12  01:05PM       <DIR>          ${name}`)?.name).toBe(name);
  });

  it('reads a directory in columns of its own', () => {
    expect(parse('10-18-12  01:05PM <DIR> dev')?.name).toBe('dev');
    expect(parse('10-18-12  01:05PM  <dir>    dev x')?.name).toBe('dev x');
  });

  it.each([
    ['<SYMLINKD>     link [C:\\some where]', 'link', 'C:\\some where'],
    ['<SYMLINK>      link [target]', 'link', 'target'],
    ['<JUNCTION>     link [C:\\x]', 'link', 'C:\\x'],
    ['<JUNCTION>     bare', 'bare', undefined],
    ['<JUNCTION>     odd [x', 'odd [x', undefined],
  ])('reads %s', (text, name, target) => {
    const entry = parse(`10-18-12  01:05PM    ${text}`);
    expect([entry?.kind, entry?.name, entry?.target]).toEqual(['symlink', name, target]);
  });

  it.each([
    '10-18-12  01:05PM       <DIR>',
    '10-18-12  01:05PM       <DIR>          ',
    '10-18-12  01:05PM 12',
    '10-18-12  01:05PM 12 ',
    '10-18-12  01:05PM',
    '10-18-12',
    '',
  ])('refuses %j: no name', (line) => {
    expect(parse(line)).toBeUndefined();
  });

  it("takes the server's clock for what it is said to be", () => {
    const entry = readLine('04-08-14  02:09PM 1 x', { now: new Date(0), timeZone: -90 });
    expect(entry?.modified).toEqual(new Date('2014-04-08T15:39:00Z'));
  });
});
