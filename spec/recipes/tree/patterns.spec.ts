/** Patterns: which paths they mean, and which directories cannot lead to one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/index.js';
import { openPatterns } from '../../../lib/recipes/tree/patterns.js';

const TABLE: readonly [patterns: string | readonly string[], paths: readonly string[], others: readonly string[]][] = [
  ['*.txt', ['a.txt'], ['a.csv', 'd/a.txt', '.txt', '.a.txt', 'A.TXT']],
  ['**/*.txt', ['a.txt', 'd/a.txt', 'd/e/a.txt'], ['a.csv', '.d/a.txt']],
  ['**', ['a', 'd/a'], ['.a', 'd/.a']],
  ['d/**', ['d/a', 'd/e/a'], ['a', 'x/d/a']],
  ['20??/*', ['2024/a'], ['2024', '24/a', '2024/a/b']],
  ['{a,b}/*.{c,d}', ['a/x.c', 'b/x.d'], ['c/x.c', 'a/x.e']],
  ['{a,b/c}/*', ['a/x', 'b/c/x'], ['b/x']],
  ['@(a|b)/*', ['a/x'], ['c/x']],
  ['[ab]', ['a'], ['c']],
  ['.*', ['.a'], ['a']],
  ['./a', ['a'], ['b']],
  ['a\\*b', ['a*b'], ['axb']],
  [['*', '!b*'], ['a'], ['b', 'bc']],
  [['!b*', '*'], ['a'], ['b']],
  ['!(b)', ['a'], ['b']],
];

describe('openPatterns', () => {
  it.each(TABLE)('reads %j', async (patterns, paths, others) => {
    const { matches, canMatchBelow } = await openPatterns(patterns, {});
    for (const path of paths) expect([path, matches(path, false)]).toEqual([path, true]);
    for (const path of others) expect([path, matches(path, false)]).toEqual([path, false]);
    for (const directory of paths.flatMap(directoriesAbove)) expect(canMatchBelow(directory)).toBe(true);
  });

  it('means directories by a slash at the end', async () => {
    const { matches } = await openPatterns('*/', {});
    expect([matches('a', true), matches('a', false)]).toEqual([true, false]);
  });

  it('matches dotfiles, or any case, where that is asked for', async () => {
    expect((await openPatterns('**', { dot: true })).matches('d/.a', false)).toBe(true);
    expect((await openPatterns('*.TXT', { nocase: true })).matches('a.txt', false)).toBe(true);
  });

  it.each([
    ['a/*.txt', ['a'], ['b', 'a/b']],
    ['*/b/*', ['a', 'a/b'], ['a/c', 'a/b/c']],
    ['*', [], ['a']],
    ['**/x', ['a', 'a/b'], ['.git', 'a/.git']],
    ['**/.git/x', ['.git', 'a/.git'], ['.svn', '.git/.svn']],
    ['a/**/b/*', ['a', 'a/c', 'a/b', 'a/b/c'], ['b']],
    ['{a,b/c}/x', ['a', 'b', 'b/c', 'anything'], []],
    ['a**/x', ['anything'], []],
  ] as const)('tells of %s which directories can lead to a match', async (pattern, some, none) => {
    const { canMatchBelow } = await openPatterns(pattern, {});
    for (const directory of some) expect([directory, canMatchBelow(directory)]).toEqual([directory, true]);
    for (const directory of none) expect([directory, canMatchBelow(directory)]).toEqual([directory, false]);
  });

  it('never leaves out a directory with a match below', async () => {
    const part = fc.constantFrom('a', 'b', '.a', '*', '**', 'a*', '?', '.*', '[ab]', '{a,b}', '@(a|b)', 'a**', '!(a)');
    const name = fc.constantFrom('a', 'b', 'ab', '.a', '.b');
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (parts, names, dot) => {
          const { matches, canMatchBelow } = await openPatterns(parts.join('/').replace(/^!(?!\()/, 'x'), { dot });
          const path = names.join('/');
          if (!matches(path, false)) return;
          for (const directory of directoriesAbove(path)) expect(canMatchBelow(directory)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    [[]],
    [''],
    ['!'],
    ['/a'],
    ['../a'],
    ['a/../b'],
    ['!/a'],
    [['!a', '!b']],
    [['a', 5 as never]],
    [undefined as never],
    [{ a: 1 } as never],
  ])('refuses %j', async (patterns) => {
    await expect(openPatterns(patterns, {})).rejects.toThrow(FtpUsageError);
  });
});

function directoriesAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
