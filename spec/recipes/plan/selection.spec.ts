/** Checks which paths take part: `include`, `exclude` and ignore files. */
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import { openSelection, type SelectionOptions } from '../../../lib/recipes/plan/selection.js';
import { selectionOf } from './support/trees.js';

/** A path that ends in `/` is a directory. */
const of = (path: string): [string, boolean] => [path.replace(/\/$/, ''), path.endsWith('/')];

describe('a pattern', () => {
  it.each([
    ['*.log', 'a.log', true],
    ['*.log', 'a/b/.c.log', true],
    ['*.log', 'a.log/b', true],
    ['*.log', 'a.logs', false],
    ['a/*.log', 'a/b.log', true],
    ['a/*.log', 'b/a/b.log', false],
    ['**/a/*.log', 'b/a/b.log', true],
    ['a/**', 'a/b/c', true],
    ['tmp/', 'tmp/', true],
    ['tmp/', 'x/tmp/', true],
    ['tmp/', 'x/tmp/y', true],
    ['tmp/', 'tmp', false],
    ['{a,b}.txt', 'b.txt', true],
    ['a[0-9]', 'a5', true],
    ['A', 'a', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['*', 'new\nline', true],
  ])('%j fits %j: %s', (pattern, path, fits) => {
    expect(selectionOf({ exclude: [pattern] }).excludes(...of(path))).toBe(fits);
    expect(selectionOf({ include: [pattern] }).includes(...of(path))).toBe(fits);
  });

  it.each(['../a', '/a', '!a', 'a/../b', './a', ''])('%j is none', (pattern) => {
    expect(() => selectionOf({ exclude: [pattern] })).toThrow(FtpUsageError);
    expect(() => selectionOf({ include: [pattern] })).toThrow(FtpUsageError);
  });

  it.each([{ include: '*.txt' }, { exclude: [1] }, { exclude: null }])('%j is no list of them', (options) => {
    expect(() => selectionOf(options as unknown as SelectionOptions)).toThrow(/must be an array of patterns/);
  });
});

describe('the rules of an ignore file', () => {
  it.each([
    ['*.log', 'a/b.log', true],
    ['*.log\n!b.log', 'a/b.log', false],
    ['/b', 'a/b', false],
    ['build/', 'a/build/', true],
    ['build/', 'a/build/c', true],
    ['build/', 'build', false],
    ['# a\n\nA', 'a', false],
    ['x', '../x', true],
  ])('%j ignore %j: %s', (ignoreRules, path, is) => {
    expect(selectionOf({ ignoreRules }).excludes(...of(path))).toBe(is);
  });
});

describe('a selection', () => {
  it('is opened with what it needs', async () => {
    const selection = await openSelection({ include: ['*.txt'], exclude: ['b*'], ignoreRules: 'c*' });
    const taken = (path: string): boolean => selection.includes(path, false) && !selection.excludes(path, false);
    expect(['a.txt', 'a', 'b.txt', 'c.txt'].filter(taken)).toEqual(['a.txt']);
    expect((await openSelection({})).includesAll).toBe(true);
  });
});
