import { posix } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, parentOf, prefixOf, resolvePath } from '../../lib/testing/paths.js';

const path = fc
  .array(fc.constantFrom('a', 'b c', '.', '..', '', 'ü'), { maxLength: 6 })
  .map((names) => names.join('/'));

describe('paths', () => {
  it('are resolved as on POSIX', () => {
    fc.assert(
      fc.property(path, path, (directory, each) => {
        const absolute = posix.resolve('/', directory);
        expect(resolvePath(absolute, each)).toBe(posix.resolve(absolute, each));
      }),
    );
  });

  it('have a parent, a name and a prefix', () => {
    fc.assert(
      fc.property(path, (each) => {
        const absolute = posix.resolve('/', each);
        expect(parentOf(absolute)).toBe(posix.dirname(absolute));
        expect(nameOf(absolute)).toBe(posix.basename(absolute));
        expect(prefixOf(absolute)).toBe(absolute === '/' ? '/' : `${absolute}/`);
      }),
    );
  });
});
