/** Checks the rules for any bytes that a server may send as a listing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, ListingParser, type ListingRow } from '../../lib/protocol/index.js';
import { decodeLine } from '../../lib/streams/decode-line.js';
import { NOW } from './corpus.js';
import { otherDoubts } from './other-doubts.js';
import { otherListings } from './others.js';
import { unixListings } from './unix.js';
import { unixDoubts } from './unix-doubts.js';
import { unixTogether } from './unix-together.js';
import { unixWords } from './unix-words.js';
import { windowsListings } from './windows.js';
import { windowsSizes } from './windows-sizes.js';

const listings = [
  ...unixListings,
  ...unixTogether,
  ...unixDoubts,
  ...unixWords,
  ...windowsListings,
  ...windowsSizes,
  ...otherListings,
  ...otherDoubts,
];
const lines = listings.flatMap((listing) => listing.lines);
const words = [...new Set(lines.flatMap((line) => line.split(' ')))];

const line = fc.oneof(
  fc.constantFrom(...lines),
  fc.uint8Array({ maxLength: 80 }).map(decodeLine),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join(' ')),
  // A row that was cut, or has something else in its middle.
  fc
    .tuple(fc.constantFrom(...lines), fc.nat(60), fc.string({ maxLength: 4 }), fc.nat(6))
    .map(([text, at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut)),
);
const dialect = fc.constantFrom<(Dialect | undefined)[]>(
  ...new Array<undefined>(6).fill(undefined),
  ...new Set(listings.map((listing) => listing.dialect)),
);

function read(rows: readonly string[], named: Dialect | undefined): readonly ListingRow[] {
  const parser = new ListingParser({ now: NOW, dialect: named });
  return [...rows.flatMap((text) => [...parser.parse(text)]), ...parser.end()];
}

describe('any listing', () => {
  it('gives entries and rows that were not understood, and no exception', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 90 }), dialect, (rows, named) => {
        for (const row of read(rows, named)) {
          if (typeof row === 'string') {
            expect(rows.some((text) => text.includes(row))).toBe(true);
            continue;
          }
          expect(row.name).not.toBe('');
          expect(Number.isNaN(row.modified?.getTime())).toBe(false);
          expect(row.precision === 'none').toBe(row.modified === undefined);
          expect(row.size === undefined || Number.isSafeInteger(row.size)).toBe(true);
          expect(row.size === undefined || row.size >= 0).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes the name out of the line, and nothing is added but the directory of a block', () => {
    fc.assert(
      fc.property(line, dialect, (text, named) => {
        for (const row of read([text], named)) {
          // A job's spool file has the job's name, which is of another line.
          if (typeof row !== 'string') expect(text.includes(row.name)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same however its rows wait: no row twice, none lost', () => {
    const counted = fc.array(fc.nat(3), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(counted, (gaps) => {
        const rows = gaps.map((gap, index) => `-rw-r--r-- 1 ann staff 7 Mar 10 2024${' '.repeat(gap + 1)}n${index}`);
        const names = read(rows, undefined).map((row) => (typeof row === 'string' ? row : row.name.trim()));
        expect(names).toEqual(rows.map((_, index) => `n${index}`));
      }),
      { numRuns: 100 },
    );
  });

  it('has the names of ls exactly, blanks, times and all', () => {
    const name = fc.oneof(
      fc.constantFrom(
        ' a',
        '  b',
        '12:00',
        '12:00 x',
        '2020',
        '2020 x',
        ' ',
        'Nov 20 11:05 x',
        '1 Nov 20  2019 x',
        'total 8',
      ),
      fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '.' && text !== '..'),
    );
    const date = fc.constantFrom('Nov 20 11:05', 'Nov  5 00:00', 'Nov 20  2019', 'Jan  5  1999');
    const owner = fc.constantFrom('ann      staff   ', 'may      12      ', '1000     1000    ');
    const rows = fc.array(fc.tuple(owner, date, fc.nat(99_999), name), { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(rows, (files) => {
        const shown = files.map(
          ([who, when, size, what]) => `-rw-r--r--   1 ${who} ${`${size}`.padStart(8)} ${when} ${what}`,
        );
        const itself = ['Nov 20 11:05 .', 'Jan  5  1999 ..'].map(
          (end) => `drwxr-xr-x   2 ann      staff        4096 ${end}`,
        );
        const entries = read(['total 8', ...itself, ...shown], undefined);
        expect(entries.map((row) => (typeof row === 'string' ? row : [row.name, row.size]))).toEqual(
          files.map(([, , size, what]) => [what, size]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('gives its first entries after 64 rows at most', () => {
    fc.assert(
      fc.property(fc.constantFrom('Mar 10 2024 ', 'Mar 10 2024 10:00', 'Mar 10 12:00 '), (date) => {
        const parser = new ListingParser({ now: NOW });
        const rows = Array.from({ length: 64 }, (_, index) => `-rw-r--r-- 1 ann staff 7 ${date} n${index}`);
        expect(rows.flatMap((row) => [...parser.parse(row)])).toHaveLength(64);
      }),
    );
  });
});
