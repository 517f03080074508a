import { describe, expect, it } from 'vitest';
import { DETECTED } from '../../../lib/protocol/listing/dialects.js';
import { ListingParser } from '../../../lib/protocol/listing/index.js';
import { DialectReaders } from '../../../lib/protocol/listing/readers.js';
import { ServerClock } from '../../../lib/protocol/listing/server-clock.js';
import { NOW } from './support/read-listing.js';

const OPEN = '-rw-r--r-- 1 ann staff 7 Mar 10 12:00  open';
const DOS = '11-20-24  11:05AM                 1234 a.txt';
const JUNK = 'this is no row';

function readers(): DialectReaders {
  return new DialectReaders(new ServerClock({ now: NOW }), DETECTED);
}

describe('DialectReaders', () => {
  it('tries the dialect of the last row first, and then the others', () => {
    const all = readers();
    expect(all.usual).toBeUndefined();
    expect(all.readAsUsual(DOS)).toBeUndefined();
    expect(all.read(DOS)).toMatchObject({ name: 'a.txt' });
    expect(all.usual).toBe('dos');
    expect(all.readAsUsual(OPEN)).toBeUndefined();
    expect(all.read(OPEN)).toEqual([]);
    expect(all.usual).toBe('unix');
    expect(all.end()).toMatchObject([{ raw: OPEN }]);
    expect(all.end()).toEqual([]);
  });

  it.each([
    ['of another dialect', DOS],
    ['that none reads', JUNK],
  ])('gives what a reader keeps behind 64 rows %s', (_what, other) => {
    const all = readers();
    expect(all.late(all.read(OPEN))).toEqual([]);
    for (let count = 1; count < 64; count += 1) expect(all.late(all.read(other))).toEqual([]);
    expect(all.late(all.read(other))).toMatchObject([{ raw: OPEN }]);
    expect(all.end()).toEqual([]);
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
});
