/** The directories of a walk, and the way to them. */
import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../lib/index.js';
import { Branch } from '../../../lib/recipes/tree/branch.js';

const directory = (name: string, more: Partial<FileEntry> = {}): FileEntry => ({
  ...{ name, kind: 'directory', precision: 'none', zoneKnown: false, dialect: 'unix', raw: '' },
  ...more,
});

describe('a branch', () => {
  it('has the path and the depth of its entries', () => {
    const root = Branch.root('/top', undefined);
    expect(root).toMatchObject({ path: '', depth: 0 });
    const d = root.below(directory('d'));
    expect(d).toMatchObject({ path: 'd', depth: 1 });
    expect(d?.below(directory('e'))).toMatchObject({ path: 'd/e', depth: 2 });
  });

  it.each([
    ['/top', '.'],
    ['/top', '..'],
    ['/top', '/top'],
    ['/top', '/top/d/'],
    ['/top', '../d'],
    ['/top', '../../top'],
    ['/top', './../d/.'],
    ['', '..'],
    ['', '../d'],
    ['.', '..'],
    ['pub', '..'],
    ['/', '/'],
    ['/', '../..'],
    ['../x', '..'],
  ])('below %j is not entered again by a link to %j', (root, target) => {
    const d = Branch.root(root, undefined).below(directory('d'));
    expect(d?.below(directory('link', { target }))).toBeUndefined();
  });

  it.each([
    ['/top', '../e'],
    ['/top', 'd'],
    ['/top', '/elsewhere'],
    ['/top', '/'],
    ['/top', '../../..'],
    ['pub', '../..'],
    ['pub', '../../../pub'],
    ['', '../../x'],
  ])('below %j is entered by a link to %j', (root, target) => {
    const d = Branch.root(root, undefined).below(directory('d'));
    expect(d?.below(directory('link', { target }))).toMatchObject({ path: 'd/link' });
  });

  it('knows a directory by its number, whatever the way', () => {
    const d = Branch.root('/top', '1').below(directory('d', { unique: '2' }));
    expect(d?.below(directory('up', { unique: '1' }))).toBeUndefined();
    expect(d?.below(directory('self', { unique: '2' }))).toBeUndefined();
    expect(d?.below(directory('other', { unique: '3' }))).toBeDefined();
  });

  it('is met one round later, where the root is under another path than its links say', () => {
    const target = '/srv/ftp/pub';
    const once = Branch.root('/pub', undefined).below(directory('link', { target }));
    expect(once?.path).toBe('link');
    expect(once?.below(directory('link', { target }))).toBeUndefined();
  });
});
