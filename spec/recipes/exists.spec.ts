/** Checks the treatment of paths and times by `exists`. */
import { describe, expect, it } from 'vitest';
import { isNewer, nameStart, otherNames } from '../../lib/recipes/exists.js';

describe('the names in place of one that is taken', () => {
  it.each([
    ['a.txt', 'a (1).txt', 'a (2).txt'],
    ['/in/a.tar.gz', '/in/a.tar (1).gz', '/in/a.tar (2).gz'],
    ['/in.d/a', '/in.d/a (1)', '/in.d/a (2)'],
    ['.profile', '.profile (1)', '.profile (2)'],
    ['/in/song [live].mp3', '/in/song [live] (1).mp3', '/in/song [live] (2).mp3'],
    ['[live].mp3', '[live] (1).mp3', '[live] (2).mp3'],
    ['C:\\in.d\\a', 'C:\\in.d\\a (1)', 'C:\\in.d\\a (2)'],
    ['DISK:[IN.SUB]A.TXT', 'DISK:[IN.SUB]A (1).TXT', 'DISK:[IN.SUB]A (2).TXT'],
    ['DISK:[IN.SUB]A', 'DISK:[IN.SUB]A (1)', 'DISK:[IN.SUB]A (2)'],
  ])('of %s are %s and %s', (path, first, second) => {
    const names = otherNames(path);
    expect([names.next().value, names.next().value]).toEqual([first, second]);
  });
});

it.each([
  ['a.txt', ''],
  ['/in/a.txt', '/in/'],
  ['in\\a.txt', 'in\\'],
  ['DISK:[IN]A.TXT;1', 'DISK:[IN]'],
])('the directory of %s is "%s"', (path, directory) => {
  expect(path.slice(0, nameStart(path))).toBe(directory);
});

it.each([
  [1999, 1000, false],
  [2000, 1999, true],
  [1000, 2000, false],
])('a file of %i ms is newer than one of %i ms: %s', (source, target, newer) => {
  expect(isNewer(new Date(source), new Date(target))).toBe(newer);
});
