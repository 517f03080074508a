/** The names that a disk and a server can have: a table of each fault, and what holds of all names. */
import { join, posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localNames, type NameRules, posixNames, remoteNames, windowsNames } from '../../../lib/recipes/tree/names.js';

type Verdict = 'good' | RegExp;

/** A name, and what POSIX, Windows and a server say of it. */
const TABLE: readonly [name: string, posix: Verdict, windows: Verdict, remote: Verdict][] = [
  ['a.txt', 'good', 'good', 'good'],
  ['.hidden', 'good', 'good', 'good'],
  ['...', 'good', /dot/, 'good'],
  ['ä ö', 'good', 'good', 'good'],
  ['a b', 'good', 'good', 'good'],
  ['-rf', 'good', 'good', 'good'],
  ['~root', 'good', 'good', 'good'],
  ['CONTROL', 'good', 'good', 'good'],
  ['COM10', 'good', 'good', 'good'],
  ['x'.repeat(255), 'good', 'good', 'good'],
  ['ä'.repeat(127), 'good', 'good', 'good'],
  ['', /empty/, /empty/, /empty/],
  ['.', /another directory/, /another directory/, /another directory/],
  ['..', /another directory/, /another directory/, /another directory/],
  ['a/b', /separator/, /separator/, /separator/],
  ['../a', /separator/, /separator/, /separator/],
  ['/etc/passwd', /separator/, /separator/, /separator/],
  ['a\0', /NUL/, /NUL/, /NUL/],
  ['a\\b', 'good', /separator/, 'good'],
  ['..\\a', 'good', /separator/, /another directory/],
  ['a\\..', 'good', /separator/, /another directory/],
  ['C:a', 'good', /colon/, 'good'],
  ['a:stream', 'good', /colon/, 'good'],
  ['a?', 'good', /refuses/, 'good'],
  ['a\t', 'good', /refuses/, 'good'],
  ['a\nb', 'good', /refuses/, /line end/],
  ['a\rb', 'good', /refuses/, /line end/],
  ['a.', 'good', /dot/, 'good'],
  ['a ', 'good', /blank/, 'good'],
  ['NUL', 'good', /device/, 'good'],
  ['nul.txt', 'good', /device/, 'good'],
  ['Aux .c', 'good', /device/, 'good'],
  ['COM1', 'good', /device/, 'good'],
  ['lpt\u00b9.log', 'good', /device/, 'good'],
  ['CONIN$', 'good', /device/, 'good'],
  ['x'.repeat(256), /255 bytes/, /255 characters/, 'good'],
  ['ä'.repeat(128), /255 bytes/, 'good', 'good'],
  ['a\udcff', /UTF-8/, /UTF-8/, 'good'],
  ['a\ud800', /UTF-8/, /UTF-8/, 'good'],
];

const RULES: readonly [string, NameRules, 1 | 2 | 3][] = [
  ['POSIX', posixNames, 1],
  ['Windows', windowsNames, 2],
  ['a server', remoteNames, 3],
];

describe.each(RULES)('the names of %s', (_side, rules, column) => {
  it.each(TABLE.map((row) => [row[0], row[column]] as const))('have %j: %s', (name, verdict) => {
    if (verdict === 'good') expect(rules(name)).toBeUndefined();
    else expect(rules(name)).toMatch(verdict);
  });
});

describe('a good name', () => {
  const anyName = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[./\\:a ]{1,6}$/),
    fc.constantFrom(...TABLE.map(([name]) => name)),
  );

  it.each([
    ['POSIX', posixNames, posix],
    ['Windows', windowsNames, win32],
  ] as const)('is one part of a path on %s, and no other directory', (_side, rules, path) => {
    fc.assert(
      fc.property(anyName, (name) => {
        if (rules(name) !== undefined) return;
        const root = path.resolve('/root');
        expect(path.dirname(path.join(root, name))).toBe(root);
        expect(path.basename(path.join(root, name))).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  it('can be sent to a server, below its directory', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        if (remoteNames(name) !== undefined) return;
        expect(name).not.toMatch(/[/\r\n\0]/);
        expect(posix.dirname(posix.join('/root', name))).toBe('/root');
      }),
    );
  });
});

describe('the rules of this disk', () => {
  it.each([
    ['win32', windowsNames],
    ['linux', posixNames],
    ['darwin', posixNames],
  ] as const)('on %s', (platform, rules) => {
    expect(localNames(platform)).toBe(rules);
  });

  it('are those of the process by default', () => {
    expect(localNames()('a:b') === undefined).toBe(join('a', 'b') === 'a/b');
  });
});
