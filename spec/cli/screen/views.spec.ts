/** Columns, trees, sizes and times as people see them. */
import { describe, expect, it } from 'vitest';
import { columns } from '../../../lib/cli/screen/columns.js';
import { joined, modeText, timeText } from '../../../lib/cli/screen/entry-view.js';
import { durationText } from '../../../lib/cli/screen/progress-bar.js';
import { treeLines } from '../../../lib/cli/screen/tree-lines.js';
import type { TreeEntry } from '../../../lib/recipes/index.js';

describe('columns', () => {
  it('are as wide as their widest cell, also with wide characters', () => {
    const rows = [
      ['a', '1', 'x'],
      ['文', '100', 'y y'],
    ];
    expect(columns(rows, [1])).toBe('a     1  x\n文  100  y y');
  });

  it('of no rows are nothing', () => {
    expect(columns([])).toBe('');
  });
});

describe('a tree', () => {
  it('has each entry behind its directory, by name', () => {
    const entries = ['b/z', 'b', 'a', 'b/c', 'b/c/d'].map((path) => ({ path }) as TreeEntry);
    expect(treeLines(entries, ({ path }) => path)).toEqual([
      '├── a',
      '└── b',
      '    ├── b/c',
      '    │   └── b/c/d',
      '    └── b/z',
    ]);
  });
});

describe('values', () => {
  it.each([
    [1, '1s'],
    [59_001, '1m 00s'],
    [61_000, '1m 01s'],
    [3_600_000, '1h 00m'],
    [7_860_000, '2h 11m'],
  ])('%i ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('of time are as exact as they are known', () => {
    const modified = new Date('2024-05-06T07:08:09Z');
    expect(timeText({ modified, precision: 'second' })).toBe('2024-05-06 07:08');
    expect(timeText({ modified, precision: 'day' })).toBe('2024-05-06');
    expect(timeText({ modified: undefined, precision: 'none' })).toBe('-');
    expect(timeText({ modified: new Date(Number.NaN), precision: 'day' })).toBe('-');
  });

  it('of modes and paths', () => {
    expect([modeText(0o644), modeText(0o4755)]).toEqual(['0644', '4755']);
    expect([joined('', 'a'), joined('/', 'a'), joined('b', 'a')]).toEqual(['a', '/a', 'b/a']);
  });
});
