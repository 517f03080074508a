/** Blanks that are none in ASCII (U+00A0 in windows-1252, U+3000 in Shift-JIS, GBK and Big5) belong to a name wherever they stand. */
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../lib/protocol/index.js';
import { readListing } from './support/read-listing.js';

const rows: Readonly<Partial<Record<Dialect, string>>> = {
  unix: '-rw-r--r-- 1 ann staff 7 Nov 20 11:05 ',
  dos: '04-08-14  02:09PM                    7 ',
  eplf: '+r,s7,\t',
  netware: '- [R----F--] ann 7 Oct 20 15:27 ',
  os400: 'ANN                7 25.02.24 09:34:08 *STMF      ',
  mlsx: 'type=file;size=7; ',
  names: '',
};
const blanks = ['\u3000', '\u00a0', '\u2028', '\u0085', '\ufeff', '\u2003'];

describe.each(Object.entries(rows))('%s', (dialect, row) => {
  it.each(
    blanks.flatMap((blank) => [blank, `${blank}${blank}`, `${blank}a`, `a${blank}`, `a${blank}b`, `${blank}-l `]),
  )('keeps the name %j', (name) => {
    const found = readListing([`${row}first.txt`, `${row}${name}`], { dialect: dialect as Dialect });
    expect(found.map((each) => (typeof each === 'string' ? each : each.name))).toEqual(['first.txt', name]);
  });

  it('has no name of blanks where they are of ASCII', () => {
    const found = readListing([`${row}first.txt`, `${row}`.trimEnd()], { dialect: dialect as Dialect });
    expect(found.filter((each) => typeof each !== 'string')).toHaveLength(1);
  });
});

it('keeps such a name among rows that are nothing but names', () => {
  const found = readListing(['a.txt', '\u3000', 'b.txt', ' ', '']);
  expect(found.map((each) => (typeof each === 'string' ? { row: each } : each.name))).not.toContain(' ');
  expect(found.length).toBeGreaterThanOrEqual(3);
});
