/** Temporary files of earlier runs are told from those of the user. */
import { describe, expect, it } from 'vitest';
import { Leftovers } from '../../../lib/recipes/plan/leftovers.js';
import { temporaryName } from '../../../lib/recipes/plan/temporary-name.js';
import { entry, planOf, shown } from './support/trees.js';

const temporary = temporaryName('a.txt');

describe('a temporary name', () => {
  it('is short, new each time, and begins with no dot', () => {
    expect(temporary).toMatch(/^rxftp-[0-9a-f]{16}\.part$/);
    expect(temporaryName('a.txt')).not.toBe(temporary);
  });
});

describe('a file is a left one', () => {
  it.each([
    ['beside its final name', ['d/a.txt'], `d/${temporary}`, 'd/a.txt'],
    ['put aside', ['d/a.txt'], `d/${temporary}.old`, 'd/a.txt'],
    ['not beside another name', ['d/b.txt'], `d/${temporary}`, undefined],
    ['not in another directory', ['a.txt'], `d/${temporary}`, undefined],
    ['not by half of its name', ['d/a.txt'], `d/x${temporary}`, undefined],
    ['not with an end of its own', ['d/a.txt'], `d/${temporary}.txt`, undefined],
    ['not alone', [], temporary, undefined],
    ['not as a user might call it', ['d/a.txt'], 'd/rxftp-0123456789abcdef.part', undefined],
  ])('%s', (_how, others, path, final) => {
    expect(new Leftovers([others.map((each) => ({ path: each })), [{ path }]]).finalOf(path)).toBe(final);
  });
});

describe('a plan', () => {
  it('removes what an earlier run has left, without delete too', () => {
    expect(shown(planOf(['a.txt'], ['a.txt', temporary, 'rxftp-0123456789abcdef.part', `${temporary}.old`]))).toEqual([
      `remove ${temporary}.old`,
      `remove ${temporary}`,
    ]);
  });

  it('removes the old file that was put aside behind the new one', () => {
    expect(shown(planOf(['a.txt'], [`${temporary}.old`]))).toEqual(['copy a.txt', `remove ${temporary}.old`]);
  });

  it.each([
    ['takes no part', ['a.txt'], { exclude: ['a.txt'], delete: true }],
    ['cannot be written', ['a.txt'], { nameFault: () => 'is not good', delete: true }],
    ['is not in the source', [], {}],
  ] as const)('keeps the old file that was put aside where the new one %s', (_why, source, settings) => {
    const { steps } = planOf([...source], [`${temporary}.old`], { ...settings });
    expect(steps.filter((step) => step.do === 'remove')).toEqual([]);
  });

  it('removes it where its final name is included, and not where it is excluded', () => {
    const plan = (settings: Parameters<typeof planOf>[2]): string[] =>
      shown(planOf(['a.txt'], ['a.txt', temporary], settings));
    expect(plan({ include: ['*.txt'] })).toEqual([`remove ${temporary}`]);
    expect(plan({ include: ['*.html'] })).toEqual([]);
    expect(plan({ exclude: ['*.part'] })).toEqual([]);
  });

  it('does not count it for maxDelete', () => {
    const settings = { delete: true, maxDelete: 1 };
    expect(shown(planOf(['a.txt'], ['a.txt', 'b', temporary], settings))).toEqual([`remove ${temporary}`, 'remove b']);
    expect(() => planOf(['a.txt'], ['a.txt', 'b', 'c', temporary], settings)).toThrow(/remove 2 .* the first "c"/);
  });

  it('copies none from a source that is itself being written', () => {
    expect(shown(planOf(['a.txt', temporary], []))).toEqual(['copy a.txt']);
  });

  it('leaves one alone in a directory that was not seen', () => {
    const unseen = [{ path: 'd', because: 'no listing' }];
    expect(shown(planOf(['d/', 'd/a.txt'], ['d/', `d/${temporary}`, entry('d/a.txt')], { unseen }))).toEqual([
      'failed d',
    ]);
  });
});
