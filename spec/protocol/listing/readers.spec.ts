import { describe, expect, it } from 'vitest';
import { DETECTED } from '../../../lib/protocol/listing/dialects.js';
import { ListingParser } from '../../../lib/protocol/listing/index.js';
import { DialectReaders } from '../../../lib/protocol/listing/readers.js';
import { ServerClock } from '../../../lib/protocol/listing/server-clock.js';
import { NOW } from './support/read-listing.js';

const OPEN = '-rw-r--r-- 1 ann staff 7 Mar 10 12:00  open';
const CLEAR = '-rw-r--r-- 1 ann staff 7 Mar 10 12:00 clear';
const DOS = '11-20-24  11:05AM                 1234 a.txt';
const JUNK = 'this is no row';

function readers(): DialectReaders {
  return new DialectReaders(new ServerClock({ now: NOW }), DETECTED);
}

describe('DialectReaders', () => {
  it('tries the dialect of the last row first, and then the others', () => {
    const all = readers();
    expect(all.usual).toBeUndefined();
    expect(all.read(DOS)).toMatchObject({ name: 'a.txt' });
    expect(all.usual).toBe('dos');
    expect(all.read(OPEN)).toEqual([]);
    expect(all.usual).toBe('unix');
    expect(all.read(JUNK)).toBeUndefined();
    expect(all.end()).toMatchObject([{ raw: OPEN }]);
    expect(all.end()).toEqual([]);
  });

  it('gives a row that no dialect reads at once, or behind those that wait', () => {
    const all = readers();
    expect(all.pass(JUNK)).toEqual([JUNK]);
    expect(all.read(OPEN)).toEqual([]);
    expect(all.pass(JUNK)).toEqual([]);
    expect(all.read(CLEAR)).toMatchObject([{ raw: OPEN }, JUNK, { raw: CLEAR }]);
  });

  it.each([
    ['of another dialect', (all: DialectReaders) => all.read(DOS), { raw: DOS }],
    ['that none reads', (all: DialectReaders) => all.pass(JUNK), JUNK],
  ])('gives all rows where 63 rows %s wait behind one that is open', (_what, next, row) => {
    const all = readers();
    expect(all.read(OPEN)).toEqual([]);
    for (let count = 1; count < 63; count += 1) expect(next(all)).toEqual([]);
    expect(next(all)).toMatchObject([{ raw: OPEN }, ...new Array(63).fill(row)]);
    expect(all.end()).toEqual([]);
  });

  it('counts the rows that wait elsewhere too', () => {
    const all = readers();
    all.waitingElsewhere = 62;
    expect(all.read(OPEN)).toEqual([]);
    expect(all.pass(JUNK)).toMatchObject([{ raw: OPEN }, JUNK]);
  });

  it('leaves a row that the next line may complete to its reader', () => {
    const parser = new ListingParser({ now: NOW });
    const name = 'A_LONG_NAME.TXT;1';
    const details = '   4/6 20-NOV-2024 11:05:06';
    const lines = [`B.TXT;1${details}`, DOS, ...new Array<string>(62).fill(DOS), name, details];
    const rows = [...lines.flatMap((line) => [...parser.parse(line)]), ...parser.end()];
    expect(rows.at(-1)).toMatchObject({ name: 'A_LONG_NAME.TXT', precision: 'second' });
    expect(rows).toHaveLength(65);
  });

  it('goes on to keep the name alone that was the last of 64 rows', () => {
    const parser = new ListingParser({ now: NOW });
    const name = 'A_LONG_NAME.TXT;1';
    const details = '   4/6 20-NOV-2024 11:05:06';
    const before = [`B.TXT;1${details}`, ...new Array<string>(62).fill(DOS), name].flatMap((line) => [
      ...parser.parse(line),
    ]);
    expect(before).toHaveLength(63);
    expect([...parser.parse(details), ...parser.end()]).toMatchObject([
      { name: 'A_LONG_NAME.TXT', precision: 'second' },
    ]);
  });

  it('gives one name without its version to a file whose rows were given in parts', () => {
    const parser = new ListingParser({ now: NOW });
    const row = (version: number) => `A.TXT;${version} 4/6 20-NOV-2024 11:05:06`;
    const lines = [row(200), ...new Array<string>(70).fill(DOS), ...[199, 198].map(row), 'B.TXT;3 4/6'];
    const rows = [...lines.flatMap((line) => [...parser.parse(line)]), ...parser.end()];
    const names = rows.map((each) => (typeof each === 'string' ? each : each.name)).filter((each) => each !== 'a.txt');
    expect(names).toEqual(['A.TXT', 'A.TXT;199', 'A.TXT;198', 'B.TXT']);
  });
});
