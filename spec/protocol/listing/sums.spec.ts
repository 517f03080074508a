import { describe, expect, it } from 'vitest';
import { Sums } from '../../../lib/protocol/listing/sums.js';
import { readListing } from './support/read-listing.js';

const ROW = '-rw-r--r-- 1 ann staff 7 Nov 20 11:05';

describe('Sums', () => {
  it.each(['total 8', 'celkom 8', 'skupaj 8', 'iš viso 8', 'усього 8', 'סה"כ 8', 'סך הכל 8'])('knows %s', (line) => {
    expect(new Sums().isSum(line)).toBe(true);
  });

  it.each(['grandtotal 8', 'ịchịkọta 8', '\udc8d\udc87\udc8c\udc76 8'])('learns the word of %s', (line) => {
    const sums = new Sums();
    expect([sums.isSum(line), sums.learn(line), sums.isSum(line), sums.isSum(`${line}0`)]).toEqual([
      ...[false, true, true],
      true,
    ]);
    expect(sums.isSum('another 8')).toBe(false);
  });

  it.each([
    'error: 8',
    'a.txt 8',
    'no such file 8',
    'file',
    '8',
    'x 8 y',
    `${'x'.repeat(100)} 8`,
  ])('does not take %s for one', (line) => {
    expect(new Sums().learn(line)).toBe(false);
  });
});

describe('a sum in a word that is not known', () => {
  it('stands for no file before the first row, nor before other blocks', () => {
    const lines = ['grandtotal 8', `${ROW} a`, './d:', 'grandtotal 4', `${ROW} b`];
    expect(readListing(lines).map((row) => (typeof row === 'string' ? row : row.name))).toEqual(['a', 'd/b']);
  });

  it('may have a heading before it', () => {
    const lines = ['pub:', 'grandtotal 8', `${ROW} a`, 'pub/d:', 'grandtotal 4', `${ROW} b`];
    expect(readListing(lines).map((row) => (typeof row === 'string' ? row : row.name))).toEqual(['a', 'd/b']);
  });

  it.each([
    [['grandtotal 8']],
    [['grandtotal 8', 'type=file; a']],
    [['grandtotal 8', 'another 9', `${ROW} a`]],
    [[`${ROW} a`, 'grandtotal 8', `${ROW} b`]],
  ])('is not understood elsewhere: %j', (lines) => {
    expect(readListing(lines)).toContain('grandtotal 8');
  });
});
