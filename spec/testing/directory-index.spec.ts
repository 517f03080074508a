import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirectoryIndex } from '../../lib/testing/directory-index.js';

const keys = ['/a', '/b/', '/b/c', '/b/d/', '/b/d/e', '/bb/x', '/f/g/h/i', '/f/'];
const directories = ['/', '/a', '/b', '/b/c', '/b/d', '/bb', '/f', '/f/g', '/f/g/h', '/x'];

const prefixOf = (path: string): string => (path === '/' ? '/' : `${path}/`);

/** The same by a scan of all keys. */
function scanned(there: ReadonlySet<string>, directory: string) {
  const inside = [...there].filter((key) => key.startsWith(prefixOf(directory)));
  const names = inside.map((key) => key.slice(prefixOf(directory).length).split('/')[0] ?? '').filter(Boolean);
  return { isDirectory: inside.length > 0, names: [...new Set(names)].sort(), keys: inside.sort() };
}

describe('the index of a tree', () => {
  it('knows the directories as a scan of all keys does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys)), (changed) => {
        const index = new DirectoryIndex();
        const there = new Set<string>();
        for (const key of changed) {
          if (there.delete(key)) index.remove(key);
          else {
            there.add(key);
            index.add(key);
          }
        }
        for (const directory of directories) {
          expect({
            isDirectory: index.isDirectory(directory),
            names: [...index.namesIn(directory)].sort(),
            keys: index.isDirectory(directory) ? [...index.keysOf(directory)].sort() : [],
          }).toEqual(scanned(there, directory));
        }
      }),
    );
  });

  it('gives names in the order in which they came', () => {
    const index = new DirectoryIndex();
    for (const key of ['/z', '/m/', '/a/x', '/m/y']) index.add(key);
    expect([...index.namesIn('/')]).toEqual(['z', 'm', 'a']);
  });

  it('forgets all', () => {
    const index = new DirectoryIndex();
    index.add('/a/b');
    index.add('/c/');
    index.clear();
    expect(['/', '/a', '/c'].map((path) => index.isDirectory(path))).toEqual([false, false, false]);
    index.add('/c/d');
    index.remove('/c/d');
    expect(index.isDirectory('/c')).toBe(false);
  });
});
