/** The plan of two trees: a table of what is decided, and properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import type { LeanEntry } from '../../../lib/recipes/plan/lean-entry.js';
import { runs } from '../../support/trust.js';
import { applied, type EntryLike, entry, type PlanSettings, planOf, SOME_TIME, shown } from './support/trees.js';

const later = SOME_TIME + 5000;
const link = (path: string): LeanEntry => entry(path, { kind: 'symlink' });
const followed = (path: string): LeanEntry => entry(path, { link: true });
const device = (path: string): LeanEntry => entry(path, { kind: 'other' });
const unseen = (...paths: string[]): PlanSettings => ({
  unseen: paths.map((path) => ({ path, because: 'no listing' })),
});
const all: PlanSettings = { delete: true };

describe('a plan', () => {
  it.each<[string, EntryLike[], EntryLike[], PlanSettings, string[]]>([
    ['two empty trees', [], [], {}, []],
    ['equal trees', ['a', 'd/', 'd/b'], ['d/b', 'a', 'd/'], all, []],
    [
      'a directory before what is in it',
      ['d/e/f', 'd/', 'd/e/', 'd.txt'],
      [],
      {},
      ['mkdir d', 'mkdir d/e', 'copy d/e/f', 'copy d.txt'],
    ],
    ['another size', [entry('a', { size: 2 })], ['a'], {}, ['update a']],
    ['a newer source', [entry('a', { modified: later })], ['a'], {}, ['update a']],
    ['a newer target', ['a'], [entry('a', { modified: later })], {}, []],
    ['a newer target of another size', ['a'], [entry('a', { modified: later, size: 2 })], {}, ['update a']],
    ['a source without a time', [entry('a', { modified: undefined, precision: 'none' })], ['a'], {}, []],
    ['neither size nor time', [entry('a', { size: undefined, modified: undefined })], ['a'], {}, ['update a']],
    ['a newer source, by size', [entry('a', { modified: later })], ['a'], { compare: 'size' }, []],
    ['unknown sizes, by size', [entry('a', { size: undefined })], ['a'], { compare: 'size' }, ['update a']],
    ['same bytes, by checksum', ['a'], ['a'], { compare: 'hash', contentOf: () => 'same' }, []],
    [
      'same bytes of a newer source',
      [entry('a', { modified: later })],
      ['a'],
      { compare: 'hash', contentOf: () => 'same' },
      ['time a'],
    ],
    [
      'same bytes, time not kept',
      [entry('a', { modified: later })],
      ['a'],
      { compare: 'hash', contentOf: () => 'same', keepTime: false },
      [],
    ],
    ['other bytes', ['a'], ['a'], { compare: 'hash', contentOf: () => 'differs' }, ['update a']],
    ['bytes that nobody knows', ['a'], ['a'], { compare: 'hash', contentOf: () => undefined }, ['update a']],
    [
      'a file of the manifest',
      [entry('a', { modified: later })],
      ['a'],
      { compare: 'manifest', contentOf: () => 'same' },
      [],
    ],
    [
      'a file that the manifest does not know',
      ['a'],
      ['a'],
      { compare: 'manifest', contentOf: () => undefined },
      ['update a'],
    ],
    ['another mode', [entry('a', { mode: 0o100644 })], [entry('a', { mode: 0o600 })], { keepMode: true }, ['time a']],
    ['the same mode', [entry('a', { mode: 0o100644 })], [entry('a', { mode: 0o644 })], { keepMode: true }, []],
    ['a mode that is not kept', [entry('a', { mode: 0o644 })], [entry('a', { mode: 0o600 })], {}, []],
    ['what the source lacks stays', ['a'], ['a', 'b', 'd/', 'd/c'], {}, []],
    [
      'what the source lacks, children first',
      ['a'],
      ['a', 'b', 'd/', 'd/c', 'd/e/', 'd/e/f'],
      all,
      ['remove d/e/f', 'remove d/e', 'remove d/c', 'remove d', 'remove b'],
    ],
    ['removals behind the rest', ['z'], ['a'], all, ['copy z', 'remove a']],
    ['a link in the source', [link('l')], [], all, ['skip l']],
    ['a link in the source, with a directory at the target', [link('l')], ['l/', 'l/a'], all, ['skip l']],
    ['a link at the target', [], [link('l')], all, ['remove l']],
    ['a device in the source', [device('x')], ['x'], all, ['skip x']],
    ['a device at the target', [], ['d/', device('d/x')], all, ['skip d/x']],
    ['a file where a directory must be', ['d/', 'd/a'], ['d'], {}, ['failed d']],
    ['a file where a directory must be, to be removed', ['d/', 'd/a'], ['d'], all, ['remove d', 'mkdir d', 'copy d/a']],
    ['a directory where a file must be', ['a'], ['a/', 'a/b'], {}, ['failed a']],
    [
      'a directory where a file must be, to be removed',
      ['a'],
      ['a/', 'a/b', 'a/c/'],
      all,
      ['remove a/c', 'remove a/b', 'remove a', 'copy a'],
    ],
    [
      'a directory where a file must be, with something protected',
      ['a'],
      ['a/', 'a/keep'],
      { ...all, exclude: ['keep'] },
      ['failed a'],
    ],
    ['a directory where a file must be, with a device in it', ['a'], ['a/', device('a/x')], all, ['failed a']],
    ['a link that was followed, and what it leads to', [], [followed('l/'), 'l/a', 'l/d/', 'l/d/b'], all, ['remove l']],
    ['a followed link that both have', ['l/', 'l/a'], [followed('l/'), 'l/b'], all, ['copy l/a']],
    [
      'a followed link where a file must be',
      ['d'],
      ['d/', followed('d/l/'), 'd/l/a'],
      all,
      ['remove d/l', 'remove d', 'copy d'],
    ],
    [
      'a directory of the target on the way to a loop, which may be a link',
      ['d/'],
      ['d/', 'd/x', 'd/up/', 'd/up/a', 'd/up/e/', 'd/up/e/d/', 'd/up/e/b'],
      { ...all, loops: { source: new Set(), target: new Set(['d/up/e/d']) } },
      ['remove d/x'],
    ],
    [
      'a loop of the target by a followed link',
      [],
      ['d/', 'd/x', followed('d/l/')],
      { ...all, loops: { source: new Set(), target: new Set(['d/l']) } },
      ['remove d/x'],
    ],
    ['a followed link to a file', [], [followed('l')], all, ['remove l']],
    ['a link where a file must be', ['a'], [link('a')], {}, ['failed a']],
    ['a link where a directory must be', ['d/', 'd/a'], [link('d')], all, ['remove d', 'mkdir d', 'copy d/a']],
    [
      'a directory that could not be listed',
      ['d/', 'a'],
      ['d/', 'd/b', 'c'],
      { ...all, ...unseen('d') },
      ['failed d', 'copy a', 'remove c'],
    ],
    [
      'a directory of the target that could not be listed',
      ['d/', 'd/x', 'a'],
      ['d/'],
      { ...all, ...unseen('d') },
      ['failed d', 'copy a'],
    ],
    [
      'a directory that the source lacks, with one that could not be listed',
      [],
      ['d/', 'd/e/', 'd/a'],
      { ...all, ...unseen('d/e') },
      ['failed d/e', 'remove d/a'],
    ],
    ['a root that could not be listed', ['a'], ['b'], { ...all, ...unseen('') }, ['failed ']],
    ['one that fails on both sides', [], [], unseen('d', 'd'), ['failed d']],
    ['a root that is not there', ['a'], [], { makeRoot: true }, ['mkdir ', 'copy a']],
    [
      'a name that the target cannot have',
      ['a', 'b/', 'b/c'],
      ['b/', 'b/x'],
      { ...all, nameFault: (name) => (name === 'b' ? 'is bad' : undefined) },
      ['copy a', 'failed b'],
    ],
    [
      'two names that fold to one',
      ['A', 'a', 'b'],
      [],
      { fold: (path) => path.toLowerCase() },
      ['copy A', 'failed a', 'copy b'],
    ],
    ['a name in another case at the target', ['A'], ['a'], { ...all, fold: (path) => path.toLowerCase() }, []],
    [
      'directories that fold to one',
      ['D/', 'D/a', 'd/', 'd/b'],
      [],
      { fold: (path) => path.toLowerCase() },
      ['mkdir D', 'copy D/a', 'failed d'],
    ],
    ['the manifest, on either side', ['.rxftp-manifest.json', 'a'], ['.rxftp-manifest.json', 'a'], all, []],
    ['a manifest elsewhere is a file', ['d/', 'd/.rxftp-manifest.json'], ['d/'], {}, ['copy d/.rxftp-manifest.json']],
  ])('of %s', (_what, source, target, settings, steps) => {
    expect(shown(planOf(source, target, settings))).toEqual(steps);
  });

  it.each<[string, PlanSettings, string[]]>([
    ['what is excluded', { exclude: ['*.log'] }, ['remove d/b', 'remove c']],
    ['what is excluded by a path', { exclude: ['d/x.log'] }, ['remove d/b', 'remove c']],
    ['what is in an excluded directory', { exclude: ['d/'] }, ['remove c']],
    ['what is not included', { include: ['c'] }, ['remove c']],
    ['what is included and excluded', { include: ['c'], exclude: ['c'] }, []],
    ['what is ignored', { ignoreRules: 'd/\n' }, ['remove c']],
  ])('with delete leaves alone %s', (_what, settings, steps) => {
    expect(shown(planOf([], ['d/', 'd/x.log', 'd/b', 'c'], { ...all, ...settings }))).toEqual(steps);
  });

  it.each<[string, PlanSettings, string[]]>([
    ['needed directories only', { include: ['*.html'] }, ['mkdir a', 'mkdir a/b', 'copy a/b/i.html']],
    ['a whole directory', { include: ['c'] }, ['mkdir c', 'copy c/d.txt']],
    ['an empty directory', { include: ['e/'] }, ['mkdir e']],
    ['nothing that is excluded', { include: ['*.html'], exclude: ['b'] }, []],
    ['an excluded directory is left out', { exclude: ['a', 'c', 'e'] }, ['copy t.txt']],
    ['a path', { include: ['a/**/*.html'] }, ['mkdir a', 'mkdir a/b', 'copy a/b/i.html']],
    ['rules of an ignore file', { ignoreRules: '*.html\n/e\nc/\n' }, ['mkdir a', 'mkdir a/b', 'copy t.txt']],
  ])('takes %s', (_what, settings, steps) => {
    const source = ['a/', 'a/b/', 'a/b/i.html', 'c/', 'c/d.txt', 'e/', 't.txt'];
    expect(shown(planOf(source, [], settings))).toEqual(steps);
  });

  it('says how the target spells a name that it takes for the same', () => {
    const fold = (path: string): string => path.toLowerCase();
    const { steps } = planOf(['d/', entry('d/A', { size: 2 })], ['D/', 'D/a'], { ...all, fold });
    expect(steps).toMatchObject([{ do: 'update', path: 'd/A', was: { kind: 'file', name: 'a', size: 1 } }]);
  });

  it('removes a followed link as a link', () => {
    const { steps } = planOf([], [followed('l/'), 'l/a'], all);
    expect(steps).toMatchObject([{ do: 'remove', path: 'l', was: { kind: 'symlink' } }]);
  });

  it('clears a directory of any width', () => {
    const files = Array.from({ length: 150_000 }, (_, index) => `a/${index}`);
    expect(planOf(['a'], ['a/', ...files], all).totals).toMatchObject({ remove: 150_001, copy: 1 });
  });

  it('counts its steps', () => {
    const source = [entry('a', { size: 5 }), entry('b', { size: 7 }), 'c', link('l'), 'd/'];
    const { totals } = planOf(source, [entry('b', { size: 1 }), 'c', 'x'], { ...all, ...unseen('u') });
    expect(totals).toEqual({
      mkdir: 1,
      copy: 1,
      update: 1,
      remove: 1,
      time: 0,
      skip: 1,
      failed: 1,
      equal: 1,
      bytes: 12,
    });
  });

  it('says what the target had, and what it will get', () => {
    const source = [entry('a', { size: 2, mode: 0o755, precision: 'minute' })];
    const [step] = planOf(source, [entry('a', { precision: 'day' })], { keepMode: true }).steps;
    const modified = new Date(SOME_TIME).toISOString();
    expect(step).toEqual({
      ...{ do: 'update', path: 'a', bytes: 2, because: 'the size is 2, and was 1', modified, rough: true, mode: 0o755 },
      was: { kind: 'file', size: 1, modified, precision: 'day' },
    });
  });

  it('removes no more than maxDelete', () => {
    const target = ['a', 'd/', 'd/b'];
    expect(shown(planOf([], target, { ...all, maxDelete: 3 }))).toHaveLength(3);
    const act = (): unknown => planOf([], target, { ...all, maxDelete: 2 });
    expect(act).toThrow(FtpUsageError);
    expect(act).toThrow(/would remove 3 files and directories, the first "d\/b": more than maxDelete \(2\)/);
  });
});

/** A tree as fast-check makes it: files and directories under a few names, so that two of them meet. */
const trees = fc
  .array(
    fc.record({
      path: fc.array(fc.constantFrom('a', 'b', 'B', 'c.txt', '-', 'é'), { minLength: 1, maxLength: 4 }),
      kind: fc.constantFrom<LeanEntry['kind']>('file', 'file', 'directory', 'symlink'),
      size: fc.integer({ min: 0, max: 3 }),
      age: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 14 },
  )
  .map((made) => {
    const tree = new Map<string, LeanEntry>();
    for (const { path, kind, size, age } of made) {
      for (let depth = 1; depth < path.length; depth += 1) {
        const above = path.slice(0, depth).join('/');
        if (tree.get(above)?.kind !== 'directory' && !hasBelow(tree, above)) tree.set(above, entry(`${above}/`));
      }
      const name = path.join('/');
      if (tree.has(name) || hasBelow(tree, name)) continue;
      tree.set(
        name,
        entry(kind === 'directory' ? `${name}/` : name, { kind, size, modified: SOME_TIME - age * 60_000 }),
      );
    }
    return [...tree.values()];
  });

function hasBelow(tree: ReadonlyMap<string, LeanEntry>, path: string): boolean {
  return [...tree.keys()].some((each) => each.startsWith(`${path}/`));
}

const files = (tree: Iterable<LeanEntry>): string[] =>
  [...tree]
    .filter(({ kind }) => kind !== 'symlink')
    .map(({ path, kind, size }) => `${path} ${kind} ${kind === 'file' ? size : ''}`)
    .toSorted();

describe('any plan', () => {
  const options = { numRuns: runs(300) };

  it('makes the target equal to the source, and a second one is empty', () => {
    fc.assert(
      fc.property(trees, trees, (source, target) => {
        const noLinks = source.filter(({ kind }) => kind !== 'symlink');
        const result = applied(planOf(noLinks, target, all), noLinks, target);
        expect(files(result.values())).toEqual(files(noLinks));
        expect(planOf(noLinks, [...result.values()], all).steps).toEqual([]);
      }),
      options,
    );
  });

  it('removes nothing without delete, and nothing but what the source lacks', () => {
    fc.assert(
      fc.property(trees, trees, (source, target) => {
        const plan = planOf(source, target);
        expect(plan.totals.remove).toBe(0);
        const result = applied(plan, source, target);
        for (const { path } of target) expect(result.has(path)).toBe(true);
      }),
      options,
    );
  });

  it('leaves alone what is excluded, was not seen, or is a link in the source', () => {
    const pattern = fc.constantFrom('a', 'b', 'c.txt', 'a/b', '**/B', '-/');
    fc.assert(
      fc.property(trees, trees, pattern, fc.constantFrom('a', 'b/a', 'B'), (source, target, exclude, hidden) => {
        const plan = planOf(source, target, { ...all, ...unseen(hidden), exclude: [exclude] });
        const result = applied(plan, source, target);
        const written = plan.steps.filter((step) => step.do !== 'skip').map(({ path }) => path);
        for (const path of written) expect(`${path}/`.startsWith(`${hidden}/`)).toBe(false);
        const links = source.filter(({ kind }) => kind === 'symlink').map(({ path }) => path);
        for (const each of target) {
          if (links.some((path) => `${each.path}/`.startsWith(`${path}/`))) expect(result.get(each.path)).toBe(each);
        }
        if (exclude === 'a') for (const path of written) expect(path.split('/')).not.toContain('a');
      }),
      options,
    );
  });

  it('is JSON, whatever the names', () => {
    fc.assert(
      fc.property(trees, (source) => {
        const plan = planOf(source, [], all);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      options,
    );
  });

  it('does not depend on the order of the entries', () => {
    fc.assert(
      fc.property(trees, trees, (source, target) => {
        expect(planOf(source.toReversed(), target.toReversed(), all)).toEqual(planOf(source, target, all));
      }),
      options,
    );
  });
});
