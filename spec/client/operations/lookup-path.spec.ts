import { describe, expect, it } from 'vitest';
import { lookupPath } from '../../../lib/client/operations/lookup-path.js';

describe('lookupPath', () => {
  it.each<[asked: string, path: string, name: string, parent: string | undefined]>([
    ['/a', '/a', 'a', '/'],
    ['/a/b', '/a/b', 'b', '/a'],
    ['/a//b', '/a//b', 'b', '/a'],
    ['//b', '//b', 'b', '/'],
    ['a', 'a', 'a', undefined],
    ['./a', './a', 'a', '.'],
    ['../a', '../a', 'a', '..'],
    ['a/b/', 'a/b', 'b', 'a'],
    ['/a///', '/a', 'a', '/'],
    ['own', 'own', 'own', undefined],
    ['...', '...', '...', undefined],
    ['.rc', '.rc', '.rc', undefined],
    ['-a', './-a', '-a', undefined],
    ['~me/a', './~me/a', 'a', './~me'],
    [' a', './ a', ' a', undefined],
    ['/~a', '/~a', '~a', '/'],
  ])('takes %j apart', (asked, path, name, parent) => {
    expect(lookupPath(asked)).toEqual({ path, name, parent: { path: parent } });
  });

  it.each([
    ['/', '/', '/'],
    ['///', '/', '/'],
    ['', '.', '.'],
    ['.', '.', '.'],
    ['./', '.', '.'],
    ['..', '..', '..'],
    ['/a/..', '/a/..', '..'],
    ['a/.', 'a/.', '.'],
  ])('lists %j nowhere', (asked, path, name) => {
    expect(lookupPath(asked)).toEqual({ path, name, parent: undefined });
  });
});
