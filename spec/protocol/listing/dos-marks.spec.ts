import { describe, expect, it } from 'vitest';
import { markedKind, markedName } from '../../../lib/protocol/listing/dos-marks.js';

describe('marks of a Windows listing', () => {
  it.each([
    ['<DIR>', 'directory'],
    ['<dir>', 'directory'],
    ['<REP>', 'directory'],
    ['<JUNCTION>', 'symlink'],
    ['<JONCTION>', 'symlink'],
    ['<VERBINDUNG>', 'symlink'],
    ['<SYMLINKD>', 'symlink'],
    ['<UNIÓN>', 'other'],
    ['<>', undefined],
    ['<D1R>', undefined],
    ['DIR', undefined],
  ])('%s is of the kind %s', (text, kind) => {
    expect(markedKind(text)).toBe(kind);
  });

  it.each([
    ['a [b]', 'directory', { name: 'a [b]', kind: 'directory' }],
    ['a [b]', 'symlink', { name: 'a', kind: 'symlink', target: 'b' }],
    ['a [b', 'symlink', { name: 'a [b', kind: 'symlink' }],
    ['a', 'symlink', { name: 'a', kind: 'symlink' }],
    ['a [b]', 'other', { name: 'a [b]', kind: 'other' }],
    ['a [C:\\b c]', 'other', { name: 'a', kind: 'symlink', target: 'C:\\b c' }],
    ['a [..\\b]', 'other', { name: 'a', kind: 'symlink', target: '..\\b' }],
  ] as const)('%s behind a mark of the kind %s', (text, kind, expected) => {
    expect(markedName(text, kind)).toEqual(expected);
  });
});
