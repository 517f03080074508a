/** Checks listings whose rows wait for others: the number of waiting rows, and the order of the entries. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListingParser, type ListingRow } from '../../lib/protocol/index.js';
import { NOW } from './corpus.js';

const MAX_HELD_ROWS = 64;

/** Rows of one line each, by their names. Some are open until another decides, and some decide. */
const rowsOf: readonly ((name: string) => string)[] = [
  (name) => `-rw-r--r-- 1 ann staff 7 Mar 10 12:00  ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 Mar 10 2024  ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 Mar 10 2024 12:00 ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 Mar 10 12:00 AM ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 2024-03-10 12:00 ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 lip 10 12:00 ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 ${name}`,
  (name) => `-rw-r--r-- 1 ann staff 7 Mar 10 12:00 ${name}`,
  (name) => `drwxr-xr-x folder 2 Mar 10 12:00  ${name}`,
  (name) => `05-06-24  11:05AM                 1234 ${name}`,
  (name) => `05/06/24  11:05AM  1 234  ${name}`,
  (name) => `05-06-24  11:05AM  <DIR>  ${name}`,
  (name) => `type=file;UNIX.owner=ann lee; ${name}`,
  (name) => `type=OS.unix=symlink;unique=${name}; ${name}`,
  (name) => `type=dir;unique=${name}; /home/${name}`,
  (name) => `type=file;size=7; ${name}`,
  (name) => ` ${name}`,
  (name) => `+i8388.1,m1732100706,r,\t${name}`,
  (name) => `${name.toUpperCase()}.TXT;3  4/6  20-NOV-2024 11:05:06  [STAFF,ANN]  (RWED,RWED,RE,)`,
  (name) => `${name.toUpperCase()}.TXT;3`,
  (name) => `ANN  1234 05.06.07 11:05:06 *STMF      ${name}`,
  (name) => `ANN  1234 05.06.07 11:05:06 *STMF           ${name}`,
  (name) => `$${name.slice(1)} 101 16354  20-Nov-24 11:05:06 244, 10  "nnnn"`,
  (name) => `- [RWCEAFMS] ann 1234 Nov 20 11:05 ${name}`,
  (name) => `1234 A 11-20-24  11:05   ${name}`,
  (name) => `-C--E-----FTP B ANN1 1234 41 Nov 20 11:05 ${name}`,
  (name) => `JOB${name.slice(1)} JOB${name.slice(1).padStart(5, '0')} OUTPUT`,
  (name) => `cannot look at ${name}: no permission!`,
  (name) => `${name} is no row`,
  (name) => `213-${name}`,
];

/** The form that a reply to STAT begins with. */
const STAT = rowsOf.length - 1;

/** The number at the end of a row's name, or in the line. */
function numberIn(row: ListingRow): number {
  const text = typeof row === 'string' ? row : row.raw;
  return Number(/[nN$B](1\d{4})\b/.exec(text)?.[1] ?? Number.NaN);
}

const kinds = fc.oneof(
  fc.array(fc.nat(rowsOf.length - 1), { minLength: 1, maxLength: 300 }),
  // Long runs of a few forms, which wait for each other.
  fc
    .tuple(fc.array(fc.nat(rowsOf.length - 1), { minLength: 1, maxLength: 3 }), fc.array(fc.nat(2), { maxLength: 300 }))
    .map(([forms, picks]) => picks.map((pick) => forms[pick % forms.length] ?? 0)),
);

describe('rows that wait', () => {
  it('are 63 at most behind each line, and come in the order of the lines, each once', () => {
    fc.assert(
      fc.property(kinds, (forms) => {
        const parser = new ListingParser({ now: NOW });
        const seen: number[] = [];
        const take = (rows: readonly ListingRow[]): void => {
          for (const row of rows) seen.push(numberIn(row));
        };
        for (const [index, form] of forms.entries()) {
          take(parser.parse(rowsOf[form]?.(`n${10_000 + index}`) ?? ''));
          expect(index + 1 - seen.length).toBeLessThan(MAX_HELD_ROWS);
        }
        take(parser.end());
        const lines = forms.map((_, index) => 10_000 + index);
        // Only the last line shows whether the first is of a reply to STAT.
        const isFirstLate = forms[0] === STAT && seen[0] !== lines[0];
        expect(seen).toEqual(isFirstLate ? [...lines.slice(1), lines[0]] : lines);
      }),
      { numRuns: 400 },
    );
  });
});
