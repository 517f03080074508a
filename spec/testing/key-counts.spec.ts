import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyCounts } from '../../lib/testing/key-counts.js';

const keys = ['/a', '/b/', '/b/c', '/b/d/', '/b/d/e', '/bb/x', '/f/g/h/i'];
const directories = ['/a', '/b', '/b/c', '/b/d', '/bb', '/f', '/f/g', '/f/g/h', '/x'];

describe('the counts of keys', () => {
  it('know the directories as a scan of all keys does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys)), (changed) => {
        const counts = new KeyCounts();
        const there = new Set<string>();
        for (const key of changed) {
          if (there.delete(key)) counts.remove(key);
          else {
            there.add(key);
            counts.add(key);
          }
        }
        const scanned = directories.filter((path) => [...there].some((key) => key.startsWith(`${path}/`)));
        expect(directories.filter((path) => counts.hasBeneath(path))).toEqual(scanned);
      }),
    );
  });

  it('forget all', () => {
    const counts = new KeyCounts();
    counts.add('/a/b');
    expect(counts.hasBeneath('/a')).toBe(true);
    counts.clear();
    expect(counts.hasBeneath('/a')).toBe(false);
  });
});
