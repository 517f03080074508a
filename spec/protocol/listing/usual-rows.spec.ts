import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from '../../../lib/protocol/listing/columns.js';
import { ListingParser } from '../../../lib/protocol/listing/index.js';
import { parsePermissions } from '../../../lib/protocol/listing/permissions.js';
import { locateRow } from '../../../lib/protocol/listing/unix-row.js';
import { UsualRows } from '../../../lib/protocol/listing/usual-rows.js';
import { NOW } from './support/read-listing.js';

function expecting(...lines: readonly string[]): UsualRows {
  const rows = new UsualRows();
  for (const line of lines) {
    const columns = new Columns(16).split(line);
    const row = locateRow(columns, 5);
    const permissions = parsePermissions(columns.text(0));
    if (row !== undefined && permissions !== undefined) rows.expect(columns, row, permissions);
  }
  return rows;
}

const TIMED = '-rw-r--r--   1 ann      staff        1234 Nov 20 11:05 a.txt';
const DATED = '-rw-r--r--   1 ann      staff        1234 Nov 20  2019 a.txt';

describe('UsualRows', () => {
  it('says all of a row', () => {
    const rows = expecting(TIMED, DATED);
    expect(rows.find('-rw-r--r--  12 ann staff     56 Mar  1 23:59 b  c')).toBe(true);
    expect(rows).toMatchObject({
      links: 12,
      size: 56,
      month: 3,
      day: 1,
      hour: 23,
      minute: 59,
      year: undefined,
      nameAt: 45,
    });
    expect(rows.find(DATED)).toBe(true);
    expect(rows).toMatchObject({ owner: 'ann', group: 'staff', month: 11, day: 20, hour: 0, minute: 0, year: 2019 });
  });

  it.each([
    ['other permissions', TIMED.replace('rw-', 'rwx')],
    ['a mark behind the permissions', TIMED.replace('-- ', '--+')],
    ['another owner', TIMED.replace('ann ', 'anna')],
    ['another group', TIMED.replace('staff', 'users')],
    ['another month', TIMED.replace('Nov', 'nov')],
    ['seconds', TIMED.replace('11:05', '11:05:06')],
    ['an hour of one digit', TIMED.replace('11:05', ' 1:05')],
    ['a size with a unit', TIMED.replace('1234', '1.2K')],
    ['a size that may not be exact', TIMED.replace('1234', '1234567890123456')],
    ['two blanks before the name', TIMED.replace('11:05 ', '11:05  ')],
    ['a tab before the name', TIMED.replace('11:05 ', '11:05\t')],
    ['a year in four columns', DATED.replace('  2019', ' 2019')],
    ['no name', TIMED.slice(0, -'a.txt'.length)],
    ['a cut row', TIMED.slice(0, 40)],
  ])('leaves %s to others', (_what, line) => {
    const rows = expecting(TIMED, DATED);
    expect([rows.find(line), rows.line]).toEqual([false, undefined]);
  });

  it('takes no row before one was read in full', () => {
    expect(new UsualRows().find(TIMED)).toBe(false);
    expect(expecting(TIMED).find(DATED)).toBe(false);
    expect(expecting(DATED).find(TIMED)).toBe(false);
  });

  const word = (...words: readonly string[]) => fc.constantFrom(...words);
  const columnsOfRow = fc.tuple(
    word('-rw-r--r--', 'drwxr-xr-x', 'lrwxrwxrwx', 'crw-rw-rw-', '-rw-r--r--.', 'erwxrwxrwx'),
    word('1', '12', '-'),
    word('ann', 'may', '1000'),
    word('staff', '12', 'may'),
    word('7', '2024', '4096', '5', '0005', '1.2K'),
    word('Nov', 'Feb', 'May', 'Mai', 'Foo'),
    word('20', ' 5', '05', '30', '0', '99'),
    word('11:05', ' 2019', '2019', '23:59', '24:00', '11:05:06', ' 9:05'),
    word('a', ' a', 'a -> b', '12:00', '2019 x', 'AM x', 'x y', '.', '', '\ta', 'Nov 20 11:05 x'),
  );
  const read = (lines: readonly string[]) => {
    const parser = new ListingParser({ now: NOW });
    return lines.flatMap((line) => [...parser.parse(line)]).concat(parser.end());
  };

  /** Those that have all columns: others change where dates are expected. */
  it('reads each row as it is read in full', () => {
    const seed = ['11:05', ' 2019', '2019'].map((end) => `drwxr-xr-x 2 bob users 1 Nov 20 ${end} .`);
    const row = columnsOfRow.map((columns) => columns.join(' '));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        expect(read([...seed, ...rows])).toEqual(rows.flatMap((line) => read([...seed, line])));
      }),
      { numRuns: 400 },
    );
  });

  /** A month in small letters is read in full. */
  it.each([[' 2019'], ['11:05']])('leaves open what rows in full leave open, behind rows of %s', (end) => {
    const rowOf = (columns: readonly string[]) => columns.join(' ');
    const inFull = (columns: readonly string[]) => rowOf(columns.with(5, columns[5]?.toLowerCase() ?? ''));
    const names = (rows: ReturnType<typeof read>) =>
      rows.map((row) => (typeof row === 'string' ? row.toLowerCase() : { ...row, raw: '' }));
    fc.assert(
      fc.property(fc.array(columnsOfRow, { maxLength: 12 }), (rows) => {
        const seed = [['drwxr-xr-x', '2', 'ann', 'staff', '1', 'Nov', '20', end, 'x']];
        const all = [...seed, ...seed, ...rows];
        expect(names(read(all.map(rowOf)))).toEqual(names(read(all.map(inFull))));
      }),
      { numRuns: 400 },
    );
  });
});
